import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '@steward/contract'
import { relayOperations } from '@steward/contract/relay'
import { createCall } from '@steward/kernel'
import { listenAt } from '@steward/kernel/http'
import { openAttachments } from './app-attachments.ts'
import { openAuth } from './app-auth.ts'
import { openDatabase, reached } from './app-database.ts'
import { adviceOn, openFiles } from './app-files.ts'
import { openKeeping } from './app-keeping.ts'
import { openLog } from './app-log.ts'
import { openPush } from './app-push.ts'
import { openRecords } from './app-records.ts'
import { openMachines } from './app-machines.ts'
import { createOpened } from './app-open.ts'
import { openPresence } from './app-presence.ts'
import { openRpc } from './app-rpc.ts'
import { openSessions } from './app-sessions.ts'
import { openVoice } from './app-voice.ts'
import { createLanes } from './changes/lane.ts'
import { quotasOf } from './changes/quotas.ts'
import type { RelayConfig } from './config.ts'
import { createLedger } from './context.ts'
import { createHttpDoor, endHttp, serverOf } from './doors/http.ts'
import { createSocketDoor, type SocketDoor } from './doors/socket.ts'
import { openShared } from './app-shared.ts'
import { openWatch } from './app-watch.ts'
import { openStreams } from './app-streams.ts'
import type { Parts, Room } from './parts.ts'
import { probe } from './platform/database.ts'
import type { Log } from './platform/log.ts'
import { watchQueries } from './platform/metrics.ts'
import { isCurrent, migrate } from './platform/migrate.ts'
import { createAsking } from './platform/asking.ts'
import { createNodes } from './platform/nodes.ts'

export interface Relay {
  readonly url: string
  /** Its name among the nodes; a new one at each start. */
  readonly node: string
  /** Where its metrics are, if they have a port. */
  readonly metricsUrl?: string
  /** What its operator should be told at the start, one sentence each. */
  readonly advice: readonly string[]
  /** How many sockets are connected to this node. */
  sockets(): number
  /** Lets what is under way answer, ends the sockets, and closes everything. */
  close(): Promise<void>
}
/** Hears of what is nobody's fault but ours. */
export type Report = (error: unknown, what: string) => void
/**
 * Opens a relay: database, migrations, rooms, doors. It listens when it can answer. `log` hears of requests, events and sockets. Throws Fault `unprocessable` for a
 * database of a newer program, `unavailable` for one that is away, `conflict` for a port that is taken; then all is closed again.
 */
