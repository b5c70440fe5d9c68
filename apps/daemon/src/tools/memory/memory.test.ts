import { afterEach, beforeEach, expect, test } from 'vitest'
import { createMemoryHarness, type MemoryHarness } from '../../../test/memory-harness.ts'
import { createPlace } from '../testing/place.ts'
import { save } from './save.ts'
import { search } from './search.ts'

let rooms: MemoryHarness
beforeEach(async () => void (rooms = await createMemoryHarness()))
afterEach(() => rooms.close())
const ids = (output: Record<string, unknown>) => (output['memories'] as { id: string }[]).map(({ id }) => id)

test('what an agent saves is found by its own searches as far as its scope reaches, and no further', async () => {
  await using place = await createPlace()
  const of = (agent: string, session: string) => ({ memory: rooms.room.toolsOf(agent, session) })
  for (const scope of ['global', 'agent', 'session']) await place.call(save, { text: `The heron is ${scope}`, scope }, of('agt_a', 'ses_1'))
  const seen = async (agent: string, session: string) =>
    (await place.call(search, { query: 'herons' }, of(agent, session))).text.match(/heron is \w+/g)?.toSorted()
  expect(await seen('agt_a', 'ses_1')).toEqual(['heron is agent', 'heron is global', 'heron is session'])
  expect(await seen('agt_a', 'ses_2')).toEqual(['heron is agent', 'heron is global'])
  expect(await seen('agt_b', 'ses_1')).toEqual(['heron is global', 'heron is session'])
  expect(await seen('agt_b', 'ses_2')).toEqual(['heron is global'])
})
test('saving the same again says so and keeps one memory, marked as the agent’s', async () => {
  await using place = await createPlace()
  const at = { memory: rooms.room.toolsOf('agt_a', 'ses_1') }
  const first = await place.call(save, { text: 'Use tabs.', tags: ['Style'] }, at)
  expect(first.output).toMatchObject({ merged: false, tags: ['style'] })
  const again = await place.call(save, { text: 'Use tabs.', tags: ['go'] }, at)
  expect(again).toMatchObject({ output: { id: first.output['id'], merged: true, tags: ['style', 'go'] }, text: expect.stringContaining('already') })
  const { items } = await rooms.ask('memory.list', { agentId: 'agt_a' })
  expect(items).toMatchObject([{ text: 'Use tabs.', agentId: 'agt_a', sessionId: null, source: { kind: 'agent', ref: 'agt_a ses_1' } }])
})
test('a search by tags finds only what has them, and one that finds nothing says so', async () => {
  await using place = await createPlace()
  const at = { memory: rooms.room.toolsOf('agt_a', 'ses_1') }
  await place.call(save, { text: 'Port 80', tags: ['web'] }, at)
  await place.call(save, { text: 'Port 22', tags: ['ssh'] }, at)
  expect((await place.call(search, { query: 'port', tags: ['SSH'] }, at)).text).toContain('Port 22')
  expect(ids((await place.call(search, { query: 'port', tags: ['ssh'] }, at)).output)).toHaveLength(1)
  expect(await place.call(search, { query: 'unheard' }, at)).toMatchObject({ text: 'Nothing about that is remembered.', output: { total: 0 } })
})
test('no input names another agent or session, and an approval shows the words and how far they reach', async () => {
  await using place = await createPlace()
  for (const extra of [{ agentId: 'agt_b' }, { sessionId: 'ses_2' }, { scope: 'agt_b' }]) {
    expect(save.inputs.safeParse({ text: 'x', ...extra }).success).toBe(false)
    expect(search.inputs.safeParse({ query: 'x', ...extra }).success).toBe(false)
  }
  expect(await place.preview(save, { text: 'Use tabs.', scope: 'global' })).toEqual({ summary: 'Remember for every agent: Use tabs.' })
})
test('long memories stay in the limit of one output, and without a session there is no memory', async () => {
  await using place = await createPlace()
  const at = { memory: rooms.room.toolsOf('agt_a', 'ses_1') }
  for (let n = 0; n < 30; n++) await place.call(save, { text: `heron ${n} ${'ü '.repeat(900)}` }, at)
  const { output, text } = await place.call(search, { query: 'heron', limit: 30 }, { ...at, outputBytes: 5_000 })
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(5_000)
  expect(Buffer.byteLength(JSON.stringify(output))).toBeLessThanOrEqual(5_000)
  await expect(place.call(save, { text: 'x' })).rejects.toMatchObject({ code: 'refused' })
  await expect(place.call(search, { query: 'x' })).rejects.toMatchObject({ code: 'refused' })
})
