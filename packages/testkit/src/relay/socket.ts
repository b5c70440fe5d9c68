import { io } from 'socket.io-client'
import type { Socket } from 'socket.io-client'
import { createInbox } from './inbox.ts'

/** What a client says about itself in the handshake; `since` and whatever else may stand beside it. */
export interface Handshake {
  readonly token?: string
  readonly clientType?: 'user-scoped' | 'session-scoped' | 'machine-scoped'
  readonly sessionId?: string
  readonly machineId?: string
  readonly [field: string]: unknown
}
export interface Update {
  readonly id: string
  /** The number of the change within the account. */
  readonly seq: number
  readonly createdAt: number
  readonly body: { readonly t: string; readonly [field: string]: unknown }
}
export interface Ephemeral {
  readonly type: string
  readonly [field: string]: unknown
}
export interface RelaySocket extends Disposable {
  /** The socket itself, for everything else. */
  readonly socket: Socket
  /** Durable changes in order of arrival. A test that runs for long may empty it. */
  readonly updates: Update[]
  /** Passing signals in order of arrival. */
  readonly ephemerals: Ephemeral[]
  /** The first update that matches, of those in `updates` or of those to come. Throws after `timeoutMs` (default 5000) with what came instead. */
  next(matches: (update: Update) => boolean, timeoutMs?: number): Promise<Update>
  /** The same for ephemerals. */
  nextEphemeral(matches: (ephemeral: Ephemeral) => boolean, timeoutMs?: number): Promise<Ephemeral>
  /** Emits and gives the acknowledgement, whose type is what the caller says. Throws when none comes within `timeoutMs` (default 10000) or the connection goes. */
  call<T = unknown>(event: string, payload: unknown, timeoutMs?: number): Promise<T>
  /** Registers an RPC method and answers its calls; resolves when the server has said that it is registered. */
  serve(method: string, answer: Method): Promise<void>
  /** Resolves with Socket.IO's reason when the connection ends for the first time. */
  readonly closed: Promise<string>
  close(): void
}
export interface SocketOptions {
  /** Connects again by itself after a loss, from 100 ms on up to one second between attempts; otherwise a lost connection stays lost. */
  readonly reconnect?: boolean
  readonly timeoutMs?: number
  /** Gets the socket before it connects, with the listeners of `updates` and `ephemerals` on it: whoever listens from here on misses nothing. */
  readonly before?: (socket: Socket) => void
}

/**
 * Connects as the existing clients do: Socket.IO at `/v1/updates`, websocket only, who one is in the handshake. A handshake given as a function is asked anew for each
 * connection. Resolves when connected; throws with the server's message when refused, or after `timeoutMs` (default 10000).
 */
export async function connectSocket(url: string, handshake: Handshake | (() => Handshake), options: SocketOptions = {}): Promise<RelaySocket> {
  const { reconnect = false, timeoutMs = 10_000, before } = options
  const socket = io(url, {
    path: '/v1/updates',
    transports: ['websocket'],
    forceNew: true,
    reconnection: reconnect,
    reconnectionDelay: 100,
    reconnectionDelayMax: 1000,
    timeout: timeoutMs,
    autoConnect: false,
    auth: typeof handshake === 'function' ? (give) => give(handshake()) : handshake,
  })
  const updates = createInbox<Update>('update')
  const ephemerals = createInbox<Ephemeral>('ephemeral')
  socket.on('update', updates.put)
  socket.on('ephemeral', ephemerals.put)
  const methods = new Map<string, Method>()
  socket.on('rpc-request', answerBy(methods))
  const registered = createInbox<{ method: string }>('rpc-registered')
  socket.on('rpc-registered', registered.put)
  const closed = new Promise<string>((resolve) => socket.once('disconnect', (reason) => resolve(reason)))
  before?.(socket)
  await connected(socket, reconnect, timeoutMs)
  const close = (): void => void socket.disconnect()
  return {
    socket,
    updates: updates.items,
    ephemerals: ephemerals.items,
    next: updates.next,
    nextEphemeral: ephemerals.next,
    call: async (event, payload, callTimeoutMs = 10_000) => socket.timeout(callTimeoutMs).emitWithAck(event, payload),
    async serve(method, answer) {
      methods.set(method, answer)
      socket.emit('rpc-register', { method })
      await registered.next((item) => item.method === method)
      registered.items.length = 0
    },
    closed,
    close,
    [Symbol.dispose]: close,
  }
}

type Method = (params: string) => string | Promise<string>

/** Answers RPC requests; one that no method is known for, or whose method throws, is never answered. */
const answerBy =
  (methods: ReadonlyMap<string, Method>) =>
  ({ method, params }: { method: string; params: string }, give: (result: string) => void): void => {
    const answer = methods.get(method)
    if (answer) void Promise.resolve(answer(params)).then(give)
  }

function connected(socket: Socket, reconnect: boolean, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      clearTimeout(timer)
      socket.off('connect_error', refused)
      act()
    }
    const fail = (error: Error): void =>
      settle(() => {
        socket.disconnect()
        reject(error)
      })
    const refused = (error: Error): void => {
      // A server's refusal makes it inactive; after any other failure the client tries again by itself.
      if (!reconnect || !socket.active) fail(error)
    }
    const timer = setTimeout(() => fail(new Error(`There was no connection within ${timeoutMs} ms.`)), timeoutMs)
    socket.on('connect_error', refused)
    socket.once('connect', () => settle(resolve))
    socket.connect()
  })
}
