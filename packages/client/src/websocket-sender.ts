import { Fault, type Contract } from '@steward/contract'
import { operations } from '@steward/contract/daemon'
import type { Patience } from './back-off.ts'
import { faultFrom, unreachable } from './faults.ts'
import type { ConnectionState, Line, OpenLine } from './frame-link.ts'
import { createFrameSender } from './frame-sender.ts'
import type { Sender } from './sender.ts'

export interface WebSocketSenderOptions {
  /** The daemon's address: `http://127.0.0.1:4123`. */
  readonly url: string
  /** An access token. Absent: the login cookie of the page. */
  readonly token?: string
  readonly contract?: Contract
  /** The path of the socket; `/v1/ws` unless said. */
  readonly path?: string
  /** An event stream that is silent for so long is connected anew; 45,000 unless said. */
  readonly silenceMs?: number
  readonly pace?: Partial<Patience>
  /** Told when the connection is there, and before each wait for a new one. */
  readonly watch?: (state: ConnectionState) => void
}
const credentialEnded = 4401

/** Talks to the daemon over one WebSocket, in browsers and in Node; makes it anew after a cut. */
export function createWebSocketSender({
  url,
  token,
  contract = operations,
  path = '/v1/ws',
  silenceMs = 45_000,
  pace,
  watch,
}: WebSocketSenderOptions): Sender {
  const address = url.replace(/\/+$/, '') + path
  const protocols = token === undefined ? ['steward.v1'] : ['steward.v1', `bearer.${token}`]
  const open: OpenLine = async (receive, signal) => {
    const socket = new WebSocket(address.replace(/^http/, 'ws'), protocols)
    const line = lineOf(socket, receive)
    const stop = () => socket.close()
    signal.addEventListener('abort', stop, { once: true })
    void line.closed.then(() => signal.removeEventListener('abort', stop))
    const opened = await new Promise<boolean>((resolve) => {
      socket.addEventListener('open', () => resolve(true), { once: true })
      void line.closed.then(() => resolve(false))
    })
    if (!opened) throw await whyNot(address, token, signal)
    return line
  }
  return createFrameSender(open, { contract, pace, silenceMs, watch })
}
function lineOf(socket: WebSocket, receive: (frame: string) => void): Line {
  socket.addEventListener('message', ({ data }) => typeof data === 'string' && receive(data))
  // Only `close` tells; an error without a listener would end a Node process.
  socket.addEventListener('error', () => undefined)
  const { promise: closed, resolve: ended } = Promise.withResolvers<Fault | undefined>()
  const end = (code: number) =>
    ended(code === credentialEnded ? new Fault('unauthenticated', 'The credential of this connection has ended.') : undefined)
  socket.addEventListener('close', ({ code }) => end(code), { once: true })
  return {
    send: (frame) => void (socket.readyState === WebSocket.OPEN && socket.send(frame)),
    cut() {
      socket.close()
      end(1006)
    },
    closed,
  }
}
/** A refused handshake tells a page nothing: the same address is asked by HTTP, which says why. */
async function whyNot(address: string, token: string | undefined, signal: AbortSignal): Promise<Fault> {
  try {
    const response = await fetch(address, { signal, headers: token === undefined ? {} : { authorization: `Bearer ${token}` } })
    const { error } = (await response.json()) as { error?: unknown }
    const fault = faultFrom(error)
    return ['unauthenticated', 'forbidden', 'too_many'].includes(fault.code) ? fault : unreachable(fault)
  } catch (error) {
    return unreachable(error)
  }
}
