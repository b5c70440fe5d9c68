import { Fault } from '@steward/contract'
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
  readonly publicUrl?: string
  readonly json?: boolean
}
/** What the start of one is told beside. */
export interface StartFlags extends RelayFlags {
  readonly standalone?: boolean
  readonly s3?: string
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
    .option('--public-url <url>', 'address under which clients know it (or PUBLIC_URL)')
    .option('--s3 <url>', 'bucket for attachments, https://host/bucket, in place of a folder; its keys are S3_ACCESS_KEY and S3_SECRET_KEY')
    .option('--metrics-port <number>', 'serve /metrics on a port of its own (or METRICS_PORT)')
    .option('--log-level <level>', 'trace, debug, info, warn, error or silent (or LOG_LEVEL; info)')
/** The store and the bucket that `--s3` names. Throws Fault `invalid`. */
export function bucketFlags(s3: string | undefined): { s3Endpoint?: string; s3Bucket?: string } {
  if (s3 === undefined) return {}
  const place = URL.canParse(s3) ? new URL(s3) : undefined
  const [, bucket = '', ...rest] = place?.pathname.replace(/\/$/, '').split('/') ?? []
  if (place === undefined || !/^https?:$/.test(place.protocol) || bucket === '' || rest.length > 0 || place.username !== '')
    throw new Fault('invalid', '--s3 must be the address of a bucket, https://host/bucket; its keys are S3_ACCESS_KEY and S3_SECRET_KEY.')
  return { s3Endpoint: place.origin, s3Bucket: bucket }
}
