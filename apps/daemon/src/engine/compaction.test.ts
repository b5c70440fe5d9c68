import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { compactMessages, planCut } from './compaction-plan.ts'
import { call, collect, end, fresh, limits, only, say, scripted, type Turn } from './fakes.ts'
import { callsOf, mendMessages, newestUser, userText } from './messages.ts'
import { estimateRequest } from './tokens.ts'
import { type Model, ModelError, type ModelMessage } from './types.ts'

const conversation = fc
  .array(
    fc.record({ kind: fc.constantFrom('user', 'answer', 'calls'), calls: fc.integer({ min: 1, max: 4 }), size: fc.integer({ min: 1, max: 3000 }) }),
    { minLength: 1, maxLength: 30 },
  )
  .map((turns): ModelMessage[] => [
    userText('first'),
    ...turns.flatMap(({ kind, calls, size }, turn): ModelMessage[] => {
      if (kind === 'user') return [userText(`u${turn}${'x'.repeat(size)}`)]
      if (kind === 'answer') return [{ role: 'assistant', content: [{ type: 'text', text: 'y'.repeat(size) }] }]
      const ids = Array.from({ length: calls }, (_, n) => `c${turn}_${n}`)
      return [
        { role: 'assistant', content: ids.map((callId) => ({ type: 'tool_call', callId, name: 't', input: {} })) },
        { role: 'tool', content: ids.map((callId) => ({ type: 'tool_result', callId, name: 't', text: 'z'.repeat(size), isError: false })) },
      ]
    }),
  ])

/** What providers refuse: calls without results right after them, results without calls. */
function orphans(messages: readonly ModelMessage[]): string[] {
  const found: string[] = []
  messages.forEach((message, index) => {
    const asked = message.role === 'assistant' ? callsOf(message.content).map((one) => one.callId) : []
    const before = messages[index - 1]
    const expected = before?.role === 'assistant' ? callsOf(before.content).map((one) => one.callId) : []
    const answered = message.role === 'tool' ? message.content.map((one) => one.callId) : []
    if (message.role === 'tool' ? answered.join() !== expected.join() : expected.length > 0) found.push(`results at ${index}`)
    if (asked.length > 0 && index === messages.length - 1) found.push(`calls at ${index}`)
  })
  return found
}

test('whatever is cut, no call loses its result and the newest messages and the newest request stay', () => {
  let cuts = 0
  fc.assert(
    fc.property(conversation, fc.integer({ min: 100, max: 20_000 }), (messages, context) => {
      const askedAt = newestUser(messages)
      const keptFrom = planCut(messages, askedAt, context)
      if (keptFrom === null) return
      cuts++
      const after = compactMessages(messages, askedAt, 'sum', keptFrom)
      expect(orphans(after.messages)).toEqual([])
      expect(after.messages.at(-1)).toBe(messages.at(-1))
      expect(after.messages[after.askedAt]).toBe(messages[askedAt])
      const twice = planCut(after.messages, after.askedAt, context) ?? 0
      expect(orphans(compactMessages(after.messages, after.askedAt, 'sum', twice).messages)).toEqual([])
    }),
  )
  expect(cuts).toBeGreaterThan(10)
})

test('any broken conversation is mended into one that providers take, and a sound one is left as it is', () => {
  fc.assert(
    fc.property(conversation, fc.infiniteStream(fc.boolean()), (messages, keep) => {
      expect(mendMessages(messages)).toEqual(messages)
      expect(orphans(mendMessages(messages.filter(() => keep.next().value === true)))).toEqual([])
    }),
  )
})

const long = 'word '.repeat(300)
const steps = (count: number): Turn[] => Array.from({ length: count }, (_, n) => [say(`${n} ${long}`), call('read', { n }), end('tool_calls', 0, 0)])
const small = { contextTokens: 4000, maxOutputTokens: 300 }

