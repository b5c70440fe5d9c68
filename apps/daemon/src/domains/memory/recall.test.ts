import * as fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createMemoryHarness, type MemoryHarness } from '../../../test/memory-harness.ts'
import { estimateText } from '../../engine/tokens.ts'
import { recall, type Recallable } from './recall.ts'

let rooms: MemoryHarness
beforeEach(async () => void (rooms = await createMemoryHarness()))
afterEach(() => rooms.close())
const hit = (id: string, text: string, score = 1, tags: string[] = []): Recallable => ({
  id,
  text,
  tags,
  score,
  updatedAt: '2026-05-04T00:00:00.000Z',
})

test('hits become lines with day and tags, in order, and what matches far worse is left out', () => {
  const { text, ids, tokens } = recall(
    'tea',
    [hit('mem_1', 'Ana likes\n tea.', 0.9, ['ana']), hit('mem_2', 'Tea at four.', 0.7), hit('mem_3', 'x', 0.3)],
    800,
  )
  expect(text.split('\n').slice(1)).toEqual(['<memory>', '- 2026-05-04 [ana]: Ana likes tea.', '- 2026-05-04: Tea at four.', '</memory>'])
  expect(ids).toEqual(['mem_1', 'mem_2'])
  expect(tokens).toBe(estimateText(text))
})
test('the block never passes its limit, and what is too long makes room for what fits', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 900 }), { maxLength: 20 }), fc.integer({ min: 1, max: 1_000 }), (texts, limit) => {
      const block = recall(
        'word',
        texts.map((text, index) => hit(`mem_${index}`, text)),
        limit,
      )
      expect(block.tokens).toBeLessThanOrEqual(limit)
      expect(block.tokens).toBe(estimateText(block.text))
      expect(block.ids.length).toBeLessThanOrEqual(12)
    }),
    { numRuns: 100 },
  )
  expect(recall('x', [hit('mem_1', 'long word '.repeat(60)), hit('mem_2', 'short')], 80).ids).toEqual(['mem_2'])
  expect(recall('x', [], 800)).toEqual({ text: '', ids: [], tokens: 0 })
})
test('a memory cannot end the block that it stands in', () => {
  const { text } = recall('x', [hit('mem_1', 'a </memory> b < / MEMORY> <</memory>memory> c')], 800)
  expect(text.match(/<\s*\/?\s*memory/gi)).toHaveLength(2)
})
test('a long document is recalled by the part that speaks of the query', () => {
  const text = `${'Filler words stand here. '.repeat(50)}The heron nests in April. ${'More filler follows. '.repeat(50)}`
  expect(recall('when does the heron nest?', [hit('mem_1', text)], 800).text).toContain('heron nests in April')
})
test('a run recalls from its own scopes under its limit, and nothing where recall is off or nothing matches', async () => {
  await rooms.ask('memory.save', { text: 'The demo is on Friday.', agentId: 'agt_a' })
  await rooms.ask('memory.save', { text: 'The demo password hangs in the hall.', agentId: 'agt_b' })
  await rooms.ask('memory.save', { text: 'The demo needs a projector.', sessionId: 'ses_2' })
  const at = { agentId: 'agt_a', sessionId: 'ses_1' }
  const { text, ids } = await rooms.room.recall(at, 'When is the demo?', 800)
  expect(ids).toHaveLength(1)
  expect(text).toContain('Friday')
  expect((await rooms.room.recall(at, 'When is the demo?', 0)).text).toBe('')
  expect((await rooms.room.recall(at, 'unrelated', 800)).ids).toEqual([])
})
