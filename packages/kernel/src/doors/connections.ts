import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

const graceMs = 2_000
/**
 * Ends a server's connections in time. Node closes those that have answered before; it waits a minute for one on which nothing was ever asked
 * (browsers and HTTP clients open them ahead of need). `close()` ends every connection without a request at once, the others when they have
 * answered, and all after two seconds.
 */
export function trackConnections(server: Server): { close(): void } {
  const busy = new Map<Socket, number>()
  let closing = false
  const change = (socket: Socket, by: number) => {
    if (!busy.has(socket)) return
    const now = (busy.get(socket) ?? 0) + by
    busy.set(socket, now)
    if (closing && now === 0) socket.destroySoon()
  }
  const opened = (socket: Socket) => {
    busy.set(socket, 0)
    socket.once('close', () => busy.delete(socket))
  }
  server.on('connection', opened)
  server.on('secureConnection', opened)
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    change(socket, 1)
    response.once('close', () => change(socket, -1))
  })
  server.on('upgrade', ({ socket }: IncomingMessage) => change(socket as Socket, 1))
  return {
    close() {
      closing = true
      for (const [socket, requests] of busy) if (requests === 0) socket.destroy()
      setTimeout(() => {
        for (const socket of busy.keys()) socket.destroy()
      }, graceMs).unref()
    },
  }
}
