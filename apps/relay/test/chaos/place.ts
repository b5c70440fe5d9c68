import { tempDir, type Random } from '@steward/testkit'
import { createDatabase, startPostgres, startRedis, type PostgresServer, type RedisServer } from '@steward/testkit/relay'
import { createChaosNode, type ChaosNode } from './node.ts'
import type { Tally } from './tally.ts'

/** Nodes in processes of their own over one PostgreSQL and one Redis. */
export interface Place extends AsyncDisposable {
  readonly postgres: PostgresServer
  readonly redis: RedisServer
  readonly nodes: readonly ChaosNode[]
  /** The doors of the nodes, each behind its proxy. */
  readonly urls: readonly string[]
}
/** All clients come from one address. A device is asked for anew soon, so that it is while the database is away. */
const settings = {
  STEWARD_RELAY_SECRET: 'Vq3mT8xZ1pLw6Rk9sJd2HfTGc7BnWYyQ',
  STEWARD_RELAY_LOGINS_PER_MINUTE: '1000000',
  STEWARD_RELAY_OPEN_PER_MINUTE: '1000000',
  STEWARD_RELAY_DEVICE_TRUST: '2s',
  STEWARD_RELAY_LOG_LEVEL: 'error',
}

/** Starts everything and waits until every node is ready. PostgreSQL keeps what it has acknowledged (`fsync`), whatever ends it. */
export async function openPlace(nodeCount: number, chance: Random, tally: Tally): Promise<Place> {
  await using stack = new AsyncDisposableStack()
  const postgres = stack.use(await startPostgres({ durable: true }))
  const redis = stack.use(await startRedis())
  const database = await createDatabase(postgres.url)
  const home = stack.use(await tempDir('steward-chaos-'))
  const nodes: ChaosNode[] = []
  for (let at = 0; at < nodeCount; at++) {
    const name = `node ${at}`
    const random = chance.of(name).next
    const node = await createChaosNode({
      name,
      settings: { ...settings, HOME: home.path, STEWARD_RELAY_HOME: home.path },
      databaseUrl: database.url,
      redisUrl: redis.url,
      random,
      tally,
    })
    stack.defer(() => node.stop())
    nodes.push(node)
  }
  await Promise.all(nodes.map((node) => node.start()))
  const held = stack.move()
  return { postgres, redis, nodes, urls: nodes.map(({ door }) => door.url), [Symbol.asyncDispose]: () => held.disposeAsync() }
}
