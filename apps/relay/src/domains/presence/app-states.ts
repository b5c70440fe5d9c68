import { fieldsOf, type Connection, type SocketEvent } from '../../connection.ts'
import type { Directory } from '../../platform/directory.ts'

export interface AppStatePorts {
  readonly node: string
  readonly directory: Directory
  /** The nodes of the relay. */
  nodes(): readonly string[]
}
/** Which accounts have somebody look at the app just now: each node claims those that have an active socket on it. */
export function createAppStates({ node, directory, nodes }: AppStatePorts) {
  const active = new Map<string, Set<string>>()
  const keyOf = (accountId: string, at: string) => `app-active:${accountId}:${at}`
  const holder = { node, socket: '' }

  const set = async ({ id, scope, holder: { accountId } }: Connection, state: unknown): Promise<void> => {
    if (scope !== 'user-scoped') return
    const sockets = active.get(accountId) ?? new Set()
    const before = sockets.size
    if (state === 'active') active.set(accountId, sockets.add(id))
    else if (sockets.delete(id) && sockets.size === 0) active.delete(accountId)
    if (before === 0 && sockets.size > 0) await directory.claim(keyOf(accountId, node), holder)
    if (before > 0 && sockets.size === 0) await directory.release(keyOf(accountId, node), holder)
  }
  return {
    event: {
      event: 'app-state',
      async handle(connection, payload) {
        await set(connection, fieldsOf(payload)['state'])
        return { ok: true }
      },
      refused: ({ message, code }) => ({ ok: false, error: message, code }),
    } satisfies SocketEvent,
    guest(connection: Connection) {
      void set(connection, fieldsOf(connection.socket.handshake.auth)['appState'])
      return () => void set(connection, 'gone')
    },
    /** Whether a user-scoped socket of the account says that its app is in front, on any node. */
    async isActive(accountId: string): Promise<boolean> {
      if (active.has(accountId)) return true
      return (await directory.findMany(nodes().map((at) => keyOf(accountId, at)))).some((found) => found !== undefined)
    },
  }
}
