import { expect, test } from 'vitest'
import { call, collect, done, end, fakePorts, fresh, limits, manualClock, only, say, scripted, settle, type Turn } from './fakes.ts'
import { runAgent } from './loop.ts'
import { userText } from './messages.ts'
import type { ModelMessage } from './types.ts'

const again: Turn = [call('read', { a: 1 }), end('tool_calls')]
const answer: Turn = [say('ok'), end()]
const many = (count: number): Turn[] => Array.from({ length: count }, (_, n) => [call('read', { n }), end('tool_calls', 100, 100)])

test.each([
  ['steps', { steps: 2 }, 'limits.steps'],
  ['tokens', { tokens: 300 }, 'limits.tokens'],
] as const)('the limit on %s ends the run as failed and says how to raise it', async (stop, limit, words) => {
  const events = await collect(fresh(), { models: { m: scripted(many(9)) }, settings: { limits: { ...limits, ...limit } } })
  expect(events.at(-1)).toMatchObject({ status: 'failed', stop, message: expect.stringContaining(words) })
  expect(only(events, 'step.finished')).toHaveLength(2)
})

test('running time counts what earlier processes used, and ends a tool that hangs', async () => {
  const clock = manualClock()
  const state = { ...fresh(), spent: { ...fresh().spent, elapsedMs: 40 * 60_000 } }
  const running = collect(state, { clock, models: { m: scripted([again]) }, execute: () => new Promise(() => undefined) })
  await settle()
  clock.advance(20 * 60_000)
  const events = await running
  expect(only(events, 'call.finished')[0]?.outcome).toMatchObject({ status: 'cancelled', text: expect.stringContaining('time limit') })
  expect(events.at(-1)).toMatchObject({ status: 'failed', stop: 'minutes', message: expect.stringContaining('60 minutes') })
})

test('running time that the host does not count is not lost for good: the limit still ends a hanging tool later', async () => {
  const clock = manualClock()
  let uncounted = 0
  const state = { ...fresh(), spent: { ...fresh().spent, elapsedMs: 40 * 60_000 } }
  const seen: string[] = []
  const host = { ...clock, now: () => clock.now() - uncounted }
  const running = collect(
    state,
    { clock: host, models: { m: scripted([again]) }, execute: () => new Promise(() => undefined) },
    (event) => void seen.push(event.type),
  )
  await settle()
  uncounted = 20 * 60_000
  clock.advance(20 * 60_000)
  await settle()
  expect(seen.at(-1)).toBe('call.started')
  clock.advance(20 * 60_000)
  expect((await running).at(-1)).toMatchObject({ stop: 'minutes' })
})

test('the same call with the same result three times brings a nudge, the fourth ends the run', async () => {
  const events = await collect(fresh(), { models: { m: scripted([again, again, again, again, again]) } })
  expect(only(events, 'noted').map((event) => event.why)).toEqual(['repetition'])
  expect(only(events, 'call.finished')).toHaveLength(4)
  expect(events.at(-1)).toMatchObject({ status: 'failed', stop: 'repetition' })
})

test('the same call with other results is no repetition', async () => {
  let n = 0
  const events = await collect(fresh(), {
    models: { m: scripted([again, again, again, again, answer]) },
    execute: () => Promise.resolve(done(`${n++}`)),
  })
  expect(events.at(-1)).toMatchObject({ status: 'completed' })
  expect(only(events, 'noted')).toEqual([])
})

test('a steering message reaches the next step, and one that comes with the final answer keeps the run going', async () => {
  const inbox: ModelMessage[][] = [[], [userText('left')], [userText('right')]]
  const model = scripted([again, answer, answer])
  const events = await collect(fresh(), { models: { m: model }, steering: () => inbox.shift() ?? [] })
  expect(only(events, 'noted').map((event) => event.why)).toEqual(['steered', 'steered'])
  expect(model.requests).toHaveLength(3)
  expect(JSON.stringify(model.requests[1]?.messages.at(-1))).toContain('left')
  expect(JSON.stringify(model.requests[2]?.messages.at(-1))).toContain('right')
})

test('cancel is final although the tool hangs, and every open call is answered', async () => {
  const control = new AbortController()
  let told = false
  const turn: Turn = [call('write_a'), call('write_b'), call('read'), end('tool_calls')]
  const events = await collect(
    fresh(),
    {
      models: { m: scripted([turn]) },
      execute: ({ name }, signal) => (
        signal.addEventListener('abort', () => (told = true)),
        name === 'read' ? Promise.resolve(done('read')) : new Promise(() => undefined)
      ),
    },
    async (event) => {
      if (event.type !== 'call.finished') return
      await settle()
      control.abort()
    },
    control.signal,
  )
  expect(told).toBe(true)
  expect(only(events, 'call.finished').map((event) => `${event.name} ${event.outcome.status}`)).toEqual([
    'read completed',
    'write_a cancelled',
    'write_b cancelled',
  ])
  expect(events.at(-1)).toMatchObject({ status: 'cancelled', stop: 'cancelled' })
})

