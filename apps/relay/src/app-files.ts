import path from 'node:path'
import { Fault } from '@steward/contract'
import type { RelayConfig } from './config.ts'
import type { Blobs } from './platform/blobs.ts'
import { createFileBlobs } from './platform/blobs-files.ts'
import { createS3Blobs } from './platform/blobs-s3.ts'
import type { S3Place } from './platform/s3-client.ts'

/** The bucket, where one is set. Throws Fault `invalid` for half of one. */
function bucketOf(config: RelayConfig): S3Place | undefined {
  const { s3Endpoint: endpoint, s3Bucket: bucket, s3AccessKey: accessKeyId, s3SecretKey: secretAccessKey } = config
  if (endpoint === undefined && bucket === undefined && accessKeyId === undefined && secretAccessKey === undefined) return undefined
  if (endpoint === undefined || bucket === undefined || accessKeyId === undefined || secretAccessKey === undefined)
    throw new Fault(
      'invalid',
      'An S3 store needs its endpoint, a bucket, an access key and its secret key: set all four, or none for files in a folder.',
    )
  return { endpoint, bucket, accessKeyId, secretAccessKey, region: config.s3Region, pathStyle: config.s3PathStyle }
}
/** A node of a cluster must see the files that another has taken. */
const unshared = (config: RelayConfig) => config.redisUrl !== undefined && bucketOf(config) === undefined && config.filesFolder === undefined

/** Where attachments lie: a bucket, else a folder. Undefined for a cluster whose nodes would each have a folder of their own. */
export async function openFiles(config: RelayConfig): Promise<Blobs | undefined> {
  if (unshared(config)) return undefined
  const bucket = bucketOf(config)
  return bucket ? createS3Blobs(bucket) : createFileBlobs(config.filesFolder ?? path.join(config.home, 'files'))
}
/** What an operator should be told at the start, one sentence each. */
export const adviceOn = (config: RelayConfig): readonly string[] => [
  ...(unshared(config)
    ? [
        'Attachments are off: with Redis there may be several nodes, which need one place for files. Set an S3 bucket, or a files folder that all nodes share.',
      ]
    : []),
  ...(config.redisUrl !== undefined && bucketOf(config) === undefined && config.filesFolder !== undefined
    ? [`Attachments lie in ${config.filesFolder}: every node must see the same folder there.`]
    : []),
  ...([config.livekitUrl, config.livekitKey, config.livekitSecret].some((value) => value !== undefined) && !voiceOf(config)
    ? ['Voice is off: it needs the address of LiveKit, its key and its secret, all three.']
    : []),
]
/** The voice server, where all of it is set. */
export function voiceOf({ livekitUrl: url, livekitKey: key, livekitSecret: secret }: RelayConfig) {
  return url !== undefined && key !== undefined && secret !== undefined ? { url, key, secret } : undefined
}
