import { afterEach, beforeEach, expect, test } from 'vitest'
import { bodyOf, createMemoryHarness, type MemoryHarness } from '../../../test/memory-harness.ts'

let rooms: MemoryHarness
let other: MemoryHarness
beforeEach(async () => {
  rooms = await createMemoryHarness()
  other = await createMemoryHarness()
})
afterEach(async () => {
  await rooms.close()
  await other.close()
})
const all = async (from: MemoryHarness) => (await from.ask('memory.list', { all: true, limit: 200 })).items

test('an export imported elsewhere is the same memories with the same ids, times and scopes; imported again it changes nothing but their time', async () => {
  await rooms.ask('memory.save', { text: 'one\n---\nmemory: x\n', tags: ['a'] })
  await rooms.ask('memory.save', { text: 'two', kind: 'fact', agentId: 'agt_a', expiresAt: '2999-01-01T00:00:00.000Z' })
  await rooms.ask('memory.save', { text: 'long '.repeat(30_000), kind: 'document', sessionId: 'ses_1' })
  for (let n = 0; n < 120; n++) await rooms.ask('memory.save', { text: `note ${n}` })
  const file = await rooms.exported({ all: true })
  expect(await other.ask('memory.import', {}, { body: bodyOf(file) })).toEqual({ added: 123, merged: 0 })
  expect(await all(other)).toEqual(await all(rooms))
  expect(await other.exported({ all: true })).toBe(file)
  expect(await other.found({ query: 'note 77' })).toContain('note 77')
  expect(await other.ask('memory.import', {}, { body: bodyOf(file) })).toEqual({ added: 0, merged: 123 })
  expect((await all(other)).map(({ id }) => id)).toEqual((await all(rooms)).map(({ id }) => id))
})
test('a file is put into the scope that the import names, and a foreign one is a document with its name as source', async () => {
  await rooms.ask('memory.save', { text: 'of a session', sessionId: 'ses_1' })
  const file = await rooms.exported({ all: true })
  other.there.sessions.clear()
  expect(await other.refusal('memory.import', {}, { body: bodyOf(file) })).toMatchObject({
    code: 'unprocessable',
    message: expect.stringContaining('ses_1'),
  })
  expect(await all(other)).toEqual([])
  await other.ask('memory.import', { global: true }, { body: bodyOf(file) })
  await other.ask('memory.import', { agentId: 'agt_b', name: 'readme.md' }, { body: bodyOf('# Read me\n') })
  expect(await all(other)).toMatchObject([
    { text: '# Read me\n', kind: 'document', agentId: 'agt_b', source: { kind: 'import', ref: 'readme.md' } },
    { text: 'of a session', sessionId: null, agentId: null },
  ])
})
test('a file with one faulty entry, one that is no text, one too large and none at all change nothing', async () => {
  const faulty = '---\nmemory:\n---\ngood\n---\nmemory: ../x\n---\nbad\n'
  expect(await rooms.refusal('memory.import', {}, { body: bodyOf(faulty) })).toMatchObject({ code: 'unprocessable' })
  expect(await rooms.refusal('memory.import', {}, { body: bodyOf(new Uint8Array([0xff, 0xfe])) })).toMatchObject({ code: 'invalid' })
  expect(await rooms.refusal('memory.import', {}, { body: bodyOf(new Uint8Array(16 * 1024 * 1024 + 1)) })).toMatchObject({ code: 'too_large' })
  expect(await rooms.refusal('memory.import', {})).toMatchObject({ code: 'invalid' })
  expect(await all(rooms)).toEqual([])
})
test('an import under an idempotency key is done once, and its twin gets the same counts', async () => {
  const file = Array.from({ length: 200 }, (_, n) => `---\nmemory:\n---\nentry ${n} ${'x'.repeat(1_000)}\n`).join('')
  const answer = await rooms.ask('memory.import', {}, { body: bodyOf(file), key: 'k' })
  expect(answer).toEqual({ added: 200, merged: 0 })
  expect(await rooms.ask('memory.import', {}, { body: bodyOf(file), key: 'k' })).toEqual(answer)
  expect((await rooms.events()).length).toBe(200)
})
