import os from 'node:os'
import path from 'node:path'
import { defaults, logLevels, type RelayConfig } from './config.ts'
import { readTable, setting, type SettingTable } from './setting-table.ts'
import { duration, oneOf, size, text, url, whole, yesOrNo } from './setting-texts.ts'

const port = whole(0, 65_535)
/** Node's timers reach no further than 24 days. */
const timer = duration('1s', '24d')
const validity = duration('1s', '3650d')
const quota = size('0', '1024TiB')
const many = whole(1, 1_000_000_000)

/** What only tests change. */
type Fixed = 'presence'

/** Every field of the configuration, with its environment variables: a new field is one row here. Its flag, where it has one, is the command line's matter. */
export const settings = {
  host: setting(['STEWARD_RELAY_HOST'], text, 'address to listen at; any but the loopback wants TLS in front'),
  port: setting(['STEWARD_RELAY_PORT', 'PORT'], port, 'port to listen at; 0 takes a free one'),
  home: setting(['STEWARD_RELAY_HOME'], text, 'folder of the embedded database, the files and the secret'),
  databaseUrl: setting(['STEWARD_RELAY_DATABASE_URL', 'DATABASE_URL'], url('postgres', 'postgresql'), 'PostgreSQL instead of the embedded database'),
  databaseConnections: setting(['STEWARD_RELAY_DATABASE_CONNECTIONS'], whole(2, 1000), 'connections to PostgreSQL of one node, at most'),
  redisUrl: setting(['STEWARD_RELAY_REDIS_URL', 'REDIS_URL'], url('redis', 'rediss'), 'Redis, over which several nodes find each other'),
  secret: setting(
    ['STEWARD_RELAY_SECRET'],
    text,
    'master secret, 32 random bytes as text; the same on all nodes. Without it one is made and kept in the home',
  ),
  publicUrl: setting(
    ['STEWARD_RELAY_PUBLIC_URL', 'PUBLIC_URL'],
    url('https', 'http'),
    'address under which clients know the relay; without it that of each request counts',
  ),
  filesFolder: setting(['STEWARD_RELAY_FILES'], text, 'folder of the attachments, shared by all nodes; without it, on one node, `files` in the home'),
  s3Endpoint: setting(
    ['STEWARD_RELAY_S3_ENDPOINT', 'S3_ENDPOINT'],
    url('https', 'http'),
    'S3-compatible store for the attachments; with it the next three',
  ),
  s3Bucket: setting(['STEWARD_RELAY_S3_BUCKET', 'S3_BUCKET'], text, 'its bucket'),
  s3AccessKey: setting(['STEWARD_RELAY_S3_ACCESS_KEY', 'S3_ACCESS_KEY'], text, 'its access key'),
  s3SecretKey: setting(['STEWARD_RELAY_S3_SECRET_KEY', 'S3_SECRET_KEY'], text, 'its secret key'),
  s3Region: setting(['STEWARD_RELAY_S3_REGION', 'S3_REGION'], text, 'its region'),
  s3PathStyle: setting(['STEWARD_RELAY_S3_PATH_STYLE', 'S3_PATH_STYLE'], yesOrNo, "whether the bucket is in an address's path, else in its host"),
  quotaSessions: setting(
    ['STEWARD_RELAY_QUOTA_SESSIONS'],
    whole(0, 1_000_000_000),
    'sessions of one account, at most; 0: without limit, here and below',
  ),
  quotaMessageBytes: setting(['STEWARD_RELAY_QUOTA_MESSAGES'], quota, 'size of all messages of one account'),
  quotaKvBytes: setting(['STEWARD_RELAY_QUOTA_KV'], quota, 'size of all keys and values of one account'),
  quotaArtifactBytes: setting(['STEWARD_RELAY_QUOTA_ARTIFACTS'], quota, 'size of all artifacts of one account'),
  quotaAttachmentBytes: setting(['STEWARD_RELAY_QUOTA_ATTACHMENTS'], quota, 'size of all attachments of one account'),
  changesKeptMs: setting(
    ['STEWARD_RELAY_CHANGES_KEPT'],
    duration('1d', '36500d'),
    'older changes leave the log: a client that was away longer fetches everything anew',
  ),
  sessionsKeptMs: setting(
    ['STEWARD_RELAY_SESSIONS_KEPT'],
    duration('0s', '36500d'),
    'sessions that are over, and that nothing was heard of for so long, are deleted; 0: never',
  ),
  sweepFilesEveryMs: setting(['STEWARD_RELAY_SWEEP_FILES_EVERY'], timer, 'how often all attachments are compared with what the database knows'),
  livekitUrl: setting(['STEWARD_RELAY_LIVEKIT_URL', 'LIVEKIT_URL'], url('wss', 'ws', 'https', 'http'), 'LiveKit, for voice; with it the next two'),
  livekitKey: setting(['STEWARD_RELAY_LIVEKIT_API_KEY', 'LIVEKIT_API_KEY'], text, 'its key'),
  livekitSecret: setting(['STEWARD_RELAY_LIVEKIT_API_SECRET', 'LIVEKIT_API_SECRET'], text, 'its secret'),
  tokenLifeMs: setting(['STEWARD_RELAY_TOKEN_LIFE'], validity, 'how long a login lasts'),
  acceptClientChallenges: setting(
    ['STEWARD_RELAY_ACCEPT_CLIENT_CHALLENGES'],
    yesOrNo,
    "whether logins with a challenge of the client's own making count, as the existing apps send",
  ),
  trustProxy: setting(['STEWARD_RELAY_TRUST_PROXY', 'TRUST_PROXY'], yesOrNo, 'whether X-Forwarded-For is believed: behind a proxy, and only there'),
  maxBodyBytes: setting(['STEWARD_RELAY_MAX_BODY'], size('1KiB', '1GiB'), 'largest body of a request'),
  maxFrameBytes: setting(['STEWARD_RELAY_MAX_FRAME'], size('1KiB', '1GiB'), 'largest frame of a socket'),
  stallLimitMs: setting(['STEWARD_RELAY_STALL_LIMIT'], timer, 'a socket that takes nothing for so long is dropped'),
  streamGraceMs: setting(['STEWARD_RELAY_STREAM_GRACE'], timer, 'how long a stream outlives the connection of one of its ends'),
  challengeLifeMs: setting(['STEWARD_RELAY_CHALLENGE_LIFE'], validity, 'how long a challenge may be answered'),
  pairingLifeMs: setting(['STEWARD_RELAY_PAIRING_LIFE'], validity, 'how long a key may wait to be approved'),
  deviceTrustMs: setting(
    ['STEWARD_RELAY_DEVICE_TRUST'],
    validity,
    'how long a device is believed without asking the database whether it was revoked',
  ),
  sweepEveryMs: setting(['STEWARD_RELAY_SWEEP_EVERY'], timer, 'how often what has ended is removed'),
  openPerMinute: setting(['STEWARD_RELAY_OPEN_PER_MINUTE'], many, 'requests a minute from one address to what is open to everyone'),
  loginsPerMinute: setting(['STEWARD_RELAY_LOGINS_PER_MINUTE'], many, 'logins a minute from one address'),
  loginsPerKeyPerMinute: setting(['STEWARD_RELAY_LOGINS_PER_KEY_PER_MINUTE'], many, 'logins a minute with one key'),
  pairingsPerMinute: setting(['STEWARD_RELAY_PAIRINGS_PER_MINUTE'], many, 'keys a minute from one address that begin to wait for approval'),
  pollsPerKeyPerMinute: setting(['STEWARD_RELAY_POLLS_PER_KEY_PER_MINUTE'], many, 'how often a minute a waiting key may ask'),
  socketsPerAccount: setting(['STEWARD_RELAY_SOCKETS_PER_ACCOUNT'], many, 'sockets of one account on one node'),
  requestsPerAccount: setting(['STEWARD_RELAY_REQUESTS_PER_ACCOUNT'], many, 'requests of one account under way on one node'),
  headTimeoutMs: setting(['STEWARD_RELAY_HEAD_TIMEOUT'], timer, "how long a request's head may take, and all of one without a token"),
  requestTimeoutMs: setting(['STEWARD_RELAY_REQUEST_TIMEOUT'], timer, 'how long all of a request may take to come'),
  expoUrl: setting(['STEWARD_RELAY_EXPO_URL', 'EXPO_URL'], url('https', 'http'), "Expo's push service"),
  expoAccessToken: setting(['STEWARD_RELAY_EXPO_ACCESS_TOKEN', 'EXPO_ACCESS_TOKEN'], text, 'access token for it, where the apps want one'),
  logLevel: setting(['STEWARD_RELAY_LOG_LEVEL', 'LOG_LEVEL'], oneOf(logLevels), 'least level of the log; at `debug` it tells of every request'),
  metricsPort: setting(['STEWARD_RELAY_METRICS_PORT', 'METRICS_PORT'], port, 'port of `/metrics`; without it there is none'),
  metricsHost: setting(['STEWARD_RELAY_METRICS_HOST'], text, 'address of `/metrics`'),
  drainDelayMs: setting(
    ['STEWARD_RELAY_DRAIN_DELAY'],
    duration('0s', '1h'),
    'how long a relay that is told to stop goes on answering while `/ready` says 503, so that proxies notice',
  ),
  drainLimitMs: setting(['STEWARD_RELAY_DRAIN_LIMIT'], duration('0s', '1h'), 'how long it then waits for requests under way'),
} satisfies SettingTable<Omit<RelayConfig, Fixed>>

/** What was said on the command line, by field; text as it was typed. */
export type Flags = Readonly<Record<string, string | undefined>>

/**
 * The configuration: what the command line says, else what the environment says, else the defaults. Throws Fault `invalid` with the name of a flag or variable that does
 * not fit, and never with a value, which may be a secret.
 */
export function readConfig(flags: Flags, env: Readonly<Record<string, string | undefined>>): RelayConfig {
  const config: RelayConfig = { home: path.join(os.homedir(), '.steward-relay'), ...defaults, ...readTable(settings, flags, env) }
  return { ...config, home: path.resolve(config.home) }
}
