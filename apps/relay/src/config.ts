import type { PresenceTimes } from './domains/presence/lives.ts'

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
  /** How long a stream outlives the connection of one of its ends. */
  readonly streamGraceMs: number
  /** When signs of life are kept and missed. No setting: only tests are in more of a hurry. */
  readonly presence: PresenceTimes
}
const day = 24 * 60 * 60_000
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
  streamGraceMs: 60_000,
  presence: { renewAfterMs: 30_000, keepEveryMs: 5_000, sweepEveryMs: 60_000, silentMs: 10 * 60_000 },
} satisfies Partial<RelayConfig>
