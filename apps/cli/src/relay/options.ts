import type { Command } from 'commander'

/** What the commands of a relay are told. The names are those of the relay's configuration, which judges the values. */
export interface RelayFlags {
  readonly home?: string
  readonly databaseUrl?: string
  readonly redisUrl?: string
  readonly host?: string
  readonly port?: string
  readonly metricsPort?: string
  readonly logLevel?: string
  readonly json?: boolean
}
/** Where a relay's data is. */
export const addPlace = (command: Command): Command =>
  command
    .option('--home <folder>', 'folder of the embedded database, the files and the secret (or STEWARD_RELAY_HOME; ~/.steward-relay)')
    .option('--database-url <url>', 'PostgreSQL instead of the embedded database (or DATABASE_URL)')
export const withRedis = (command: Command): Command =>
  command.option('--redis-url <url>', 'Redis, over which several nodes find each other (or REDIS_URL)')
export const withJson = (command: Command): Command => command.option('--json', 'answer as JSON on one line')

/** What a relay serves. */
export const addServing = (command: Command): Command =>
  withRedis(command)
    .option('--port <number>', 'port to listen at (or STEWARD_RELAY_PORT; 3005)')
    .option('--host <address>', 'address to listen at (or STEWARD_RELAY_HOST; 127.0.0.1)')
    .option('--metrics-port <number>', 'serve /metrics on a port of its own (or METRICS_PORT)')
    .option('--log-level <level>', 'trace, debug, info, warn, error or silent (or LOG_LEVEL; info)')
