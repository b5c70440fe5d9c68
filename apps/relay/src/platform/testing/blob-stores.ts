import { createServer, type RequestListener } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { tempDir } from '@steward/testkit'
import { expect } from 'vitest'
import type { Blobs } from '../blobs.ts'
import { createFileBlobs } from '../blobs-files.ts'
import { createS3Blobs } from '../blobs-s3.ts'
import type { S3Place } from '../s3-client.ts'

interface S3Server {
  run(): Promise<AddressInfo>
  close(): Promise<void>
}
const require = createRequire(import.meta.url)
/** It has no types of its own. It knows access keys, but does not check signatures of version 4. */
const S3rver = require('s3rver') as new (options: object) => S3Server
const place = { bucket: 'files', region: 'us-east-1', accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER', pathStyle: true }
type Store = AsyncDisposable & { readonly blobs: Blobs; readonly folder: string }

/** Blobs in a fresh folder. */
export async function inFolder(): Promise<Store> {
  const dir = await tempDir()
  return { blobs: createFileBlobs(dir.path), folder: dir.path, [Symbol.asyncDispose]: () => dir[Symbol.asyncDispose]() }
}
/** Blobs in a fresh bucket of an s3rver. */
export async function inBucket(more: Partial<S3Place> = {}): Promise<Store> {
  const dir = await tempDir()
  const server = new S3rver({ port: 0, address: '127.0.0.1', silent: true, directory: dir.path, configureBuckets: [{ name: 'files' }] })
  const { port } = await server.run()
  return {
    blobs: await createS3Blobs({ ...place, ...more, endpoint: `http://127.0.0.1:${port}` }),
    folder: dir.path,
    async [Symbol.asyncDispose]() {
      await server.close()
      await dir[Symbol.asyncDispose]()
    },
  }
}
/** Blobs in a store that answers as it is told to, its keys `AKIA-known` and `very-secret-key`. */
export async function storeThat(answer: RequestListener, more: Partial<S3Place> = {}) {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const secrets = { accessKeyId: 'AKIA-known', secretAccessKey: 'very-secret-key' }
  return {
    blobs: await createS3Blobs({ ...place, ...secrets, endpoint: `http://127.0.0.1:${port}`, ...more }),
    port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
/** So many bytes, in pieces. */
export async function* bytes(size: number, chunkSize = 64 * 1024): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; at < size; at += chunkSize) {
    await delay(0)
    yield new Uint8Array(Math.min(chunkSize, size - at)).map((_, index) => (at + index) % 251)
  }
}
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}
export const read = async (body: AsyncIterable<Uint8Array> | undefined): Promise<Buffer> => Buffer.concat(await all(body ?? bytes(0)))
export const keys = async (blobs: Blobs, prefix = ''): Promise<string[]> => (await all(blobs.list(prefix))).map(({ key }) => key).toSorted()
export const few = { maxBytes: 10_000_000 }
export const fault = (code: string, message: RegExp): unknown =>
  expect.objectContaining({ name: 'Fault', code, message: expect.stringMatching(message) })
