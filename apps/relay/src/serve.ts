import { mkdirSync } from 'node:fs'
import { openRelay, type Relay } from './app.ts'
import type { RelayConfig } from './config.ts'
import { createLog, told } from './platform/log.ts'

/**
 * Opens a relay that tells its log, JSON lines on standard error, what goes wrong and what it does. Throws Fault: `unavailable` where its database is away, `conflict` where its
 * port is taken, `unprocessable` for a database of a newer program.
 */
export async function serveRelay(config: RelayConfig, version: string): Promise<Relay> {
  // The secret and the embedded database are here: nobody else's business.
  process.umask(0o077)
  mkdirSync(config.home, { recursive: true, mode: 0o700 })
  const log = createLog(config.logLevel)
  const relay = await openRelay(config, (error, what) => log.error({ what, error: told(error) }, 'Something went wrong inside.'), version, log)
  log.info({ node: relay.node, url: relay.url, version, database: config.databaseUrl === undefined ? 'sqlite' : 'postgres' }, 'The relay is up.')
  return {
    ...relay,
    async close() {
      log.info({ node: relay.node }, 'The relay is stopping.')
      await relay.close()
      log.info({ node: relay.node }, 'The relay has stopped.')
    },
  }
}
