import type { Quotas } from './changes/quotas.ts'
import type { S3Place } from './platform/s3-client.ts'

/** How a relay is set up. Every field has its environment variable; see docs/how-to/run-a-relay.md. */
export interface RelayConfig {
  readonly host: string
  readonly port: number
  /** Folder of the embedded database, the files and the secret. */
  readonly home: string
  /** PostgreSQL; without it the embedded database is used. */
  readonly databaseUrl?: string
  readonly redisUrl?: string
  /** Bytes of a request's body, and of a socket's frame, at most. */
  readonly maxBodyBytes: number
  readonly maxFrameBytes: number
  readonly tokenLifeMs: number
  /** False: only challenges that this relay made are taken. */
  readonly acceptClientChallenges: boolean
  /** True behind a proxy whose X-Forwarded-For is to be believed. */
  readonly trustProxy: boolean
  /** Connections to PostgreSQL, at most. */
  readonly databaseConnections: number
  /** The master secret; without it one is made and kept in the home. */
  readonly secret?: string
  readonly stallLimitMs: number
  /** The address under which clients know the relay, `https://host[:port][/path]`; without it that of each request counts. */
  readonly publicUrl?: string
  /** Folder of the attachments; without it `files` in the home. Nodes of a cluster must share it, or use S3. */
  readonly filesFolder?: string
  /** A bucket for the attachments, in place of a folder. */
  readonly s3?: S3Place
  /** The most an account may hold; 0 is without limit. */
  readonly quotas: Quotas
  /** Changes older than so many days leave the log: a client that was away longer fetches everything anew. At least 1. */
  readonly retentionDays: number
  /** Sessions that nothing was heard of for so many days are deleted; 0: never. */
  readonly sessionRetentionDays: number
  /** How often what is over is looked for: uploads that never came, old changes, rooms that have closed. */
  readonly sweepEveryMs: number
  /** How often all files are compared with what the database knows. */
  readonly sweepFilesEveryMs: number
  /** LiveKit, for voice: `wss://host`, and a key with its secret. All three, or there is no voice. */
  readonly livekitUrl?: string
  readonly livekitKey?: string
  readonly livekitSecret?: string
  /** How long a stream outlives the connection of one of its ends. */
  readonly streamGraceMs: number
}
const day = 24 * 60 * 60_000
const MiB = 1024 * 1024
export const defaults = {
  host: '127.0.0.1',
  port: 3005,
  maxBodyBytes: 32 * 1024 * 1024,
  maxFrameBytes: 32 * 1024 * 1024,
  tokenLifeMs: 365 * day,
  acceptClientChallenges: true,
  trustProxy: false,
  databaseConnections: 10,
  stallLimitMs: 30_000,
  quotas: { sessions: 100_000, messageBytes: 20 * 1024 * MiB, kvBytes: 64 * MiB, artifactBytes: 1024 * MiB, attachmentBytes: 5 * 1024 * MiB },
  retentionDays: 90,
  sessionRetentionDays: 0,
  sweepEveryMs: 10 * 60_000,
  sweepFilesEveryMs: 6 * 60 * 60_000,
  streamGraceMs: 60_000,
} satisfies Partial<RelayConfig>
