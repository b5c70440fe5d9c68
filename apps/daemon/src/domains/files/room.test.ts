import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createHome, createRoomHarness, ownerCaller, type RoomHarness } from '../../../test/room-harness.ts'
import { displayName } from './names.ts'

let rooms: RoomHarness
beforeEach(async () => {
  rooms = await createRoomHarness()
  rooms.addSession('ses_1')
  rooms.addSession('ses_2')
})
afterEach(() => rooms.close())
async function* body(...parts: (string | Error)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if (part instanceof Error) throw part
    yield Buffer.from(part)
  }
}
const upload = (text: string, input: { name?: string; sessionId?: string; mediaType?: string } = {}) =>
  rooms.ask('files.upload', input, { body: body(text) })
const download = async (id: string, range?: { start: number; end: number }, sessionId?: string) => {
  const reply = await rooms.call(ownerCaller, 'files.download', { id, ...(sessionId ? { sessionId } : {}) })
  const chunks: Uint8Array[] = []
  for await (const chunk of reply.open?.(range) ?? []) chunks.push(chunk)
  return { value: reply.value, text: Buffer.concat(chunks).toString() }
}
const sha = (text: string) => createHash('sha256').update(text).digest('hex')
/** Every byte file under `files`, tmp included. */
const kept = () =>
  readdirSync(path.join(rooms.home, 'files'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
/** Waits for the listeners of what is durable now. */
const settled = async () => {
  await rooms.logs.chat.durable()
  await new Promise((resolve) => setImmediate(resolve))
  await rooms.files.sweepBytes()
}

test('what is uploaded is downloaded again, whole and in ranges, under its hash', async () => {
  const file = await upload('hello world', { name: 'a.txt', mediaType: 'text/plain', sessionId: 'ses_1' })
  expect(file).toMatchObject({ sessionId: 'ses_1', name: 'a.txt', mediaType: 'text/plain', size: 11, sha256: sha('hello world') })
  expect(await download(file.id)).toEqual({ value: { name: 'a.txt', mediaType: 'text/plain', size: 11 }, text: 'hello world' })
  expect((await download(file.id, { start: 6, end: 8 })).text).toBe('wor')
  expect(await rooms.ask('files.get', { id: file.id })).toEqual(file)
  expect(existsSync(path.join(rooms.home, 'files', file.sha256.slice(0, 2), file.sha256))).toBe(true)
})
test('a file is not found through another session', async () => {
  const { id } = await upload('x', { sessionId: 'ses_1' })
  expect(await rooms.refusal('files.get', { id, sessionId: 'ses_2' })).toMatchObject({ code: 'not_found' })
  expect(await rooms.refusal('files.download', { id, sessionId: 'ses_2' })).toMatchObject({ code: 'not_found' })
  expect((await download(id, undefined, 'ses_1')).text).toBe('x')
  expect(await rooms.refusal('files.upload', { sessionId: 'ses_9' }, ownerCaller, { body: body('x') })).toMatchObject({ code: 'not_found' })
  expect(await rooms.refusal('files.list', { sessionId: 'ses_9' })).toMatchObject({ code: 'not_found' })
})
test('a file over the limit, a broken-off body and a missing one leave nothing behind', async () => {
  await rooms.ask('settings.set', { key: 'files.maxBytes', value: 1_000 })
  expect(await rooms.refusal('files.upload', {}, ownerCaller, { body: body('x'.repeat(600), 'x'.repeat(401)) })).toMatchObject({ code: 'too_large' })
  expect(await rooms.refusal('files.upload', {}, ownerCaller, { body: body('x', new Error('cut')) })).toMatchObject({ code: 'invalid' })
  expect(await rooms.refusal('files.upload', {})).toMatchObject({ code: 'invalid' })
  expect(kept()).toEqual([])
  expect(await upload('x'.repeat(1_000))).toMatchObject({ size: 1_000 })
})
test('equal bytes lie there once and go with the last file that has them', async () => {
  const one = await upload('same', { sessionId: 'ses_1' })
  const two = await upload('same', { sessionId: 'ses_2' })
  expect(kept()).toEqual([one.sha256])
  await rooms.ask('files.delete', { id: one.id })
  await settled()
  expect((await download(two.id)).text).toBe('same')
  await rooms.ask('files.delete', { id: two.id })
  await settled()
  expect(kept()).toEqual([])
  expect(await rooms.refusal('files.delete', { id: two.id })).toMatchObject({ code: 'not_found' })
})
test('the bytes of a session go with it', async () => {
  await upload('mine', { sessionId: 'ses_1' })
  const other = await upload('other', { sessionId: 'ses_2' })
  rooms.removeSession('ses_1')
  await settled()
  expect(kept()).toEqual([other.sha256])
})
test('bytes that an upload is about to point at are not removed by a deletion beside it', async () => {
  const first = await upload('same')
  const received = await rooms.bytes.receive(body('same'), 100, new AbortController().signal)
  await rooms.ask('files.delete', { id: first.id })
  await settled()
  expect(rooms.bytes.has(first.sha256)).toBe(true)
  received.release()
  await rooms.files.sweepBytes()
  expect(rooms.bytes.has(first.sha256)).toBe(false)
})
test('many uploads and deletions of the same bytes at once never leave a file without its bytes', async () => {
  const work = async (n: number) => {
    const { id } = await upload('same')
    if (n % 2 === 0) await rooms.ask('files.delete', { id })
  }
  await Promise.all(Array.from({ length: 40 }, (_, n) => work(n)))
  await settled()
  const { items } = await rooms.ask('files.list', {})
  expect(items).toHaveLength(20)
  for (const { id } of items) expect((await download(id)).text).toBe('same')
})
test('a start removes bytes without a file and what broken-off uploads left, and keeps the rest', async () => {
  const { home, dispose } = createHome()
  const first = await createRoomHarness({ home })
  const { sha256 } = await first.ask('files.upload', {}, { body: body('kept') })
  await first.close()
  const orphan = sha('orphan')
  mkdirSync(path.join(home, 'files', orphan.slice(0, 2)), { recursive: true })
  writeFileSync(path.join(home, 'files', orphan.slice(0, 2), orphan), 'orphan')
  writeFileSync(path.join(home, 'files', 'tmp', 'half'), 'ha')
  const second = await createRoomHarness({ home })
  expect(second.bytes.has(orphan)).toBe(false)
  expect(second.bytes.has(sha256)).toBe(true)
  expect(readdirSync(path.join(home, 'files', 'tmp'))).toEqual([])
  await second.close()
  dispose()
})
test('files are listed newest first, page by page, by session', async () => {
  const made: string[] = []
  for (let n = 0; n < 5; n++) made.unshift((await upload(`${n}`, n < 3 ? { sessionId: 'ses_1' } : {})).id)
  const first = await rooms.ask('files.list', { limit: 3 })
  const second = await rooms.ask('files.list', { limit: 3, cursor: first.nextCursor ?? '' })
  expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(made)
  expect((await rooms.ask('files.list', { sessionId: 'ses_1' })).items.map(({ id }) => id)).toEqual(made.slice(2))
})
test('a name never names a place', async () => {
  expect(['../../etc/passwd', 'C:\\x\\a.txt', '..', 'a\u202Etxt.exe', ' \n', 'ok.txt'].map(displayName)).toEqual([
    'passwd',
    'a.txt',
    'file',
    'atxt.exe',
    'file',
    'ok.txt',
  ])
  expect((await upload('x', { name: '../../../escape' })).name).toBe('escape')
  expect(existsSync(path.join(rooms.home, '..', 'escape'))).toBe(false)
})
test('a file whose bytes are gone says so', async () => {
  const { id, sha256 } = await upload('x')
  rooms.bytes.remove(sha256, () => false)
  expect(await rooms.refusal('files.download', { id })).toMatchObject({ code: 'unavailable' })
})