export async function openRelay(config: RelayConfig, report: Report, version: string, log?: Log): Promise<Relay> {
  const opened = createOpened()
  try {
    return await open(config, report, version, opened, log)
  } catch (error) {
    await opened.close((failure) => report(failure, 'close'))
    throw reached(error)
  }
}
async function open(
  config: RelayConfig,
  hear: Report,
  version: string,
  { opened, close: closeAll }: ReturnType<typeof createOpened>,
  logger?: Log,
): Promise<Relay> {
  const { watch, counting, serve } = await openWatch(config, logger, hear)
  const report: Report = (error, what) => {
    watch.failed()
    hear(error, what)
  }
  const database = await openDatabase(config, (error) => report(error, 'database'), counting ? watchQueries(watch) : undefined)
  opened(database.close)
  await migrate(database)
  const node = randomUUID()
  const shared = await openShared(config, node, report)
  opened(shared.close)
  const { bus, limits } = shared
  const log = openLog(database, bus, watch, (error) => report(error, 'log'))
  const nodes = createNodes(bus)
  let door: SocketDoor | undefined
  const parts: Parts = {
    ...shared,
    config,
    database,
    nodes,
    asking: createAsking(bus),
    lanes: createLanes(database, quotasOf(config), log.committed),
    signal(signal) {
      door?.signal(signal)
      bus.publish('signal', signal)
    },
    ended(accountId, deviceId) {
      const ended = { accountId, ...(deviceId === undefined ? {} : { deviceId }) }
      endHere(ended)
      bus.publish('ended', ended)
    },
    connections: (accountId) => door?.connections(accountId) ?? [],
    appActive: (accountId) => presence.appActive(accountId),
    connected: () => door?.connected() ?? [],
    async limit(kind, key, limit) {
      const taken = await limits.take(kind, key, limit)
      if (taken.ok) return
      const { retryAfterMs } = taken
      throw new Fault('too_many', `Too many requests; ask again in ${Math.ceil(retryAfterMs / 1000)} s.`, { retryAfterMs })
    },
    watch,
    report,
  }
  const auth = openAuth(parts)
  const endHere = ({ accountId, deviceId }: { accountId: string; deviceId?: string }) => {
    auth.forget(accountId, deviceId)
    door?.revoke(accountId, deviceId)
  }
  const presence = openPresence(parts)
  const files = await openFiles(config)
  const attachments = openAttachments(parts, files)
  const voice = openVoice(parts)
  const sessions = openSessions(parts, { ended: presence.sessionEnded, begun: presence.sessionBegun }, (accountId, ids) => {
    attachments.removed(accountId, ids)
    voice.removed(accountId, ids)
  })
  const machines = openMachines(parts, { alive: presence.machineAlive, changed: presence.machineChanged })
  const records = openRecords(parts)
  const push = openPush(parts)
  const keeping = openKeeping(parts, { files, closeRoom: voice.closeRoom, removeSessions: sessions.remove })
  const handlers = {
    ...log.handlers,
    ...auth.handlers,
    ...sessions.handlers,
    ...machines.handlers,
    ...records.handlers,
    ...push.handlers,
    ...attachments.handlers,
    ...voice.handlers,
    ...keeping.handlers,
  }
  const rooms: readonly Room[] = [auth, presence, sessions, machines, records, openRpc(parts), openStreams(parts), attachments, voice, keeping]
  const ledger = createLedger(parts.lanes)
  const call = createCall(relayOperations, handlers, ledger, (error, { operation }) => report(error, operation))
  let stopping = false
  const http = createHttpDoor({
    contract: relayOperations,
    call,
    identify: auth.identify,
    limitOpen: (address) => parts.limit('open', address, { points: config.openPerMinute, perMs: 60_000 }),
    requestsPerAccount: config.requestsPerAccount,
    headTimeoutMs: config.headTimeoutMs,
    requestTimeoutMs: config.requestTimeoutMs,
    maxBodyBytes: config.maxBodyBytes,
    trustProxy: config.trustProxy,
    version,
    probe: () => probe(database),
    ready: async () => ({
      ...(await isCurrent(database).then(
        (migrations) => ({ database: true, migrations }),
        () => ({ database: false, migrations: false }),
      )),
      ...(bus.clustered ? { redis: bus.connected() } : {}),
      serving: !stopping,
    }),
    watch,
    report,
  })
  door = createSocketDoor({
    server: serverOf(http),
    identify: auth.identify,
    events: rooms.flatMap((room) => room.events?.(call) ?? []),
    guests: rooms.flatMap((room) => room.guests ?? []),
    maxFrameBytes: config.maxFrameBytes,
    trustProxy: config.trustProxy,
    socketsPerAccount: config.socketsPerAccount,
    stallLimitMs: config.stallLimitMs,
    watch,
    report,
  })
  log.open(door)
  bus.on('signal', (signal) => door?.signal(signal))
  bus.on('ended', endHere)
  const metrics = await serve(database, bus)
  if (metrics) opened(metrics.close)
  opened(() => parts.lanes.idle())
  for (const room of rooms) opened(() => room.stop?.())
  opened(() => endHttp(http))
  opened(log.close)
  opened(() => door?.close(config.drainLimitMs / 2))
  opened(() => nodes.leave())
  const url = await listenAt(http, { host: config.host, port: config.port })
  for (const room of rooms) room.start?.()
  const end = async () => {
    stopping = true
    door?.refuse()
    await sleep(config.drainDelayMs)
    const closed = closeAll((error) => report(error, 'close'))
    await Promise.race([closed, sleep(config.drainLimitMs, undefined, { ref: false })])
  }
  let ended: Promise<void> | undefined
  return {
    url,
    node,
    advice: adviceOn(config),
    sockets: () => door?.count() ?? 0,
    ...(metrics === undefined ? {} : { metricsUrl: metrics.url }),
    close: () => (ended ??= end()),
  }
}
