import { connectSocket, type Handshake, type RelaySocket } from '@steward/testkit/relay'
import type { Field } from './field.ts'

/** A client's connection that comes back by itself, at any node. */
export interface Line {
  /** The socket that is connected, and the number of its node; waits for one. */
  connected(): Promise<{ readonly socket: RelaySocket; readonly node: number }>
  close(): void
}
export interface LineOptions {
  readonly field: Field
  /** Asked anew for each connection. */
  readonly handshake?: () => Handshake
  /** Gets each socket before it connects. */
  readonly before?: (socket: RelaySocket['socket']) => void
  /** Called for each connection. What it begins it must end by itself when the socket is gone. */
  readonly opened?: (socket: RelaySocket) => void
}
const connectLimitMs = 4_000

/** Opens a line. A refusal that is no outage breaks a promise: the token is good all the time. */
export function openLine({ field, handshake = () => ({}), before, opened }: LineOptions): Line {
  const { urls, token, chance, tally } = field
  const over = new AbortController()
  let connection = Promise.withResolvers<{ socket: RelaySocket; node: number }>()
  const keep = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const node = chance.int(0, urls.length)
      try {
        const socket = await connectSocket(urls[node]!, () => ({ token, ...handshake() }), {
          timeoutMs: connectLimitMs,
          before(raw) {
            // What the test kit keeps for tests of a moment would be too much here.
            raw.off('update').off('ephemeral')
            before?.(raw)
          },
        })
        tally.count('connections')
        connection.resolve({ socket, node })
        if (over.signal.aborted) socket.close()
        else opened?.(socket)
        await socket.closed
        connection = Promise.withResolvers()
      } catch (error) {
        const { data } = error as { data?: { code?: string } }
        if (data !== undefined && data.code !== 'unavailable') tally.broken(`A socket was refused: ${String(error)} (${data.code})`)
        tally.count('connections that failed')
        await field.pause(400)
      }
    }
  }
  void keep()
  return {
    connected: () => connection.promise,
    close() {
      over.abort()
      void connection.promise.then(({ socket }) => socket.close())
    },
  }
}