test('a conversation that fills 0.8 of the context is summarised by the model, which is counted, and the request stays word for word', async () => {
  const price = { input: 1, output: 1, cacheRead: 1, cacheWrite: 1 }
  const model = scripted([...steps(8), [say('the summary'), end('stop', 700, 30)], [say('ok'), end()]], { ...small, price })
  const events = await collect(fresh('the request'), { models: { m: model } })
  const [compacted] = only(events, 'compacted')
  expect(compacted).toMatchObject({ summary: 'the summary', forced: false, usage: { inputTokens: 700, outputTokens: 30 }, model: 'm' })
  expect(compacted?.costUsd).toBeCloseTo(730e-6, 12)
  expect(compacted?.beforeTokens).toBeGreaterThan(3200)
  expect(compacted?.afterTokens).toBeLessThan(2500)
  expect(events.findIndex((event) => event.type === 'compaction.requested')).toBeLessThan(events.findIndex((event) => event.type === 'compacted'))
  const last = model.requests.at(-1)?.messages ?? []
  expect(JSON.stringify(last[0])).toContain('the summary')
  expect(last[1]).toEqual(userText('the request'))
  expect(orphans(last)).toEqual([])
  expect(events.at(-1)).toMatchObject({ status: 'completed' })
})

test('what the provider counted decides, not only the estimate', async () => {
  const turns: Turn[] = [
    [say('a'), call('read', { n: 1 }), end('tool_calls', 1, 1)],
    [say('b'), call('read', { n: 2 }), end('tool_calls', 3300, 1)],
    [say('sum'), end()],
    [say('ok'), end()],
  ]
  const events = await collect(fresh(), { models: { m: scripted(turns, small) } })
  expect(only(events, 'compacted')[0]?.beforeTokens).toBeGreaterThanOrEqual(3301)
})

test('when no summary can be had the oldest messages make way for a statement and the run goes on', async () => {
  const model = scripted([...steps(8), [new ModelError('refused', 'no summaries here')], [say('ok'), end()]], small)
  const events = await collect(fresh(), { models: { m: model } })
  expect(only(events, 'compacted')[0]?.summary).toContain('no summaries here')
  expect(events.at(-1)).toMatchObject({ status: 'completed' })
})

test('a request that overflows forces one compaction; the second overflow is said in the words of the provider', async () => {
  const overflow: Turn = [new ModelError('overflow', 'prompt is too long')]
  const model = scripted([...steps(3), overflow, [say('sum'), end()], overflow])
  const events = await collect(fresh(), { models: { m: model } })
  expect(only(events, 'compacted')).toMatchObject([{ forced: true, summary: 'sum' }])
  expect(events.at(-1)).toMatchObject({ status: 'failed', stop: 'model_error', message: expect.stringContaining('prompt is too long') })
})

test('a USD budget holds with summaries counted in', async () => {
  const price = { input: 1, output: 10, cacheRead: 1, cacheWrite: 1 }
  let n = 0
  const model: Model = {
    ...scripted([], { ...small, price }),
    async *stream(request) {
      const sums = request.system.startsWith('You summarise')
      yield say(sums ? 'sum' : long)
      if (!sums) yield call('read', { n: n++ })
      yield end(sums ? 'stop' : 'tool_calls', estimateRequest(request), 250)
    },
  }
  const events = await collect(fresh(), { models: { m: model }, settings: { limits: { ...limits, budgetUsd: 0.15 } } })
  expect(only(events, 'compacted').length).toBeGreaterThan(1)
  expect(only(events, 'compacted').every((event) => event.costUsd > 0)).toBe(true)
  expect(events.at(-1)).toMatchObject({ stop: 'budget' })
  const costs = [...only(events, 'step.finished'), ...only(events, 'compacted')].map((event) => event.costUsd)
  expect(costs.reduce((sum, cost) => sum + cost, 0)).toBeLessThanOrEqual(0.15)
})
