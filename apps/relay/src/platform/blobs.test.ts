import { readdir, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import type { PutOptions } from './blobs.ts'
import { createFileBlobs } from './blobs-files.ts'
import { all, bytes, fault, few, inBucket, inFolder, keys, read } from './testing/blob-stores.ts'

async function* broken(): AsyncGenerator<Uint8Array, void> {
  yield* bytes(100_000)
  throw new Error('socket hang up')
}

describe.each([
  ['a folder', inFolder],
  ['a bucket', inBucket],
])('blobs in %s', (_name, open) => {
  test('what was put comes back whole and in ranges, whether its size was told before or not', async () => {
    await using store = await open()
    const { put, get } = store.blobs
    const size = 1_000_003
    const whole = await read(bytes(size))
    expect(await put('sessions/s1/a.enc', bytes(size), few)).toEqual({ size })
    expect(await put('sessions/s1/b.enc', bytes(size), { ...few, size })).toEqual({ size })
    for (const key of ['sessions/s1/a.enc', 'sessions/s1/b.enc']) {
      const found = await get(key)
      expect(found?.size).toBe(size)
      expect((await read(found?.body)).equals(whole)).toBe(true)
      for (const [start, end] of [
        [0, 9],
        [5, 5],
        [999_990, 2_000_000],
      ] as const) {
        const part = await get(key, { start, end })
        expect(part?.size).toBe(size)
        expect((await read(part?.body)).equals(whole.subarray(start, end + 1))).toBe(true)
      }
      for (const range of [
        { start: size, end: size + 5 },
        { start: 5, end: 4 },
        { start: -1, end: 4 },
      ])
        await expect(get(key, range)).rejects.toEqual(fault('invalid', /range lies outside/))
    }
  })
  test('an empty blob is a blob, and one that is not there is not', async () => {
    await using store = await open()
    await store.blobs.put('empty', bytes(0), few)
    const empty = await store.blobs.get('empty')
    expect([empty?.size, (await read(empty?.body)).length]).toEqual([0, 0])
    expect(await store.blobs.get('nothing')).toBeUndefined()
    expect(await store.blobs.get('empty/nothing')).toBeUndefined()
    await store.blobs.remove('nothing')
    await store.blobs.remove('empty/nothing')
    await store.blobs.removePrefix('nothing/')
    expect(await keys(store.blobs)).toEqual(['empty'])
  })
  test('a second blob of a key replaces the first', async () => {
    await using store = await open()
    await store.blobs.put('a/b', bytes(100), few)
    await store.blobs.put('a/b', bytes(5), few)
    expect((await read((await store.blobs.get('a/b'))?.body)).length).toBe(5)
  })
  test.each([
    ['is too large', () => bytes(200_000), { maxBytes: 199_999 }, fault('too_large', /larger than 199999 bytes/)],
    ['is announced too large', () => bytes(5), { maxBytes: 4, size: 5 }, fault('too_large', /larger than 4 bytes/)],
    ['is longer than announced', () => bytes(200_000), { ...few, size: 100_000 }, fault('invalid', /100000 bytes/)],
    ['is shorter than announced', () => bytes(200_000), { ...few, size: 300_000 }, fault('invalid', /300000 bytes/)],
    ['breaks off', broken, few, fault('invalid', /broke off/)],
  ])('an upload that %s is refused, and the blob that was there stays', async (_what, body, options: PutOptions, refused) => {
    await using store = await open()
    // What has come of a broken upload s3rver keeps, as S3 does not.
    const keeps = open === inFolder || options.size === undefined
    await store.blobs.put('a/kept', bytes(10), few)
    const before = (await readdir(tmpdir())).filter((name) => name.startsWith('steward-upload-'))
    await expect(store.blobs.put('a/kept', body(), options)).rejects.toEqual(refused)
    if (keeps) expect((await read((await store.blobs.get('a/kept'))?.body)).length).toBe(10)
    expect((await readdir(tmpdir())).filter((name) => name.startsWith('steward-upload-'))).toEqual(before)
    if (open === inFolder) expect(await readdir(path.join(store.folder, 'arriving'))).toEqual([])
  })
  test('all under a prefix are listed and removed, and no others', async () => {
    await using store = await open()
    const { put, remove, removePrefix, list } = store.blobs
    for (const key of ['s/1/a', 's/1/b/c', 's/1/b', 's/10/a', 's/2/a', 'other']) await put(key, bytes(3), few)
    const before = Date.now()
    const [other] = (await all(list(''))).filter(({ key }) => key === 'other')
    expect(other).toEqual({ key: 'other', size: 3, modifiedAt: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/) })
    expect(Math.abs(Date.parse(other?.modifiedAt ?? '') - before)).toBeLessThan(60_000)
    expect(await keys(store.blobs, 's/1/')).toEqual(['s/1/a', 's/1/b', 's/1/b/c'])
    await removePrefix('s/1/')
    expect(await keys(store.blobs)).toEqual(['other', 's/10/a', 's/2/a'])
    await remove('s/2/a')
    await remove('other')
    expect(await keys(store.blobs)).toEqual(['s/10/a'])
  })
  test.each([
    '',
    '/',
    '/a',
    'a/',
    'a//b',
    '..',
    'a/../b',
    './a',
    '.hidden',
    'a/.b',
    'a b',
    'ä',
    'a\0',
    'a\\b',
    'a~',
    'a?b',
    `${'a/'.repeat(300)}a`,
    'a'.repeat(201),
  ])('the key %j is refused everywhere', async (key) => {
    await using store = await open()
    const { put, get, remove, removePrefix, list } = store.blobs
    const refused = fault('invalid', /characters|letters|prefix/)
    await expect(put(key, bytes(1), few)).rejects.toEqual(refused)
    await expect(get(key)).rejects.toEqual(refused)
    await expect(remove(key)).rejects.toEqual(refused)
    if (key !== 'a/') await expect(removePrefix(key)).rejects.toEqual(refused)
    if (key !== 'a/' && key !== '') await expect(async () => all(list(key))).rejects.toEqual(refused)
  })
})
test('blobs put and removed at the same time in one place do not disturb each other', async () => {
  await using store = await inFolder()
  const { put, remove, get } = store.blobs
  const work = Array.from({ length: 12 }, async (_, index) => {
    // Two share a folder, which is empty, and goes, time and again.
    const key = `shared/${index >> 1}/${index}`
    for (let round = 0; round < 100; round++) {
      await put(key, bytes(10), few)
      await remove(key)
    }
    await put(key, bytes(10), few)
  })
  await Promise.all(work)
  expect(await keys(store.blobs, 'shared/')).toHaveLength(12)
  expect((await get('shared/5/11'))?.size).toBe(10)
})
test('folders go with their last blob, and what a crash left of an upload goes a day later', async () => {
  await using store = await inFolder()
  await store.blobs.put('a/b/c', bytes(1), few)
  await store.blobs.remove('a/b/c')
  expect(await readdir(path.join(store.folder, 'blobs'))).toEqual([])
  for (const name of ['old', 'new']) await writeFile(path.join(store.folder, 'arriving', name), 'half')
  const twoDaysAgo = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000)
  await utimes(path.join(store.folder, 'arriving', 'old'), twoDaysAgo, twoDaysAgo)
  createFileBlobs(store.folder)
  expect(await readdir(path.join(store.folder, 'arriving'))).toEqual(['new'])
})
