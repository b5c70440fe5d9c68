import { setTimeout as delay } from 'node:timers/promises'
import { Fault } from '@steward/contract'
import { describe, expect, test } from 'vitest'
import type { Blobs } from './blobs.ts'
import { bucketUrl } from './s3-client.ts'
import { all, bytes, fault, few, inBucket, keys, read, storeThat } from './testing/blob-stores.ts'
import { isSigned } from './testing/signature-v4.ts'

test('a bucket of several pages is listed and emptied to its end, and what is not ours in it is left alone', async () => {
  const there = new Set(['many/a', 'many/b', 'many/c d', 'many/d&e', 'many/f', 'other/a'])
  // s3rver cannot page on this Node (its tokens are made with DES). The form is that of ListObjectsV2 in the S3 API reference.
  await using store = await storeThat((request, response) => {
    const url = new URL(request.url ?? '', 'http://store')
    if (!isSigned(request, 'very-secret-key')) return response.writeHead(403).end('<Error><Code>SignatureDoesNotMatch</Code></Error>')
    if (request.method === 'DELETE') {
      there.delete(url.pathname.replace('/files/', ''))
      return response.writeHead(204).end()
    }
    const token = Buffer.from(url.searchParams.get('continuation-token') ?? '', 'base64').toString()
    const rest = [...there].filter((key) => key.startsWith(url.searchParams.get('prefix') ?? '') && key > token).toSorted()
    const contents = rest
      .slice(0, 2)
      .map((key) => `<Contents><Key>${key.replace('&', '&amp;')}</Key><LastModified>2026-01-02T03:04:05.000Z</LastModified><Size>7</Size></Contents>`)
    const next = rest.length > 2 ? `<NextContinuationToken>${Buffer.from(rest[1] ?? '').toString('base64')}</NextContinuationToken>` : ''
    return response
      .writeHead(200)
      .end(`<?xml version="1.0"?><ListBucketResult>${next}<IsTruncated>${next !== ''}</IsTruncated>${contents.join('')}</ListBucketResult>`)
  })
  expect(await keys(store.blobs, 'many/')).toEqual(['many/a', 'many/b', 'many/f'])
  expect((await all(store.blobs.list('other/'))).at(0)).toEqual({ key: 'other/a', size: 7, modifiedAt: '2026-01-02T03:04:05.000Z' })
  await store.blobs.removePrefix('many/')
  expect([...there]).toEqual(['many/c d', 'many/d&e', 'other/a'])
})
test('an upload tells its length, as S3 demands, whether it was known before or not, and is signed, and compressed answers are not asked for', async () => {
  const seen: unknown[] = []
  await using store = await storeThat(async (request, response) => {
    const { length } = await read(request)
    const { 'content-length': told, 'transfer-encoding': coding, 'accept-encoding': accepted, 'x-amz-content-sha256': sha256 } = request.headers
    seen.push([request.url, length, told, coding, accepted, sha256])
    response.writeHead(isSigned(request, 'very-secret-key') ? 200 : 403).end()
  })
  await store.blobs.put('a', bytes(300_000), { ...few, size: 300_000 })
  await store.blobs.put('b', bytes(300_000), few)
  await store.blobs.put('c', bytes(0), few)
  const rest = [undefined, 'identity', 'UNSIGNED-PAYLOAD']
  expect(seen).toEqual([
    ['/files/a', 300_000, '300000', ...rest],
    ['/files/b', 300_000, '300000', ...rest],
    ['/files/c', 0, '0', ...rest],
  ])
})
test.each([
  ['https://s3.example.com', true, 'https://s3.example.com/files/'],
  ['https://s3.example.com/', false, 'https://files.s3.example.com/'],
  ['http://127.0.0.1:9000/store/', true, 'http://127.0.0.1:9000/store/files/'],
])('the bucket of %s (in the path: %s) is %s', (endpoint, pathStyle, url) => {
  expect(bucketUrl({ endpoint, bucket: 'files', pathStyle })).toBe(url)
})
describe('a store in trouble', () => {
  const everything = (blobs: Blobs): [string, () => Promise<unknown>][] => [
    ['put', () => blobs.put('a', bytes(300_000), few)],
    ['put of a known size', () => blobs.put('a', bytes(300_000), { ...few, size: 300_000 })],
    ['get', () => blobs.get('a')],
    ['remove', () => blobs.remove('a')],
    ['removePrefix', () => blobs.removePrefix('a/')],
    ['list', () => all(blobs.list(''))],
  ]
  test('that refuses is quoted in its own words, without the keys', async () => {
    await using store = await storeThat((request, response) => {
      request.resume().on('end', () => {
        response.writeHead(403, { 'content-type': 'application/xml' })
        response.end(
          '<?xml version="1.0"?><Error><Code>SignatureDoesNotMatch</Code><Message>Key AKIA-known &amp; very-secret-key are not &quot;right&quot;</Message><StringToSign>very-secret-key</StringToSign></Error>',
        )
      })
    })
    for (const [name, act] of everything(store.blobs)) {
      const error = await act().catch((reason: unknown) => reason)
      expect(error, name).toBeInstanceOf(Fault)
      expect(error, name).toMatchObject({
        code: 'unavailable',
        message: `The file store 127.0.0.1:${store.port} refused with 403 (SignatureDoesNotMatch: Key … & … are not "right"); its operator must look into it.`,
      })
    }
  })
  test('that has no such bucket says so: that is not a blob that is not there', async () => {
    await using store = await storeThat((_request, response) => {
      response.writeHead(404).end('<Error><Code>NoSuchBucket</Code><Message>The specified bucket does not exist</Message></Error>')
    })
    await expect(store.blobs.get('a')).rejects.toEqual(fault('unavailable', /NoSuchBucket/))
  })
  test('that knows other keys refuses', async () => {
    await using store = await inBucket({ accessKeyId: 'another' })
    for (const [name, act] of everything(store.blobs))
      expect(await act().catch((reason: unknown) => reason), name).toEqual(fault('unavailable', /403 \(InvalidAccessKeyId/))
  })
  test('that stays silent is given up, also in the middle of a blob', async () => {
    await using store = await storeThat(
      (request, response) => {
        if (request.url?.endsWith('/half')) response.writeHead(200, { 'content-length': '1000' }).write('x'.repeat(10))
      },
      { silenceMs: 300 },
    )
    const silence = fault('unavailable', /gave no sign of life for 0.3 s/)
    for (const [name, act] of everything(store.blobs)) expect(await act().catch((reason: unknown) => reason), name).toEqual(silence)
    const half = await store.blobs.get('half')
    await expect(read(half?.body)).rejects.toEqual(silence)
  })
  test('that is slow to be read, or slow to be sent to, because of us, is not given up', async () => {
    await using store = await inBucket({ silenceMs: 100 })
    async function* slowly(): AsyncGenerator<Uint8Array, void> {
      for (const chunk of ['a', 'b', 'c']) {
        await delay(150)
        yield Buffer.from(chunk)
      }
    }
    const { blobs } = store
    await blobs.put('slow', slowly(), { ...few, size: 3 })
    const blob = await blobs.get('slow')
    let text = ''
    for await (const chunk of blob?.body ?? []) {
      await delay(300)
      text += Buffer.from(chunk).toString()
    }
    expect(text).toBe('abc')
  })
  test('that has trouble for a moment is asked again, and is sent again what can be', async () => {
    let asked = 0
    await using store = await storeThat(async (request, response) => {
      const { length } = await read(request)
      asked++
      if (asked % 3 !== 0) response.writeHead(503).end('<Error><Code>SlowDown</Code></Error>')
      else response.writeHead(200, { 'content-length': '6' }).end(String(length).padEnd(6))
    })
    expect((await read((await store.blobs.get('a'))?.body)).toString()).toBe('0     ')
    expect(asked).toBe(3)
    expect(await store.blobs.put('a', bytes(300_000), few)).toEqual({ size: 300_000 })
    expect(asked).toBe(6)
    await expect(store.blobs.put('a', bytes(300_000), { ...few, size: 300_000 })).rejects.toEqual(fault('unavailable', /503 \(SlowDown\)/))
    expect(asked).toBe(7)
  })
  test('that is not there is named', async () => {
    const store = await storeThat(() => undefined)
    await store[Symbol.asyncDispose]()
    for (const [name, act] of everything(store.blobs))
      expect(await act().catch((reason: unknown) => reason), name).toEqual(
        fault('unavailable', /127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\)/),
      )
  })
})
