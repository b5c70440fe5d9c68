import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http'
import { Fault } from '@steward/contract'
import { Server, type Socket } from 'socket.io'
import type { Holder } from '../caller.ts'
import { hears, type Hub, type HubPorts } from '../changes/hub.ts'
import { roomOf, roomsOf, type Connection, type SocketEvent, type SocketGuest } from '../connection.ts'
import { relayFault } from './faults.ts'
import type { Watch } from '../watch.ts'
import { createFlow, type Flow } from './flow.ts'
import { connectionOf, fetchingMs, holderOfHandshake, readHandshake, refusal, type Handshake } from './handshake.ts'
import { checkInput } from './input.ts'
import { createLobby } from './lobby.ts'
import { createReader, liveRoom, weightOf, type SocketReader } from './reader.ts'
import { createSlots } from './slots.ts'
import { addressOf, networkOf } from '../platform/addresses.ts'
import type { Signal } from '../signals.ts'

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
  /** Sockets of one account on this node, at most. */
  readonly socketsPerAccount: number
  readonly stallLimitMs: number
  report(error: unknown, what: string): void
  readonly watch: Pick<Watch, 'event' | 'socket' | 'dropped' | 'behind'>
}
export interface SocketDoor extends Pick<HubPorts, 'tell' | 'full'> {
  /** Begins to take sockets; the hub brings them the log. */
  open(hub: Hub): void
  signal(signal: Signal): void
  /** Ends the sockets of a device, or of a whole account. */
  revoke(accountId: string, deviceId?: string): void
  connections(accountId: string): readonly Connection[]
  /** Whose sockets are here, each device once. */
  connected(): readonly Holder[]
  count(): number
  /** Takes no new sockets, from now on. */
  refuse(): void
  /** Lets what is under way on each socket be answered, for so long at most, and sends the clients to another node. */
  close(limitMs: number): Promise<void>
}
/** Real time: Socket.IO 4 at `/v1/updates`, in the form of the existing clients. Every event with an acknowledgement gets one. */
export function createSocketDoor(options: SocketDoorOptions): SocketDoor {
  const { watch } = options
  let stopping = false
  const lobby = createLobby()
  const slots = createSlots(options.socketsPerAccount)
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
    // Refused here clients try again, elsewhere where they can; a refusal of the handshake would be for good.
    allowRequest: (request, answer) => answer(stopping ? 'The relay is stopping.' : null, !stopping),
  })
  io.engine.on('connection', lobby.arrived)
  io.engine.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
    if (lobby.allows(request)) next()
    else response.writeHead(413, { connection: 'close' }).end()
  })
  const readers = new Map<string, Set<SocketReader>>()
  const known = new Set<unknown>(options.events.map(({ event }) => event))
  const flows = new Map<Socket, Flow>()
  const drop = (socket: Socket, reason: 'stalled' | 'revoked' | 'expired') => {
    watch.dropped(reason)
    // What waits for a stalled socket would keep a polite end from it.
    if (reason === 'stalled') socket.conn.close(true)
    else socket.emit('ended', { reason })
    socket.disconnect(true)
  }
  const attend = (socket: Socket, hub: Hub) => {
    const { connection, handshake, head } = socket.data as { connection: Connection; handshake: Handshake; head: number }
    const { accountId } = connection.holder
    const reader = createReader(connection, { stalled: () => drop(socket, 'stalled'), behind: watch.behind, limitMs: options.stallLimitMs })
    const peers = readers.get(accountId) ?? new Set()
    readers.set(accountId, peers.add(reader))
    void socket.join(roomOf(connection))
    const flow = createFlow(socket)
    flows.set(socket, flow)
    watch.socket(connection.scope, 1)
    for (const one of options.events)
      socket.on(one.event, (...args: unknown[]) => {
        if (flows.get(socket) !== flow) return
        const { sent, answer } = readArgs(args)
        const serve = async () => {
          if (one.order === 'after') await flow.settled()
          const work = () => attempt(one, connection, sent)
          const value = await (one.order === 'alone' ? flow.alone(work) : work())
          if (value !== undefined) answer?.(value)
        }
        const answered = serve()
        if (one.order !== 'free') flow.track(answered)
      })
    socket.onAny((event: unknown, ...args: unknown[]) => {
      if (known.has(event) || flows.get(socket) !== flow) return
      const refused = { error: `There is no event ${String(event).slice(0, 100)}.`, code: 'not_found' }
      socket.emit('refused', { event: String(event).slice(0, 100), ...refused })
      readArgs(args).answer?.({ ok: false, ...refused })
    })
    const leave = options.guests.flatMap((guest) => guest(connection) ?? [])
    const stay = whenOver(connection.holder.expiresAt, () => drop(socket, 'expired'))
    socket.once('disconnect', () => {
      stay()
      clearTimeout(fetching)
      flows.delete(socket)
      watch.socket(connection.scope, -1)
      reader.end()
      hub.detach(accountId, reader)
      peers.delete(reader)
      if (peers.size === 0 && readers.get(accountId) === peers) readers.delete(accountId)
      for (const one of leave) one()
    })
    const attach = (since?: number) => void hub.attach(accountId, reader, since).catch((error: unknown) => options.report(error, 'attach'))
    const waitMs = fetchingMs(handshake)
    const fetching = waitMs > 0 ? setTimeout(attach, waitMs, head) : undefined
    if (fetching === undefined) attach(handshake.since)
  }
  const attempt = async (one: SocketEvent, connection: Connection, payload: unknown): Promise<unknown> => {
    const begun = performance.now()
    const seen = (answer: unknown, code?: string) => {
      watch.event({ event: one.event, ms: performance.now() - begun, payload, answer, code })
      return answer
    }
    try {
      checkInput(payload)
      return seen(await one.handle(connection, payload))
    } catch (error) {
      const fault = relayFault(error)
      if (fault.code === 'internal' && !(error instanceof Fault)) options.report(error, one.event)
      // Who asked for no answer hears of a refusal all the same.
      connection.socket.emit('refused', { event: one.event, error: fault.message, code: fault.code })
      return seen(one.refused(fault), fault.code)
    }
  }
  /** Undefined when the socket may come in. */
  const enter = async (socket: Socket, hub: Hub): Promise<Error | undefined> => {
    try {
      const handshake = readHandshake(socket)
      const holder = await holderOfHandshake(handshake, options.identify)
      const head = await hub.prepare(holder.accountId)
      // Once more: the device may have ended meanwhile, and only a socket that is there is found then.
      await holderOfHandshake(handshake, options.identify)
      // Gone while it was found out who it is: nothing would free what it takes.
      if (socket.conn.readyState !== 'open') throw new Fault('invalid', 'The client has gone.')
      const release = slots.take(holder.accountId)
      if (release === undefined)
        throw new Fault('too_many', `This account has ${options.socketsPerAccount} connections here already; close one first.`)
      socket.conn.once('close', release)
      socket.once('disconnect', release)
      lobby.admit(socket.conn)
      const { headers, address } = socket.handshake
      const network = networkOf(addressOf(address, headers['x-forwarded-for'], options.trustProxy))
      socket.data = { handshake, head, connection: connectionOf(socket, holder, handshake, network) }
      return undefined
    } catch (error) {
      const refused = refusal(error)
      if (refused.data.code === 'internal') options.report(error, 'handshake')
      return refused
    }
  }
  return {
    open(hub) {
      io.use((socket, next) => void (async () => next(await enter(socket, hub)))())
      io.on('connection', (socket) => attend(socket, hub))
    },
    tell(accountId, change) {
      const peers = readers.get(accountId)
      if (peers === undefined) return
      const weight = weightOf(change)
      for (const reader of peers) if (hears(reader, change)) reader.told(weight)
      io.to(roomsOf(accountId, change).map(liveRoom))
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
      io.to(roomsOf(accountId, audience)).except(behind).emit(event, payload)
    },
    revoke(accountId, deviceId) {
      for (const { connection } of readers.get(accountId) ?? [])
        if (deviceId === undefined || connection.holder.deviceId === deviceId) drop(connection.socket, 'revoked')
    },
    connections: (accountId) => [...(readers.get(accountId) ?? [])].map(({ connection }) => connection),
    connected: () => {
      const devices = new Map<string, Holder>()
      for (const peers of readers.values()) for (const { connection } of peers) devices.set(connection.holder.deviceId, connection.holder)
      return [...devices.values()]
    },
    count: () => io.engine.clientsCount,
    refuse: () => void (stopping = true),
    async close(limitMs) {
      stopping = true
      const limit = new Promise<void>((resolve) => setTimeout(resolve, limitMs).unref())
      await Promise.all(
        [...flows].map(async ([socket, flow]) => {
          await Promise.race([flow.rest(), limit])
          // What comes from now on is not begun: its sender hears no answer, and asks again elsewhere.
          flows.delete(socket)
          await flow.part()
        }),
      )
      void io.engine.close()
    },
  }
}
/** What an event carries: one payload, and at the end the way to acknowledge it where that was asked for, however many arguments there are. */
function readArgs(args: readonly unknown[]): { sent: unknown; answer: ((value: unknown) => void) | undefined } {
  const [sent] = args
  const last = args.at(-1)
  return { sent: typeof sent === 'function' ? undefined : sent, answer: typeof last === 'function' ? (last as (value: unknown) => void) : undefined }
}
/** Node's timers reach no further. */
const longestTimerMs = 2_147_483_647
/** Calls when a time (milliseconds since 1970) has come, however far off; not any more once the returned function is called. */
function whenOver(at: number, over: () => void): () => void {
  let clock: NodeJS.Timeout
  const wait = () => {
    const leftMs = at - Date.now()
    clock = setTimeout(leftMs > longestTimerMs ? wait : over, Math.min(leftMs, longestTimerMs)).unref()
  }
  wait()
  return () => clearTimeout(clock)
}
