import type { PresenceTimes } from './domains/presence/lives.ts'

/** How a relay is set up. Every field has its row in settings.ts, with its environment variable; see docs/how-to/run-a-relay.md. */
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
  /** True behind a proxy that adds to X-Forwarded-For: its last entry is believed, which the proxy wrote, and nothing that a client says of itself. */
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
  /** A bucket for the attachments, in place of a folder: endpoint, bucket and both keys, or none of them. */
  readonly s3Endpoint?: string
  readonly s3Bucket?: string
  readonly s3AccessKey?: string
  readonly s3SecretKey?: string
  readonly s3Region: string
  /** Whether the bucket is in the path of an address, else in the name of its host. */
  readonly s3PathStyle: boolean
  /** The most an account may hold; 0 is without limit. */
  readonly quotaSessions: number
  readonly quotaMessageBytes: number
  readonly quotaKvBytes: number
  readonly quotaArtifactBytes: number
  readonly quotaAttachmentBytes: number
  /** Older changes leave the log: a client that was away longer fetches everything anew. A day is the least. */
  readonly changesKeptMs: number
  /** Sessions that are over, and that nothing was heard of for so long, are deleted; 0: never. */
  readonly sessionsKeptMs: number
  /** How often all files are compared with what the database knows. */
  readonly sweepFilesEveryMs: number
  /** LiveKit, for voice: `wss://host`, and a key with its secret. All three, or there is no voice. */
  readonly livekitUrl?: string
  readonly livekitKey?: string
  readonly livekitSecret?: string
  /** Expo's push service, and the token it may ask for. */
  readonly expoUrl: string
  readonly expoAccessToken?: string
  /** How long a stream outlives the connection of one of its ends. */
  readonly streamGraceMs: number
  /** When signs of life are kept and missed. No setting: only tests are in more of a hurry. */
  readonly presence: PresenceTimes
  /** How long a challenge may be answered, and a key may wait to be approved. */
  readonly challengeLifeMs: number
  readonly pairingLifeMs: number
  /** A device is believed for so long without asking the database whether it was revoked. Other nodes hear of it at once, but while Redis is away. */
  readonly deviceTrustMs: number
  /** How often what has ended is removed: devices, uploads that never came, old changes, rooms that have closed. */
  readonly sweepEveryMs: number
  /** Requests a minute from one address to what is open to everyone. Each key that waits to be approved asks once a second. */
  readonly openPerMinute: number
  /** Logins a minute from one address, and with one key. */
  readonly loginsPerMinute: number
  readonly loginsPerKeyPerMinute: number
  /** Keys a minute from one address that begin to wait, and how often one key may ask. */
  readonly pairingsPerMinute: number
  readonly pollsPerKeyPerMinute: number
  /** Sockets of one account on one node, at most, and its requests that are under way there. */
  readonly socketsPerAccount: number
  readonly requestsPerAccount: number
  /** A request's head, and all of it, must have come within. What comes without a token has the time of a head for all of it. */
  readonly headTimeoutMs: number
  readonly requestTimeoutMs: number
  readonly logLevel: LogLevel
  /** Port of `/metrics`, a server of its own; without it there is none, and nothing is counted. */
  readonly metricsPort?: number
  readonly metricsHost: string
  /** How long a relay that is told to stop goes on serving, not ready any more, so that proxies send clients elsewhere. */
  readonly drainDelayMs: number
  /** How long it then waits for what is under way. */
  readonly drainLimitMs: number
}
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]
const minute = 60_000
const day = 24 * 60 * minute
const GiB = 1024 ** 3
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
  s3Region: 'us-east-1',
  s3PathStyle: true,
  quotaSessions: 100_000,
  quotaMessageBytes: 20 * GiB,
  quotaKvBytes: GiB / 16,
  quotaArtifactBytes: GiB,
  quotaAttachmentBytes: 5 * GiB,
  changesKeptMs: 90 * day,
  sessionsKeptMs: 0,
  sweepFilesEveryMs: 6 * 60 * 60_000,
  expoUrl: 'https://exp.host',
  logLevel: 'info',
  metricsHost: '127.0.0.1',
  drainDelayMs: 0,
  drainLimitMs: 4_000,
  streamGraceMs: 60_000,
  presence: { renewAfterMs: 30_000, keepEveryMs: 5_000, sweepEveryMs: 60_000, silentMs: 10 * 60_000 },
  challengeLifeMs: 5 * minute,
  pairingLifeMs: 10 * minute,
  deviceTrustMs: 10_000,
  sweepEveryMs: 5 * minute,
  openPerMinute: 6_000,
  loginsPerMinute: 300,
  loginsPerKeyPerMinute: 30,
  pairingsPerMinute: 120,
  pollsPerKeyPerMinute: 150,
  socketsPerAccount: 2_000,
  requestsPerAccount: 512,
  headTimeoutMs: 20_000,
  requestTimeoutMs: 5 * minute,
} satisfies Partial<RelayConfig>
