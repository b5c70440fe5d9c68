import { expect, test } from 'vitest'
import { call, collect, done, end, fresh, limits, manualClock, only, say, scripted, settle, type Turn } from './fakes.ts'
import type { EngineEvent, OpenCall, PreparedCall, RunState, Settlement } from './types.ts'

const answer: Turn = [say('ok'), end()]
const batch = (...names: string[]): Turn => [...names.map((name, n) => call(name, { n })), end('tool_calls')]
const path = (target: string): Partial<PreparedCall> => ({ targets: [target] })
const ask = { decision: { action: 'ask', reason: 'r', preview: null } } as const
const order = (events: readonly EngineEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'call.started' ? [`+${event.call.name}`] : event.type === 'call.finished' ? [`-${event.name}`] : []))
const outcomes = (events: readonly EngineEvent[]): string[] => only(events, 'call.finished').map((event) => `${event.name} ${event.outcome.status}`)

/** A world whose tools end only when told to. */
function gates(): { execute: (call: PreparedCall) => Promise<ReturnType<typeof done>>; running: () => string[]; open: (name: string) => void } {
  const open = new Map<string, () => void>()
  return {
    running: () => [...open.keys()],
    open: (name) => {
      open.get(name)?.()
      open.delete(name)
    },
    execute: ({ name }) => new Promise((resolve) => open.set(name, () => resolve(done(name)))),
  }
}

test('reads run in parallel, eight at once', async () => {
  const names = Array.from({ length: 10 }, (_, n) => `read${n}`)
  const gate = gates()
  const running = collect(fresh(), { models: { m: scripted([batch(...names), answer]) }, execute: gate.execute })
  await settle()
  expect(gate.running()).toEqual(names.slice(0, 8))
  gate.open('read3')
  await settle()
  expect(gate.running()).toContain('read8')
  expect(gate.running()).toHaveLength(8)
  for (const name of names) {
    gate.open(name)
    await settle()
  }
  expect((await running).at(-1)).toMatchObject({ status: 'completed' })
})

test('writes keep their order, also on different files', async () => {
  const events = await collect(fresh(), {
    models: { m: scripted([batch('write_a', 'write_b', 'write_c'), answer]) },
    prepare: ({ name }) => path(`path:/${name}`),
  })
  expect(order(events)).toEqual(['+write_a', '-write_a', '+write_b', '-write_b', '+write_c', '-write_c'])
})

test.each([
  ['a read of the folder that a write changes', 'path:/a/b', 'path:/a'],
  ['a read of any file after a command', 'command', 'path:/z'],
])('%s sees the write before it', async (_, written, read) => {
  const events = await collect(fresh(), {
    models: { m: scripted([batch('write', 'read'), answer]) },
    prepare: ({ name }) => path(name === 'write' ? written : read),
  })
  expect(order(events)).toEqual(['+write', '-write', '+read', '-read'])
})

test.each([
  ['waits for', 'path:/a', ['read']],
  ['runs beside', 'path:/b', ['read', 'write']],
])('a write %s an earlier read if it is of %s', async (_, written, expected) => {
  const gate = gates()
  const running = collect(fresh(), {
    models: { m: scripted([batch('read', 'write'), answer]) },
    execute: gate.execute,
    prepare: ({ name }) => path(name === 'read' ? 'path:/a' : written),
  })
  await settle()
  expect(gate.running().toSorted()).toEqual(expected)
  for (const name of ['read', 'write']) {
    gate.open(name)
    await settle()
  }
  expect((await running).at(-1)).toMatchObject({ status: 'completed' })
})

test('a tool starts only after its line was taken and the next asked for', async () => {
  const log: string[] = []
  await collect(
    fresh(),
    { models: { m: scripted([batch('write', 'read'), answer]) }, execute: async ({ name }) => (log.push(`run ${name}`), done('')) },
    async (event) => {
      if (event.type !== 'call.started') return
      await settle()
      log.push(`durable ${event.call.name}`)
    },
  )
  expect(log.indexOf('durable write')).toBeLessThan(log.indexOf('run write'))
  expect(log.indexOf('durable read')).toBeLessThan(log.indexOf('run read'))
})

test('calls that are invalid, unknown to the host or denied are answered in words, the others run', async () => {
  const model = scripted([batch('bad', 'denied', 'crash', 'read'), answer])
  const events = await collect(fresh(), {
    models: { m: model },
    prepare: ({ name }) => {
      if (name === 'crash') throw new Error('no rules')
      return name === 'bad' ? { invalid: 'path: expected a string' } : name === 'denied' ? { decision: { action: 'deny', reason: 'not here' } } : {}
    },
  })
  expect(outcomes(events).toSorted()).toEqual(['bad failed', 'crash failed', 'denied denied', 'read completed'])
  const results = model.requests[1]?.messages.at(-1)
  expect(results?.content.map((part) => part.type === 'tool_result' && part.text)).toEqual([
    'path: expected a string',
    'not here',
    'The call could not be prepared: no rules',
    'done',
  ])
})