test('a tool that heeds the cancel within 1.5 s has its own outcome recorded', async () => {
  const control = new AbortController()
  const clock = manualClock(0)
  const running = collect(
    fresh(),
    {
      clock,
      models: { m: scripted([again]) },
      execute: (_, signal) => new Promise((resolve) => signal.addEventListener('abort', () => setImmediate(() => resolve(done('half'))))),
    },
    undefined,
    control.signal,
  )
  await settle()
  control.abort()
  const events = await running
  expect(only(events, 'call.finished')[0]?.outcome).toMatchObject({ status: 'completed', text: 'half' })
  expect(clock.slept).toContain(1500)
  expect(events.at(-1)).toMatchObject({ status: 'cancelled' })
})

test('a tool that was announced but cancelled before it began never runs', async () => {
  const control = new AbortController()
  const ran: string[] = []
  const events = await collect(
    fresh(),
    { models: { m: scripted([again]) }, execute: async ({ name }) => (ran.push(name), done('')) },
    (event) => (event.type === 'call.started' ? control.abort() : undefined),
    control.signal,
  )
  expect(ran).toEqual([])
  expect(only(events, 'call.finished').map((event) => event.outcome.status)).toEqual(['cancelled'])
})

test('cancel ends parallel waits for approval', async () => {
  const control = new AbortController()
  const turn: Turn = [call('write_a'), call('read'), end('tool_calls')]
  const running = collect(
    fresh(),
    {
      models: { m: scripted([turn]) },
      prepare: () => ({ decision: { action: 'ask', reason: '', preview: null } }),
      settled: () => new Promise(() => undefined),
    },
    undefined,
    control.signal,
  )
  await settle()
  control.abort()
  const events = await running
  expect(only(events, 'call.waiting')).toHaveLength(2)
  expect(only(events, 'call.finished').map((event) => event.outcome.status)).toEqual(['cancelled', 'cancelled'])
})

test('cancel ends a provider that hangs in mid-answer; what was shown is charged and kept', async () => {
  const control = new AbortController()
  const model = scripted([[say('half'), 'hang']], { price: { input: 1, output: 1, cacheRead: 1, cacheWrite: 1 } })
  const running = collect(fresh(), { models: { m: model } }, undefined, control.signal)
  await settle()
  control.abort()
  const events = await running
  expect(events.map((event) => event.type)).toEqual(['step.requested', 'text', 'step.broken', 'finished'])
  expect(only(events, 'step.broken')[0]).toMatchObject({ error: { kind: 'stopped' }, waitMs: null })
  expect(only(events, 'step.broken')[0]?.chargedUsd).toBeGreaterThan(0)
})

test('a run that is cancelled before it begins calls nobody', async () => {
  const model = scripted([answer])
  expect(await collect(fresh(), { models: { m: model } }, undefined, AbortSignal.abort())).toMatchObject([{ type: 'finished', status: 'cancelled' }])
  expect(model.requests).toEqual([])
})

test('a consumer that leaves stops the tools', async () => {
  const told = Promise.withResolvers<string>()
  const ports = fakePorts({
    models: { m: scripted([[call('write'), call('read'), end('tool_calls')]]) },
    execute: (_, signal) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => (told.resolve('told'), reject(signal.reason)))),
  })
  let started = 0
  for await (const event of runAgent(fresh(), ports, new AbortController().signal)) if (event.type === 'call.started' && ++started === 2) break
  await expect(told.promise).resolves.toBe('told')
})

test('a change of settings takes effect at the next step', async () => {
  const [a, b] = [scripted(many(1)), scripted([answer], { id: 'b' })]
  const settings = { model: 'm' }
  await collect(
    fresh(),
    {
      models: { m: a, b },
      get settings() {
        return settings
      },
    },
    (event) => {
      if (event.type === 'call.finished') settings.model = 'b'
    },
  )
  expect([a.requests.length, b.requests.length]).toEqual([1, 1])
})

const schema = { type: 'object', properties: { n: { type: 'number' } }, required: ['n'], additionalProperties: false }

test('a final answer that fits the schema comes back as a value, fenced or in two parts', async () => {
  const turns: Turn[] = [
    [say('```json\n{"n"'), end('length')],
    [say(': 1}\n```'), end()],
  ]
  expect((await collect(fresh(), { models: { m: scripted(turns) }, settings: { outputSchema: schema } })).at(-1)).toMatchObject({
    status: 'completed',
    output: { n: 1 },
  })
})

test('an answer that does not fit is sent back once with what is wrong, then refused', async () => {
  const model = scripted([
    [say('{"n": "x"}'), end()],
    [say('{"n": 2}'), end()],
  ])
  const events = await collect(fresh(), { models: { m: model }, settings: { outputSchema: schema } })
  expect(JSON.stringify(only(events, 'noted')[0]?.message)).toContain('expected number')
  expect(events.at(-1)).toMatchObject({ status: 'completed', output: { n: 2 } })
  const stubborn = await collect(fresh(), { models: { m: scripted([answer, answer]) }, settings: { outputSchema: schema } })
  expect(stubborn.at(-1)).toMatchObject({ status: 'failed', stop: 'output_refused', message: expect.stringContaining('not JSON') })
})

test('a schema that cannot be used is refused before anything is paid', async () => {
  const model = scripted([answer])
  const events = await collect(fresh(), { models: { m: model }, settings: { outputSchema: { type: 'nonsense' } } })
  expect(events).toMatchObject([{ type: 'finished', stop: 'output_refused' }])
  expect(model.requests).toEqual([])
})
