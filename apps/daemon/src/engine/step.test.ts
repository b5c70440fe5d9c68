import { expect, test } from 'vitest'
import { call, collect, end, fresh, limits, manualClock, only, say, scripted } from './fakes.ts'
import { ModelError, type ModelErrorKind } from './types.ts'

const fails = (kind: ModelErrorKind, retryAfterMs?: number): ModelError => new ModelError(kind, `words of ${kind}`, { retryAfterMs, status: 500 })

test('an answer arrives delta by delta and ends the run as answered', async () => {
  const events = await collect(fresh(), { models: { m: scripted([[say('Hel'), say('lo'), end()]]) } })
  expect(events.map((event) => event.type)).toEqual(['step.requested', 'text', 'text', 'step.finished', 'finished'])
  expect(only(events, 'step.finished')[0]).toMatchObject({ content: [{ type: 'text', text: 'Hello' }], step: 1 })
  expect(events.at(-1)).toMatchObject({ status: 'completed', stop: 'answered', message: null })
})

test('a delta is handed on before the next one is asked of the provider', async () => {
  let asked = 0
  const counting = {
    ...scripted([]),
    async *stream() {
      for (const text of ['a', 'b', 'c']) {
        asked++
        yield say(text)
      }
      yield end()
    },
  }
  const askedAt: number[] = []
  await collect(fresh(), { models: { m: counting } }, (event) => {
    if (event.type === 'text') askedAt.push(asked)
  })
  expect(askedAt).toEqual([1, 2, 3])
})

test('a busy provider is tried again after 1, 2 and 4 seconds without a word shown twice', async () => {
  const model = scripted([[fails('rate_limited')], [fails('overloaded')], [fails('network')], [say('ok'), end()]])
  const events = await collect(fresh(), { models: { m: model } })
  const waits = only(events, 'step.broken').map((event) => Math.floor((event.waitMs ?? 0) / 1000))
  expect(waits).toEqual([1, 2, 4])
  expect(only(events, 'noted')).toEqual([])
  expect(events.at(-1)).toMatchObject({ status: 'completed' })
})

test('the wait that the provider asks for is kept to the millisecond', async () => {
  const clock = manualClock()
  const events = await collect(fresh(), { clock, models: { m: scripted([[fails('rate_limited', 77_123)], [say('ok'), end()]]) } })
  expect(only(events, 'step.broken')[0]?.waitMs).toBe(77_123)
  expect(clock.slept).toContain(77_123)
})

test('a provider that asks for more than five minutes is given up at once, in its own words', async () => {
  const model = scripted([[fails('rate_limited', 300_001)]])
  const events = await collect(fresh(), { models: { m: model } })
  expect(model.requests).toHaveLength(1)
  expect(events.at(-1)).toMatchObject({ status: 'failed', stop: 'model_error', message: expect.stringContaining('words of rate_limited') })
})

test('the fallback model gets tries of its own after the first model has failed for good', async () => {
  const first = scripted(Array.from({ length: 9 }, () => [fails('network')]))
  const second = scripted([[fails('network')], [say('from b'), end()]], { id: 'b' })
  const events = await collect(fresh(), { models: { m: first, b: second }, settings: { fallbackModel: 'b' } })
  expect([first.requests.length, second.requests.length]).toEqual([4, 2])
  expect(only(events, 'step.finished')[0]).toMatchObject({ model: 'b' })
})

test.each(['auth', 'refused'] as const)('a model that answers %s is not tried again, the fallback is', async (kind) => {
  const first = scripted([[fails(kind)]])
  const second = scripted([[fails(kind)]], { id: 'b' })
  const events = await collect(fresh(), { models: { m: first, b: second }, settings: { fallbackModel: 'b' } })
  expect([first.requests.length, second.requests.length]).toEqual([1, 1])
  expect(events.at(-1)).toMatchObject({ status: 'failed', stop: 'model_error', message: expect.stringContaining(`words of ${kind}`) })
})

test('a model that cannot be had is a failure in words, and the fallback answers instead', async () => {
  const events = await collect(fresh(), { models: { b: scripted([[say('hi'), end()]]) }, settings: { fallbackModel: 'b' } })
  expect(events.at(-1)).toMatchObject({ status: 'completed' })
  expect((await collect(fresh(), {})).at(-1)).toMatchObject({ status: 'failed', message: expect.stringContaining('There is no model m.') })
})