test('a waiting call blocks only what conflicts with it, and its wait costs no running time', async () => {
  const clock = manualClock()
  const settled = Promise.withResolvers<Settlement>()
  const running = collect(fresh(), {
    clock,
    models: { m: scripted([batch('write', 'read_other', 'read_same'), answer]) },
    prepare: ({ name }) => (name === 'write' ? { ...path('path:/a'), ...ask } : path(name === 'read_same' ? 'path:/a' : 'path:/b')),
    settled: () => settled.promise,
    settings: { limits: { ...limits, minutes: 60 } },
  })
  await settle()
  clock.advance(100 * 3_600_000)
  await settle()
  settled.resolve({ action: 'approve' })
  const events = await running
  expect(order(events)).toEqual(['+read_other', '-read_other', '+write', '-write', '+read_same', '-read_same'])
  expect(events.map((event) => event.type)).toContain('call.settled')
  expect(events.at(-1)).toMatchObject({ status: 'completed' })
})

test('a rejection reaches the model with its reason, a handed-in result as if the tool had given it', async () => {
  const model = scripted([batch('write_a', 'write_b'), answer])
  const given: Settlement[] = [
    { action: 'reject', reason: 'too risky' },
    { action: 'result', outcome: done('by hand') },
  ]
  const events = await collect(fresh(), {
    models: { m: model },
    prepare: () => ask,
    settled: () => Promise.resolve(given.shift() ?? { action: 'approve' }),
    execute: () => Promise.reject(new Error('must not run')),
  })
  expect(outcomes(events).toSorted()).toEqual(['write_a denied', 'write_b completed'])
  expect(model.requests[1]?.messages.at(-1)?.content.map((part) => part.type === 'tool_result' && part.text)).toEqual(['too risky', 'by hand'])
})

test('a tool that breaks is unknown if it may not be repeated, failed if it may', async () => {
  const events = await collect(fresh(), {
    models: { m: scripted([batch('write', 'read'), answer]) },
    execute: () => Promise.reject(new Error('segfault')),
  })
  expect(outcomes(events).toSorted()).toEqual(['read failed', 'write unknown'])
})

test('the output of a tool is cut at its limit, at a whole character, and says so', async () => {
  const events = await collect(fresh(), {
    models: { m: scripted([batch('read'), answer]) },
    settings: { limits: { ...limits, outputBytes: 10 } },
    execute: () => Promise.resolve(done('ééééééé')),
  })
  expect(only(events, 'call.finished')[0]?.outcome.text).toMatch(/^é{5}\n\[Cut: the output has 14 bytes/)
})

const resumed = (...open: OpenCall[]): RunState => ({
  ...fresh(),
  messages: [...fresh().messages, { role: 'assistant', content: open.map(({ type, callId, name, input }) => ({ type, callId, name, input })) }],
  step: 1,
  open,
})
const openCall = (name: string, stage: OpenCall['stage']): OpenCall => ({ type: 'tool_call', callId: `c_${name}`, name, input: {}, stage })

test('after a restart a started call runs again if it is repeatable, otherwise its outcome is unknown and it never runs', async () => {
  const ran: string[] = []
  const model = scripted([answer])
  const events = await collect(resumed(openCall('write', 'started'), openCall('read', 'started')), {
    models: { m: model },
    execute: async ({ name }) => (ran.push(name), done('')),
  })
  expect(ran).toEqual(['read'])
  expect(order(events)).toEqual(['-write', '+read', '-read'])
  expect(outcomes(events)[0]).toBe('write unknown')
  expect(only(events, 'call.finished')[0]?.outcome.text).toMatch(/unknown.*Verify/s)
})

test('after a restart a waiting call waits on without being asked again, an approved one runs, an asked one is asked', async () => {
  const asked: string[] = []
  const events = await collect(resumed(openCall('write_w', 'waiting'), openCall('write_a', 'approved'), openCall('write_n', 'asked')), {
    models: { m: scripted([answer]) },
    prepare: () => ask,
    settled: (id) => (asked.push(id), Promise.resolve({ action: 'approve' })),
  })
  expect(only(events, 'call.waiting').map((event) => event.call.name)).toEqual(['write_n'])
  expect(asked.toSorted()).toEqual(['c_write_n', 'c_write_w'])
  expect(outcomes(events)).toEqual(['write_w completed', 'write_a completed', 'write_n completed'])
})

test('calls beyond the limit are answered as such, also when the batch was split by a restart, and the run stops', async () => {
  const events = await collect(fresh(), { models: { m: scripted([batch('a', 'b', 'c')]) }, settings: { limits: { ...limits, toolCalls: 2 } } })
  expect(outcomes(events).toSorted()).toEqual(['a completed', 'b completed', 'c failed'])
  expect(events.at(-1)).toMatchObject({ status: 'failed', stop: 'tool_calls', message: expect.stringContaining('limits.toolCalls') })
  const state = resumed(openCall('a', 'asked'), openCall('b', 'asked'), openCall('c', 'asked'))
  const half = { ...state, open: state.open.slice(1), spent: { ...state.spent, toolCalls: 3 } }
  expect(outcomes(await collect(half, { settings: { limits: { ...limits, toolCalls: 2 } } })).toSorted()).toEqual(['b completed', 'c failed'])
})

test('a failing approval store fails the run loudly and stops the other tools', async () => {
  const stopped: string[] = []
  const hanging = (_: PreparedCall, signal: AbortSignal): Promise<never> =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => (stopped.push('read'), reject(signal.reason))))
  const running = collect(fresh(), {
    models: { m: scripted([batch('read', 'write')]) },
    execute: hanging,
    prepare: ({ name }) => (name === 'write' ? ask : {}),
    settled: async () => (await settle(), Promise.reject(new Error('disk gone'))),
  })
  await expect(running).rejects.toThrow('disk gone')
  expect(stopped).toEqual(['read'])
})
