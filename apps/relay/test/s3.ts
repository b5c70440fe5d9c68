import { createRequire } from 'node:module'
import { tempDir } from '@steward/testkit'
import type { S3Place } from '../src/platform/s3-client.ts'
import type { RelayConfig } from '../src/index.ts'

interface S3Server {
  run(): Promise<{ port: number }>
  close(): Promise<void>
}
/** It has no types of its own. */
const S3rver = createRequire(import.meta.url)('s3rver') as new (options: object) => S3Server

/** A relay's settings for a bucket. */
export const settingsOf = ({ endpoint, bucket, accessKeyId, secretAccessKey }: S3Place): Partial<RelayConfig> => ({
  s3Endpoint: endpoint,
  s3Bucket: bucket,
  s3AccessKey: accessKeyId,
  s3SecretKey: secretAccessKey,
})
/** A bucket of its own on a loopback stand-in of an object store. */
export async function startBucket(): Promise<AsyncDisposable & { readonly place: S3Place }> {
  const dir = await tempDir('relay-bucket-')
  const server = new S3rver({ port: 0, address: '127.0.0.1', silent: true, directory: dir.path, configureBuckets: [{ name: 'files' }] })
  const { port } = await server.run()
  const endpoint = `http://127.0.0.1:${port}`
  return {
    place: { endpoint, bucket: 'files', region: 'us-east-1', accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER', pathStyle: true },
    async [Symbol.asyncDispose]() {
      await server.close()
      await dir[Symbol.asyncDispose]()
    },
  }
}
