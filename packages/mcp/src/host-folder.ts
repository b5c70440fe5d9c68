import { fileURLToPath } from 'node:url'
import type { Server } from '@modelcontextprotocol/server'

/** A host that has roots is asked for them, and answers within so long. */
const askMs = 5_000
/**
 * The folder that a host on this machine works in: the first of its roots where it has some (revisions up to 2025-11-25), else the one given.
 * undefined: none is known.
 */
export function createHostFolder(server: Server, given: string | undefined): () => Promise<string | undefined> {
  let asked: Promise<string | undefined> | undefined
  server.setNotificationHandler('notifications/roots/list_changed', () => {
    asked = undefined
  })
  const ask = async (): Promise<string | undefined> => {
    const { roots } = await server.listRoots(undefined, { timeout: askMs })
    const first = roots.find(({ uri }) => uri.startsWith('file:'))
    return first && fileURLToPath(first.uri)
  }
  return async () => {
    if (server.getClientCapabilities()?.roots === undefined) return given
    asked ??= ask().catch(() => undefined)
    return (await asked) ?? given
  }
}
