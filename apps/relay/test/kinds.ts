import { createDatabase, lackingPostgres, startPostgres, startRedis, type PostgresServer, type RedisServer } from '@steward/testkit/relay'
import { lacking, soak } from '@steward/testkit'
import { afterAll, describe } from 'vitest'
import type { RelayConfig } from '../src/index.ts'
import { startRelay, type TestRelay } from './start.ts'

/** What a relay can stand on. */
const kinds = {
  'on SQLite': { postgres: false, nodes: 1 },
  'on PostgreSQL': { postgres: true, nodes: 1 },
  'on two nodes': { postgres: true, nodes: 2 },
} as const

type Kind = keyof typeof kinds
type Stories = (begin: (config?: Partial<RelayConfig>) => Promise<TestRelay>, nodes: number) => void
/**
 * Tells the same stories on SQLite, on PostgreSQL and on two nodes. `begin` starts a relay with a database of its own; all are stopped at the end. Each kind is skipped
 * with the name of what is missing on this host.
 */
export const onEveryKind = (stories: Stories): void => tellOn(Object.keys(kinds) as Kind[], stories)
const canCluster = lackingPostgres() === null && lacking('redis-server') === null
/** The same in `npm run soak`; in `npm test` on two nodes, which ask of PostgreSQL what one does and more, and on SQLite where they cannot be had. */
export const onMainKinds = (stories: Stories): void =>
  tellOn(soak([canCluster ? 'on two nodes' : 'on SQLite'], Object.keys(kinds) as Kind[]), stories)
function tellOn(chosen: readonly Kind[], stories: Stories): void {
  for (const name of chosen) {
    const { postgres, nodes } = kinds[name]
    const missing = (postgres ? lackingPostgres() : null) ?? (nodes > 1 ? lacking('redis-server') : null)
    describe.skipIf(missing !== null)(`${name}${missing ?? ''}`, () => {
      let server: Promise<PostgresServer> | undefined
      let redis: Promise<RedisServer> | undefined
      const endings: (() => Promise<unknown>)[] = []
      afterAll(async () => {
        for (const end of endings.toReversed()) await end()
        await (await server)?.stop()
        await (await redis)?.stop()
      })
      stories(async (config = {}) => {
        const shared: Partial<RelayConfig> = {}
        if (postgres) {
          const database = await createDatabase((await (server ??= startPostgres())).url)
          endings.push(() => database.drop())
          Object.assign(shared, { databaseUrl: database.url })
        }
        if (nodes > 1) Object.assign(shared, { redisUrl: (await (redis ??= startRedis())).url })
        const relay = await startRelay({ ...shared, ...config }, nodes)
        endings.push(() => relay.stop())
        return relay
      }, nodes)
    })
  }
}
