import { isIPv4 } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '@steward/contract'

/** Where HTTP is to be served. */
export interface HttpPlace {
  readonly host: string
  /** Undefined: the kept one, else any free one. */
  readonly port: number | undefined
  /** Plain HTTP beyond the loopback, asked for by name. */
  readonly insecure?: boolean
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer } | undefined
}
interface Listener {
  listen(at: { host: string; port: number }): Promise<string>
}
const retryMs = 2_000
const isLoopback = (host: string) => host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))

/** Names that the place answers to beside those that are allowed everywhere. */
export const ownHosts = ({ host }: HttpPlace): string[] => (isLoopback(host) ? [] : [host])

/** Beyond the loopback it takes TLS or an explicit word that none is wanted. Throws Fault `unprocessable`. */
export function checkPlace({ host, port, insecure, tls }: HttpPlace): void {
  if (!isLoopback(host) && !tls && !insecure)
    throw new Fault(
      'unprocessable',
      `Serving on ${host} without encryption would show tokens to the network: give --tls-cert and --tls-key, or say --insecure-http.`,
    )
  if (port !== undefined && (!Number.isInteger(port) || port < 0 || port > 65_535))
    throw new Fault('unprocessable', 'The port must be a number from 0 to 65535.')
}
/**
 * Listens on the port that is asked for; else on the kept one, waited for up to 2 s; else on any free one, which `keep` hears of. Answers the
 * address. Throws Fault `conflict` when the port that was asked for is taken.
 */
export async function listenAt(server: Listener, { host, port: wanted }: HttpPlace, kept = 0, keep?: (port: number) => void): Promise<string> {
  const port = wanted ?? kept
  const until = Date.now() + retryMs
  for (;;) {
    try {
      const address = await server.listen({ host, port })
      if (wanted === undefined && kept === 0) keep?.(Number(new URL(address).port))
      return address
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
      if (Date.now() < until && port !== 0) {
        await sleep(50)
        continue
      }
      if (wanted !== undefined && wanted !== 0)
        throw new Fault('conflict', `The port ${wanted} is taken; name another with --port, or leave it away.`, undefined, { cause: error })
      return server.listen({ host, port: 0 })
    }
  }
}
