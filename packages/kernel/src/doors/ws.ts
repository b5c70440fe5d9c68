import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { Fault } from '@steward/contract'
import type { FastifyInstance } from 'fastify'
import type { WebSocket, WebSocketServer } from 'ws'
import type { Caller } from '../caller.ts'
import { callerOf, webSocketProtocol } from './credential.ts'
import { drainedOnce, stallLimitMs } from './drained.ts'
import { rawFault, toFault } from './errors.ts'
import { maxFrameBytes } from './frame.ts'
import { checkAddresses, type Gate } from './gate.ts'
import type { DoorOptions } from './http-options.ts'
import { requestIdOf } from './request-id.ts'
import { rewrite } from './rewrite.ts'
import { closeCodes, serveFrameSocket, type ServeSocket } from './socket.ts'

export interface WebSocketOptions extends DoorOptions, Gate {
  readonly aliases?: Readonly<Record<string, string>>
  /** Paths beside `/v1/ws` that upgrade, and what is spoken there. */
  readonly paths?: Readonly<Record<string, ServeSocket>>
  /** A peer is pinged so often and is dead after two unanswered pings; 20,000 unless said. */
  readonly pingMs?: number
}

/**
 * Serves WebSockets on the server of an HTTP door. Addresses and credential are checked before the upgrade; a refusal is an HTTP answer.
 * A cookie counts only from our own page, whatever the method: a handshake is a GET that opens the way for writes.
 */
export function serveWebSockets(app: FastifyInstance, options: WebSocketOptions): void {
  const open = new Set<WebSocket>()
  let closing = false
  const paths: Readonly<Record<string, ServeSocket>> = {
    '/v1/ws': serveFrameSocket(options),
    ...options.paths,
  }
  let server: Promise<WebSocketServer> | undefined
  const admit = async (request: IncomingMessage): Promise<{ serve: ServeSocket; caller: Caller }> => {
    const passage = checkAddresses(request.headers, options)
    if (closing) throw new Fault('unavailable', 'Steward is stopping; ask again in a moment.')
    const caller = await callerOf(options.authenticator, {
      headers: request.headers,
      method: 'UPGRADE',
      address: request.socket.remoteAddress,
      passage,
      door: 'ws',
    })
    const path = rewrite(request.url ?? '/', options.aliases ?? {}).split('?', 1)[0] ?? '/'
    const serve = Object.hasOwn(paths, path) ? paths[path] : undefined
    if (serve === undefined) throw new Fault('not_found', `${path.slice(0, 200)} is no WebSocket; ${Object.keys(paths).join(', ')} is.`)
    return { serve, caller }
  }
  const upgrade = async (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    try {
      const { serve, caller } = await admit(request)
      const loaded = await (server ??= load())
      loaded.handleUpgrade(request, socket, head, (peer) => {
        open.add(peer)
        peer.on('close', () => open.delete(peer))
        serveSocket(peer, socket, serve, caller, options)
      })
    } catch (error) {
      const fault = toFault(error)
      const requestId = requestIdOf(request)
      if (!(error instanceof Fault)) options.report(error, requestId)
      socket.end(rawFault(fault, requestId))
    }
  }
  app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => void upgrade(request, socket, head))
  app.addHook('preClose', async () => {
    closing = true
    for (const peer of open) peer.close(closeCodes.goingAway, 'Steward is stopping.')
    const late = setTimeout(() => open.forEach((peer) => peer.terminate()), 1_000)
    await Promise.all([...open].map((peer) => new Promise<void>((resolve) => peer.once('close', () => resolve()))))
    clearTimeout(late)
  })
}
async function load(): Promise<WebSocketServer> {
  const { WebSocketServer: Server } = await import('ws')
  return new Server({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: maxFrameBytes,
    handleProtocols: (offered) => (offered.has(webSocketProtocol) ? webSocketProtocol : false),
  })
}
function serveSocket(peer: WebSocket, socket: Duplex, serve: ServeSocket, caller: Caller, options: WebSocketOptions): void {
  const emptying = drainedOnce(socket, options.stallLimitMs ?? stallLimitMs)
  const wire = {
    send(frame: string) {
      if (peer.readyState === peer.OPEN) peer.send(frame)
      return !socket.writableNeedDrain
    },
    async drained() {
      const emptied = await emptying()
      if (!emptied) peer.terminate()
      return emptied
    },
    end: (code: number, reason: string) => peer.close(code, reason),
  }
  const session = serve(wire, caller)
  let missed = 0
  const ping = setInterval(() => {
    if (missed++ >= 2) return peer.terminate()
    peer.ping()
    // Pages cannot see pings: a frame tells a reader of events that the line is alive.
    if (session.following() && !socket.writableNeedDrain) wire.send('{"id":0,"beat":true}')
  }, options.pingMs ?? 20_000)
  const ended = () => peer.close(closeCodes.credentialEnded, 'The credential has ended.')
  if (caller.ended?.aborted) ended()
  caller.ended?.addEventListener('abort', ended, { once: true })
  peer.on('pong', () => (missed = 0))
  peer.on('message', (data: Buffer, binary) => {
    missed = 0
    if (binary) return peer.close(1003, 'Frames are text.')
    const taken = session.receive(data.toString('utf8'))
    if (peer.isPaused || !(taken || socket.writableNeedDrain)) return
    peer.pause()
    void Promise.all([taken, wire.drained()]).then(([, emptied]) => emptied && peer.resume())
  })
  peer.on('error', () => peer.terminate())
  peer.on('close', () => {
    clearInterval(ping)
    caller.ended?.removeEventListener('abort', ended)
    void session.close()
  })
}
