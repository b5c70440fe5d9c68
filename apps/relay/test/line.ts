import { createDatabase, startPostgres, startProxy, startRedis } from '@steward/testkit/relay'
import { startRelay } from './start.ts'

/** Two nodes whose way to each other leads through `line`; all of it ends with the stack. */
export async function startOverLine(stack: AsyncDisposableStack) {
  const database = stack.use(await createDatabase(stack.use(await startPostgres()).url))
  const line = stack.use(await startProxy(stack.use(await startRedis()).url))
  const relay = await startRelay({ databaseUrl: database.url, redisUrl: line.url }, 2)
  stack.defer(() => relay.stop())
  return { relay, line }
}