test('text shown before a break stays, and the next try is told to continue it', async () => {
  const model = scripted([
    [say('One, '), fails('network')],
    [say('two.'), end()],
  ])
  const events = await collect(fresh(), { models: { m: model } })
  expect(
    only(events, 'text')
      .map((event) => event.text)
      .join(''),
  ).toBe('One, two.')
  expect(new Set(only(events, 'text').map((event) => event.messageId)).size).toBe(2)
  expect(model.requests[1]?.messages.map((message) => message.role)).toEqual(['user', 'assistant', 'user'])
  expect(model.requests[1]?.messages[1]).toEqual({ role: 'assistant', content: [{ type: 'text', text: 'One, ' }] })
  expect(only(events, 'noted')[0]).toMatchObject({ why: 'interrupted' })
})

test('a stream that ends without its finish and an empty other are tried again like a broken line', async () => {
  const events = await collect(fresh(), { models: { m: scripted([[], [end('other')], [say('ok'), end()]]) } })
  expect(only(events, 'step.broken').map((event) => event.error.kind)).toEqual(['network', 'network'])
  expect(events.at(-1)).toMatchObject({ status: 'completed' })
})

test('an answer that is cut for length is continued three times, then the run says so', async () => {
  const model = scripted([
    [say('a'), end('length')],
    [say('b'), end('length')],
    [say('c'), end('length')],
    [say('d'), end('length')],
  ])
  const events = await collect(fresh(), { models: { m: model } })
  expect(only(events, 'noted').map((event) => event.why)).toEqual(['length', 'length', 'length'])
  expect(events.at(-1)).toMatchObject({ status: 'failed', stop: 'model_error' })
})

test('an answer that the content filter stopped is not a normal answer', async () => {
  const events = await collect(fresh(), { models: { m: scripted([[say('a'), end('content_filter')]]) } })
  expect(events.at(-1)).toMatchObject({ status: 'failed', stop: 'model_error' })
})

const priced = { price: { input: 1, output: 10, cacheRead: 0.1, cacheWrite: 1.25 } }

test('the worst case is reserved before the call and the real cost is written after it', async () => {
  const events = await collect(fresh(), {
    models: { m: scripted([[say('a'), end('stop', 1000, 100)]], priced) },
    settings: { limits: { ...limits, budgetUsd: 1 } },
  })
  const [asked] = only(events, 'step.requested')
  expect(asked?.reservedUsd).toBeGreaterThanOrEqual(1000 * 10e-6)
  expect(only(events, 'step.finished')[0]?.costUsd).toBeCloseTo(0.002, 10)
})

test('the longest answer shrinks to what the budget still allows, and below 256 tokens the run stops', async () => {
  const model = scripted([[say('a'), end()]], priced)
  await collect(fresh(), { models: { m: model }, settings: { limits: { ...limits, budgetUsd: 0.003 } } })
  expect(model.requests[0]?.maxOutputTokens).toBeGreaterThanOrEqual(256)
  expect(model.requests[0]?.maxOutputTokens).toBeLessThan(300)
  const poor = scripted([[say('a'), end()]], priced)
  const events = await collect(fresh(), { models: { m: poor }, settings: { limits: { ...limits, budgetUsd: 0.002 } } })
  expect(poor.requests).toEqual([])
  expect(events).toMatchObject([{ type: 'finished', status: 'failed', stop: 'budget', message: expect.stringContaining('0.002 USD') }])
})

test('a broken stream is charged for its input and what it has shown; a refused request is not', async () => {
  const model = scripted([[say('x'.repeat(350)), fails('network')], [fails('rate_limited')], [say('.'), end()]], priced)
  const [first, second] = only(await collect(fresh(), { models: { m: model } }), 'step.broken')
  expect(first?.chargedUsd).toBeGreaterThan(100 * 10e-6)
  expect(first?.chargedUsd).toBeLessThan(200 * 10e-6)
  expect(second?.chargedUsd).toBe(0)
})

test('a USD budget holds over many steps, whatever the steps cost', async () => {
  const model = scripted(
    Array.from({ length: 50 }, (_, n) => [call('read', { n }), end('tool_calls', 200, 300)]),
    priced,
  )
  const events = await collect(fresh(), { models: { m: model }, settings: { limits: { ...limits, budgetUsd: 0.01 } } })
  expect(events.at(-1)).toMatchObject({ stop: 'budget' })
  expect(only(events, 'step.finished').reduce((sum, step) => sum + step.costUsd, 0)).toBeLessThanOrEqual(0.01)
  expect(only(events, 'step.finished').length).toBeGreaterThan(1)
})

test('reasoning keeps what the provider wants back with it', async () => {
  const turn = [{ type: 'reasoning', text: 'hm' }, { type: 'reasoning_end', metadata: { signature: 'x' } }, say('a'), end()] as const
  const events = await collect(fresh(), { models: { m: scripted([turn]) } })
  expect(only(events, 'step.finished')[0]?.content).toEqual([
    { type: 'reasoning', text: 'hm', metadata: { signature: 'x' } },
    { type: 'text', text: 'a' },
  ])
})
