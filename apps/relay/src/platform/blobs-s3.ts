import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { checkedBody, checkedKey, checkedPart, checkedPrefix, type Blobs, type ListedBlob } from './blobs.ts'
import { createS3Client, type S3Place } from './s3-client.ts'
import { spool } from './spool.ts'

/** So many blobs are removed at a time. */
const atOnce = 8

/** Blobs in a bucket of any S3-compatible store. A body whose size is not known before lies in a temporary file on its way. */
export async function createS3Blobs(place: S3Place): Promise<Blobs> {
  const client = await createS3Client(place)
  async function* list(prefix: string): AsyncGenerator<ListedBlob, void> {
    let token: string | undefined
    do {
      const page = await client.list(prefix, token)
      yield* page.blobs
      token = page.next
    } while (token !== undefined)
  }
  return {
    async put(key, body, options) {
      const name = checkedKey(key)
      const { size } = options
      if (size !== undefined) {
        await client.write(name, size, checkedBody(body, options))
        return { size }
      }
      const file = path.join(tmpdir(), `steward-upload-${randomBytes(12).toString('hex')}`)
      try {
        const spooled = await spool(file, checkedBody(body, options))
        await client.write(name, spooled, () => createReadStream(file, { highWaterMark: 256 * 1024 }))
        return { size: spooled }
      } finally {
        await rm(file, { force: true })
      }
    },
    get: async (key, range) => client.read(checkedKey(key), range),
    remove: async (key) => client.remove(checkedKey(key)),
    async removePrefix(prefix) {
      let batch: Promise<void>[] = []
      for await (const { key } of list(checkedPart(prefix))) {
        batch.push(client.remove(key))
        if (batch.length < atOnce) continue
        await Promise.all(batch)
        batch = []
      }
      await Promise.all(batch)
    },
    list: (prefix) => list(checkedPrefix(prefix)),
  }
}
