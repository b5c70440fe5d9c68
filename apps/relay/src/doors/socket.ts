import type { Server as HttpServer } from 'node:http'
import { Fault } from '@steward/contract'
import { Server, type Socket } from 'socket.io'
import type { Holder } from '../caller.ts'
import { hears, type Hub, type HubPorts } from '../changes/hub.ts'
import { roomOf, rooms, type Connection, type SocketEvent, type SocketGuest } from '../connection.ts'
import { relayFault } from './faults.ts'
import { createFlow } from './flow.ts'
import { connectionOf, holderOfHandshake, readHandshake, type Handshake } from './handshake.ts'
import type { Signal } from '../signals.ts'
import { createReader, liveRoom, weightOf, type SocketReader } from './reader.ts'

/** Bytes of a passing signal on the wire, about. */
const signalWeight = 300
export interface SocketDoorOptions {
  readonly server: HttpServer
  identify(token: string): Promise<Holder>
  readonly events: readonly SocketEvent[]
  readonly guests: readonly SocketGuest[]
  /** Bytes of one frame, at most; a larger one ends its socket. */
  readonly maxFrameBytes: number
  readonly trustProxy: boolean
  readonly stallLimitMs?: number
  report(error: unknown, what: string): void
  /** Told when a socket is dropped, and why. */
  dropped?(reason: 'stalled' | 'revoked' | 'expired'): void
}
export interface SocketDoor extends Pick<HubPorts, 'tell' | 'full'> {
  /** Begins to take sockets; the hub brings them the log. */
  open(hub: Hub): void
  signal(signal: Signal): void
  /** Ends the sockets of a device, or of a whole account. */
  revoke(accountId: string, deviceId?: string): void
  connections(accountId: string): readonly Connection[]
  count(): number
  close(): Promise<void>
}
/** Real time: Socket.IO 4 at `/v1/updates`, in the form of the existing clients. Every event with an acknowledgement gets one. */
export function createSocketDoor(options: SocketDoorOptions): SocketDoor {
  const io = new Server(options.server, {
    path: '/v1/updates',
    transports: ['websocket', 'polling'],
    pingInterval: 15_000,
    pingTimeout: 45_000,
    connectTimeout: 20_000,
    maxHttpBufferSize: options.maxFrameBytes,
    serveClient: false,
    perMessageDeflate: false,
    httpCompression: false,
    cors: { origin: '*' },
  })
  const readers = new Map<string, Set<SocketReader>>()
  const drop = (socket: Socket, reason: 'stalled' | 'revoked' | 'expired') => {
    options.dropped?.(reason)
    // What waits for a stalled socket would keep a polite end from it.
    if (reason === 'stalled') socket.conn.close(true)
    else socket.emit('ended', { reason })
    socket.disconnect(true)
  }
  const attend = (socket: Socket, hub: Hub) => {
    const { connection, handshake } = socket.data as { connection: Connection; handshake: Handshake }
    const { accountId } = connection.holder
    const reader = createReader(connection, () => drop(socket, 'stalled'), options.stallLimitMs)
    const peers = readers.get(accountId) ?? new Set()
    readers.set(accountId, peers.add(reader))
    void socket.join(roomOf(connection))
    const flow = createFlow(socket)
    for (const one of options.events)
      socket.on(one.event, (payload: unknown, ack?: unknown) => {
        const answer = typeof ack === 'function' ? ack : typeof payload === 'function' ? payload : undefined
        const sent = typeof payload === 'function' ? undefined : payload
        const serve = async () => {
          if (one.order === 'after') await flow.settled()
          const value = await attempt(one, connection, sent)
          if (answer && value !== undefined) (answer as (value: unknown) => void)(value)
        }
        const answered = serve()
        if (one.order !== 'free') flow.track(answered)
      })
    const leave = options.guests.flatMap((guest) => guest(connection) ?? [])
    const expiry = setTimeout(() => drop(socket, 'expired'), Math.min(connection.holder.expiresAt - Date.now(), 2_147_483_647))
    expiry.unref()
    socket.once('disconnect', () => {
      clearTimeout(expiry)
      reader.end()
      hub.detach(accountId, reader)
      peers.delete(reader)
      if (peers.size === 0 && readers.get(accountId) === peers) readers.delete(accountId)
      for (const one of leave) one()
    })
    hub.attach(accountId, reader, handshake.since).catch((error: unknown) => options.report(error, 'attach'))
  }
  const attempt = async (one: SocketEvent, connection: Connection, payload: unknown): Promise<unknown> => {
    try {
      return await one.handle(connection, payload)
    } catch (error) {
      const fault = relayFault(error)
      if (fault.code === 'internal' && !(error instanceof Fault)) options.report(error, one.event)
      // Who asked for no answer hears of a refusal all the same.
      connection.socket.emit('refused', { event: one.event, error: fault.message, code: fault.code })
      return one.refused(fault)
    }
  }
  return {
    open(hub) {
      io.use((socket, next) => {
        void (async () => {
          const handshake = readHandshake(socket)
          const holder = await holderOfHandshake(handshake, options.identify)
          const forwarded = options.trustProxy
            ? String(socket.handshake.headers['x-forwarded-for'] ?? '')
                .split(',')[0]
                ?.trim()
            : ''
          await hub.prepare(holder.accountId)
          socket.data = { handshake, connection: connectionOf(socket, holder, handshake, forwarded || socket.handshake.address) }
        })().then(
          () => next(),
          (error: unknown) => next(error instanceof Error ? error : new Error('The connection was refused.')),
        )
      })
      io.on('connection', (socket) => attend(socket, hub))
    },
    tell(accountId, change) {
      const peers = readers.get(accountId)
      if (peers === undefined) return
      const to = [rooms.user(accountId)]
      if (change.sessionId !== undefined) to.push(rooms.session(accountId, change.sessionId))
      if (change.machineId !== undefined) to.push(rooms.machine(accountId, change.machineId))
      const weight = weightOf(change)
      for (const reader of peers) if (hears(reader, change)) reader.told(weight)
      io.to(to.map(liveRoom))
        .except(change.exceptSocket ?? [])
        .emit('update', change.update)
    },
    full: (accountId) => [...(readers.get(accountId) ?? [])].filter((reader) => reader.full()),
    signal({ accountId, event, payload, sessionId, machineId }) {
      const audience = { ...(sessionId === undefined ? {} : { sessionId }), ...(machineId === undefined ? {} : { machineId }) }
      // Socket.IO's own `volatile` would drop it for whoever is just being told something else.
      const behind: string[] = []
      for (const reader of readers.get(accountId) ?? []) {
        if (reader.full()) behind.push(reader.id)
        else if (hears(reader, audience)) reader.told(signalWeight)
      }
      const to = [rooms.user(accountId)]
      if (sessionId !== undefined) to.push(rooms.session(accountId, sessionId))
      if (machineId !== undefined) to.push(rooms.machine(accountId, machineId))
      io.to(to).except(behind).emit(event, payload)
    },
    revoke(accountId, deviceId) {
      for (const { connection } of readers.get(accountId) ?? [])
        if (deviceId === undefined || connection.holder.deviceId === deviceId) drop(connection.socket, 'revoked')
    },
    connections: (accountId) => [...(readers.get(accountId) ?? [])].map(({ connection }) => connection),
    count: () => io.engine.clientsCount,
    // Only transports are closed: clients take a polite end from the server as one for good, and do not connect again by themselves.
    close: () => io.close(),
  }
}
