// What a relay of several nodes stands on, for work on it: `node services.ts db|redis|s3` starts one on a private port, of this host's own programs, until Ctrl-C; with it goes
// what was in it. `s3:init` makes the bucket.
import { once } from 'node:events'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tempDir } from '@steward/testkit'
import { startPostgres, startRedis } from '@steward/testkit/relay'
import { AwsClient } from 'aws4fetch'

interface Service {
  /** What to set for a relay that shall use it. */
  readonly variables: Readonly<Record<string, string>>
  stop(): Promise<unknown>
}
const bucket = { S3_BUCKET: 'relay', S3_REGION: 'us-east-1', S3_ACCESS_KEY: 'S3RVER', S3_SECRET_KEY: 'S3RVER' }

async function s3(): Promise<Service> {
  // It has no types of its own.
  const S3rver = createRequire(import.meta.url)('s3rver') as new (options: object) => { run(): Promise<AddressInfo>; close(): Promise<void> }
  const folder = await tempDir('steward-s3-')
  const server = new S3rver({ port: 0, address: '127.0.0.1', silent: true, directory: folder.path })
  const { port } = await server.run()
  return {
    variables: { S3_ENDPOINT: `http://127.0.0.1:${port}`, ...bucket },
    async stop() {
      await server.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}
/** Makes the bucket that the environment names, where it is not there yet. */
async function makeBucket(): Promise<void> {
  const endpoint = process.env['S3_ENDPOINT'] ?? ''
  const env = { ...bucket, ...process.env }
  if (endpoint === '') throw new Error('Say where the store is: S3_ENDPOINT=http://127.0.0.1:…')
  const client = new AwsClient({ accessKeyId: env.S3_ACCESS_KEY, secretAccessKey: env.S3_SECRET_KEY, region: env.S3_REGION, service: 's3' })
  const { ok, status } = await client.fetch(`${endpoint}/${env.S3_BUCKET}`, { method: 'PUT' })
  // 409: it is there.
  if (!ok && status !== 409) throw new Error(`The store answered ${status}.`)
  console.log(`The bucket ${env.S3_BUCKET} is there.`)
}
const services: Readonly<Record<string, () => Promise<Service>>> = {
  db: async () => {
    const { url, stop } = await startPostgres()
    return { variables: { DATABASE_URL: url }, stop }
  },
  redis: async () => {
    const { url, stop } = await startRedis()
    return { variables: { REDIS_URL: url }, stop }
  },
  s3,
}
async function main(what: string): Promise<void> {
  if (what === 's3:init') return makeBucket()
  const start = services[what]
  if (start === undefined) throw new Error(`Say one of ${[...Object.keys(services), 's3:init'].join(', ')}.`)
  const { variables, stop } = await start()
  for (const [name, value] of Object.entries(variables)) console.log(`export ${name}=${value}`)
  await Promise.race(['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => once(process, signal)))
  await stop()
}
try {
  await main(process.argv[2] ?? '')
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
