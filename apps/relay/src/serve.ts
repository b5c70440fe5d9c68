import { mkdirSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { relayOperations } from '@steward/contract/relay'
import { describeContract } from '@steward/kernel/http'
import { openRelay, type Relay } from './app.ts'
import type { RelayConfig } from './config.ts'
import { createLog, told } from './platform/log.ts'

const settleAfterMs = 1_000
/**
 * What can wait until the relay answers. Compiled code is kept now and not at the end, which a crash would not reach. And a fifth of the memory is what the start has left behind;
 * V8 by itself would hold it for as long as little happens.
 */
function settle(): void {
  flushCompileCache()
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect === 'function') collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}
/** The OpenAPI 3.1 document of the relay. */
export const relayOpenapi = (version: string): unknown => describeContract(relayOperations, [], version)

/**
 * Opens a relay as the one matter of this process: it tells its log, JSON lines on standard error, what goes wrong and what it does. Throws Fault: `unavailable` where its database is away, `conflict` where its
 * port is taken, `unprocessable` for a database of a newer program.
 */
export async function serveRelay(config: RelayConfig, version: string): Promise<Relay> {
  // The secret and the embedded database are here: nobody else's business.
  process.umask(0o077)
  mkdirSync(config.home, { recursive: true, mode: 0o700 })
  const log = createLog(config.logLevel)
  process.on('uncaughtException', (error) => {
    log.fatal({ error: told(error) }, 'The relay has crashed.')
    process.exit(1)
  })
  const relay = await openRelay(config, (error, what) => log.error({ what, error: told(error) }, 'Something went wrong inside.'), version, log)
  for (const advice of relay.advice) log.warn(advice)
  log.info({ node: relay.node, url: relay.url, version, database: config.databaseUrl === undefined ? 'sqlite' : 'postgres' }, 'The relay is up.')
  const settling = setTimeout(settle, settleAfterMs).unref()
  return {
    ...relay,
    async close() {
      clearTimeout(settling)
      log.info({ node: relay.node }, 'The relay is stopping.')
      await relay.close()
      log.info({ node: relay.node }, 'The relay has stopped.')
    },
  }
}
