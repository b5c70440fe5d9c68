import type { IncomingMessage } from 'node:http'
import type { Socket as NetworkSocket } from 'node:net'

/** What one may send before one has said who one is. */
const lobbyBytes = 64 * 1024

/** A connection of Engine.IO, as far as it concerns the lobby. */
interface Arrival {
  readonly id: string
  readonly request: IncomingMessage
  readonly transport: { readonly name: string }
  once(event: 'close', listener: () => void): unknown
}
/**
 * Bounds what comes over connections that are not logged in: a frame may be large, but not a stranger's. Such a connection is cut. `admit` is told of a connection
 * that is logged in.
 */
export function createLobby() {
  const waiting = new Map<object, { readonly id: string; release(): void }>()
  const admit = (arrival: object) => {
    waiting.get(arrival)?.release()
    waiting.delete(arrival)
  }
  return {
    arrived(arrival: Arrival): void {
      const network = arrival.transport.name === 'websocket' ? arrival.request.socket : undefined
      waiting.set(arrival, { id: arrival.id, release: network === undefined ? () => undefined : countOn(network) })
      arrival.once('close', () => admit(arrival))
    },
    admit,
    /** Whether a request of long polling may be read: `sid` is its connection. */
    allows(request: IncomingMessage): boolean {
      if (request.method !== 'POST' || Number(request.headers['content-length'] ?? Number.POSITIVE_INFINITY) <= lobbyBytes) return true
      const sid = new URL(request.url ?? '/', 'http://relay').searchParams.get('sid')
      return ![...waiting.values()].some(({ id }) => id === sid)
    },
  }
}
/** Cuts a network connection that has brought too much; stops counting when called. */
function countOn(network: NetworkSocket): () => void {
  let bytes = 0
  const count = (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > lobbyBytes) network.destroy()
  }
  network.on('data', count)
  return () => void network.off('data', count)
}
