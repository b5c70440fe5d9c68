import { existsSync } from 'node:fs'
import { Fault } from '@steward/contract'
import { databaseFile, openDatabase, reached } from './app-database.ts'
import type { RelayConfig } from './config.ts'
import { endDevices, findAccountNamed } from './domains/auth/ends-store.ts'
import { backupPostgres, backupSqlite, type BackedUp } from './platform/backup.ts'
import { nodesOf, tellNodes } from './platform/bus-redis.ts'
import { countRecords, type Counts } from './platform/counts.ts'
import type { Database } from './platform/database.ts'
import { bytesOf } from './platform/keys.ts'
import { checkNotNewer, migrate, reset, schemaState, stepsAfter } from './platform/migrate.ts'
import { withRedis } from './platform/redis-once.ts'
import type { NodeSignals } from './signals.ts'

export { readConfig } from './settings.ts'
export interface RelayStatus {
  readonly database: { readonly kind: Database['kind']; readonly schema: number; readonly newest: number }
  /** Null where the schema is not the one that this program knows. */
  readonly counts: Counts | null
  /** How many nodes there are, over Redis; null without one. */
  readonly nodes: number | null
}
/** Does work with the database of a configuration. Throws Fault `unavailable` where it is away, `not_found` for an embedded one that is not there. */
async function withDatabase<T>(config: RelayConfig, work: (database: Database) => Promise<T>): Promise<T> {
  const file = databaseFile(config.home)
  if (config.databaseUrl === undefined && !existsSync(file))
    throw new Fault('not_found', `There is no database ${file} yet: it is made by the first start, or by migrating.`)
  return withAnyDatabase(config, work)
}
async function withAnyDatabase<T>(config: RelayConfig, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase(config, () => undefined)
  try {
    return await work(database)
  } catch (error) {
    throw reached(error)
  } finally {
    await database.close()
  }
}
/** How a relay's database and its nodes do. Throws Fault `unavailable` for a database or a Redis that is away, `unprocessable` for a database of a newer program. */
export async function relayStatus(config: RelayConfig): Promise<RelayStatus> {
  const { redisUrl } = config
  const { schema, counts } = await withDatabase(config, async (database) => {
    const state = await schemaState(database)
    checkNotNewer(state)
    return {
      schema: { kind: database.kind, schema: state.version, newest: state.newest },
      counts: state.version === state.newest ? await countRecords(database.queries) : null,
    }
  })
  return { database: schema, counts, nodes: redisUrl === undefined ? null : await withRedis(redisUrl, nodesOf) }
}
/** Brings the database to the newest schema, or says only what that would do. Answers the steps. */
export const migrateRelay = (config: RelayConfig, pretend: boolean): Promise<readonly { version: number; name: string }[]> =>
  (pretend ? missingSteps(config) : withAnyDatabase(config, migrate)).then((steps) => steps.map(({ version, name }) => ({ version, name })))
/** An embedded database that is not there yet is not made by looking. */
const missingSteps = (config: RelayConfig) =>
  config.databaseUrl === undefined && !existsSync(databaseFile(config.home))
    ? Promise.resolve(stepsAfter({ version: 0 }))
    : withAnyDatabase(config, async (database) => stepsAfter(await schemaState(database)))
/** Removes everything from the database and makes its tables anew. */
export const resetRelay = (config: RelayConfig): Promise<void> =>
  withAnyDatabase(config, async (database) => {
    await reset(database)
    await migrate(database)
  })
/** Copies the database into a file, also while relays work with it. Throws Fault `conflict` for a file that is there already. */
export const backupRelay = ({ home, databaseUrl }: RelayConfig, to: string): Promise<BackedUp> =>
  databaseUrl === undefined ? backupSqlite(databaseFile(home), to) : backupPostgres(databaseUrl, to)

/**
 * Ends the tokens of an account, or of one device of it. An account is named by its id, or its public key as hex or base64. Nodes hear of it at once over Redis (`told`), else
 * they find out within 10 s. Answers which devices have ended. Throws Fault `not_found`.
 */
export async function revokeTokens(
  config: RelayConfig,
  account: string,
  device?: string,
): Promise<{ account: string; devices: readonly string[]; told: boolean }> {
  const { redisUrl } = config
  const key = /^[0-9a-f]{64}$/i.test(account) ? account.toLowerCase() : (bytesOf(account, 32)?.toString('hex') ?? account)
  const ended = await withDatabase(config, async (database) => {
    checkNotNewer(await schemaState(database))
    const found = (await findAccountNamed(database.queries, account)) ?? (await findAccountNamed(database.queries, key))
    if (!found) throw new Fault('not_found', `There is no account ${account}.`)
    const devices = await endDevices(database.queries, found.id, device, Date.now())
    if (device !== undefined && devices.length === 0) throw new Fault('not_found', `This account has no device ${device} that still counts.`)
    await database.durable()
    return { account: found.id, devices }
  })
  const signal: NodeSignals['ended'] = { accountId: ended.account, ...(device === undefined ? {} : { deviceId: device }) }
  if (redisUrl === undefined) return { ...ended, told: false }
  const told = await withRedis(redisUrl, (redis) => tellNodes<NodeSignals, 'ended'>(redis, 'ended', signal)).then(
    () => true,
    () => false,
  )
  return { ...ended, told }
}
