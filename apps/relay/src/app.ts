import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { Fault } from '@steward/contract'
import { relayOperations } from '@steward/contract/relay'
import { createCall } from '@steward/kernel'
import { listenAt } from '@steward/kernel/http'
import { openAuth } from './app-auth.ts'
import { openLog } from './app-log.ts'
import { openPush } from './app-push.ts'
import { openRecords } from './app-records.ts'
import { openMachines } from './app-machines.ts'
import { openPresence } from './app-presence.ts'
import { openRpc } from './app-rpc.ts'
import { openSessions } from './app-sessions.ts'
import { createLanes } from './changes/lane.ts'
import type { RelayConfig } from './config.ts'
import { createLedger } from './context.ts'
import { createHttpDoor, serverOf } from './doors/http.ts'
import { createSocketDoor, type SocketDoor } from './doors/socket.ts'
import { openShared } from './app-shared.ts'
import { openStreams } from './app-streams.ts'
import type { Parts, Room } from './parts.ts'
import { probe } from './platform/database.ts'
import { migrate } from './platform/migrate.ts'
import { createNodes } from './platform/nodes.ts'
import { openPostgres } from './platform/postgres.ts'
import { openSqlite } from './platform/sqlite.ts'

export interface Relay {
  readonly url: string
  /** How many sockets are connected to this node. */
  sockets(): number
  /** Lets what is under way answer, ends the sockets, and closes everything. */
  close(): Promise<void>
}
/** Hears of what is nobody's fault but ours. */
export type Report = (error: unknown, what: string) => void
const drainLimitMs = 8_000

/** Opens a relay: database, migrations, rooms, doors. It listens when it can answer. Throws Fault `unprocessable` for a database of a newer program. */
export async function openRelay(config: RelayConfig, report: Report, version: string): Promise<Relay> {
  const { databaseUrl } = config
  const database =
    databaseUrl === undefined
      ? openSqlite(path.join(config.home, 'relay.db'))
      : await openPostgres(databaseUrl, config.databaseConnections, (error) => report(error, 'database'))
  await migrate(database)
  const node = randomUUID()
  const shared = await openShared(config, node, report)
  const { bus, limits } = shared
  const log = openLog(database, bus, (error) => report(error, 'log'))
  const nodes = createNodes(bus)
  let door: SocketDoor | undefined
  const parts: Parts = {
    ...shared,
    config,
    database,
    nodes,
    lanes: createLanes(database, log.committed),
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
    report,
  }
  const auth = openAuth(parts)
  const endHere = ({ accountId, deviceId }: { accountId: string; deviceId?: string }) => {
    auth.forget(accountId, deviceId)
    door?.revoke(accountId, deviceId)
  }
  const presence = openPresence(parts)
  const sessions = openSessions(parts, { ended: presence.sessionEnded, begun: presence.sessionBegun })
  const machines = openMachines(parts, { alive: presence.machineAlive, changed: presence.machineChanged })
  const records = openRecords(parts)
  const push = openPush(parts)
  const handlers = { ...log.handlers, ...auth.handlers, ...sessions.handlers, ...machines.handlers, ...records.handlers, ...push.handlers }
  const rooms: readonly Room[] = [auth, presence, sessions, machines, records, openRpc(parts), openStreams(parts)]
  const ledger = createLedger(parts.lanes, () => undefined)
  const call = createCall(relayOperations, handlers, ledger, (error, { operation }) => report(error, operation))
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
      database: await probe(database).then(
        () => true,
        () => false,
      ),
      ...(bus.clustered ? { redis: bus.connected() } : {}),
    }),
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
    report,
  })
  log.open(door)
  bus.on('signal', (signal) => door?.signal(signal))
  bus.on('ended', endHere)
  const url = await listenAt(http, { host: config.host, port: config.port })
  for (const room of rooms) room.start?.()
  const close = async () => {
    nodes.leave()
    log.close()
    await door?.close()
    await http.close()
    for (const room of rooms) await room.stop?.()
    await parts.lanes.idle()
    await shared.close()
    await database.close()
  }
  return {
    url,
    sockets: () => door?.count() ?? 0,
    close: () => Promise.race([close(), new Promise<void>((resolve) => setTimeout(resolve, drainLimitMs).unref())]),
  }
}
