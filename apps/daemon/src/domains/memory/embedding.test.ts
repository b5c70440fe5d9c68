import { afterEach, beforeEach, expect, test } from 'vitest'
import { createMemoryHarness, type MemoryHarness } from '../../../test/memory-harness.ts'

/** A stand-in for an embedding model that knows two meanings and one text that is neither. */
const meanings = [/manager|boss|chief/i, /beverage|drink|tea/i, /river|heron/i]
const embed = (text: string): number[] => {
  const vector = meanings.map((meaning) => (meaning.test(text) ? 1 : 0.01))
  return [...vector, 0.01]
}
let rooms: MemoryHarness
beforeEach(async () => {
  rooms = await createMemoryHarness()
  Object.assign(rooms.there, { model: 'vec/one', embed })
})
afterEach(() => rooms.close())
const waiting = () => (rooms.db.prepare('SELECT count(*) AS n FROM memory_unembedded').get() as { n: number }).n

test('with an embedding model a memory is found by its meaning, in its own scopes only', async () => {
  await rooms.ask('memory.save', { text: 'The boss likes tea.', agentId: 'agt_a' })
  await rooms.ask('memory.save', { text: 'Herons stand by the river.', agentId: 'agt_a' })
  await rooms.ask('memory.save', { text: 'The chief hates drinks.', agentId: 'agt_b' })
  await expect.poll(waiting).toBe(0)
  expect(await rooms.found({ query: 'manager beverage', agentId: 'agt_a' })).toEqual(['The boss likes tea.'])
  expect(await rooms.found({ query: 'manager beverage' })).toEqual([])
})
test('words find as before while the model does not answer, and what waited gets its vector when it does', async () => {
  rooms.there.embed = () => {
    throw new Error('no answer')
  }
  await rooms.ask('memory.save', { text: 'The boss likes tea.' })
  expect(await rooms.found({ query: 'boss tea' })).toEqual(['The boss likes tea.'])
  expect(rooms.there.reported.length).toBeGreaterThan(0)
  expect(waiting()).toBe(1)
  rooms.there.embed = embed
  await expect.poll(waiting, { timeout: 10_000 }).toBe(0)
  expect(await rooms.found({ query: 'chief beverage' })).toEqual(['The boss likes tea.'])
})
test('another model takes the place of the vectors of the first, whatever their length', async () => {
  const { id } = await rooms.ask('memory.save', { text: 'The boss likes tea.' })
  await expect.poll(waiting).toBe(0)
  Object.assign(rooms.there, { model: 'vec/two', embed: (text: string) => [...embed(text), 0, 0, 0, 0, 0, 0] })
  rooms.room.embed()
  const ofModel = () => rooms.db.prepare('SELECT model, length(vector) AS bytes FROM memory_vectors').all()
  await expect.poll(ofModel).toEqual([{ model: 'vec/two', bytes: 40 }])
  expect(await rooms.found({ query: 'chief beverage' })).toEqual(['The boss likes tea.'])
  await rooms.ask('memory.delete', { id })
  expect(ofModel()).toEqual([])
  expect(rooms.db.prepare('SELECT count(*) AS n FROM memory_signs').get()).toEqual({ n: 0 })
})
test('without a model nothing is sent anywhere, and what is saved waits for one', async () => {
  rooms.there.model = null
  rooms.there.embed = () => expect.unreachable()
  await rooms.ask('memory.save', { text: 'The boss likes tea.' })
  expect(await rooms.found({ query: 'manager beverage' })).toEqual([])
  expect(waiting()).toBe(1)
})
test('no known secret is sent to the model, neither in a query nor in what was saved before it was known', async () => {
  const sent: string[] = []
  Object.assign(rooms.there, { model: null, embed: (text: string) => (sent.push(text), embed(text)) })
  await rooms.ask('memory.save', { text: 'The boss has hunter2-hunter2.' })
  rooms.there.secrets.push('hunter2-hunter2')
  rooms.there.model = 'vec/one'
  rooms.room.embed()
  await expect.poll(waiting).toBe(0)
  await rooms.found({ query: 'who has hunter2-hunter2?' })
  expect(sent).toHaveLength(2)
  expect(sent.join()).not.toContain('hunter2')
})
