import { expect, test } from 'vitest'
import { until } from '@steward/testkit'
import { context, everythingMain, hostileMain, makeWorld, ready, toolNamed } from './testing/place.ts'

const quick = { firstBackoffMs: 50, longestBackoffMs: 100 }

test.each([
  ['garbage', /does not speak MCP/],
  ['endless', /a line of more than 16 MiB/],
  ['dies', /exit code 3\. It said last: no luck today/],
  ['list', /tools|Invalid/],
])('a server that does nothing but %s fails in words, is begun again, and harms no other', async (mode, words) => {
  await using world = await makeWorld(quick)
  const good = world.connect(world.node(everythingMain), { id: 'good' })
  const bad = world.connect(world.node(hostileMain, [mode]))
  await bad.settled()
  expect(bad.state()).toMatchObject({ state: 'failed', message: expect.stringMatching(words) })
  await until(() => bad.state().state === 'starting')
  await bad.settled()
  expect(bad.state()).toMatchObject({ state: 'failed', message: expect.stringMatching(words) })
  expect(world.reports).toEqual([expect.stringMatching(words)])
  await ready(good)
  expect((await toolNamed(good, 'echo').run({ message: 'fine' }, context())).text).toBe('Echo: fine')
})

test('each new beginning waits twice as long as the one before, up to the longest', async () => {
  await using world = await makeWorld({ firstBackoffMs: 50, longestBackoffMs: 200 })
  world.connect(world.node(hostileMain, ['dies'], false))
  const failed = () => world.history.filter(({ state }) => state === 'failed')
  await until(() => failed().length === 5, { timeoutMs: 15_000 })
  const starts = world.history.filter(({ state }) => state === 'starting')
  const waits = starts.slice(-4).map(({ at }, index) => at - (failed()[index]?.at ?? 0))
  for (const [index, least] of [50, 100, 200, 200].entries()) expect(waits[index]).toBeGreaterThan(least - 5)
  for (const wait of waits) expect(wait).toBeLessThan(390)
  expect(world.reports).toHaveLength(1)
})

test('a server that never answers fails after its time, and its child is ended', async () => {
  await using world = await makeWorld({ startMs: 300, firstBackoffMs: 60_000 })
  const connection = world.connect(world.node(hostileMain, ['silent']))
  await connection.settled()
  expect(connection.state()).toMatchObject({ state: 'failed', message: expect.stringMatching(/does not answer/) })
  await until(async () => (await world.pids()).length === 0)
})

test('some lines that are no messages are passed over', async () => {
  await using world = await makeWorld()
  const connection = world.connect(world.node(hostileMain, ['stray']))
  await ready(connection)
  expect(world.lines.join('\n')).toContain('Starting up…')
})

test('of ten thousand tools the first five hundred are taken, of endless pages a hundred', async () => {
  await using world = await makeWorld()
  const many = world.connect(world.node(hostileMain, ['many']))
  const loop = world.connect(world.node(hostileMain, ['loop']), { id: 'loop' })
  const paged = world.connect(world.node(hostileMain, ['paged']), { id: 'paged' })
  await Promise.all([ready(many), ready(loop), ready(paged)])
  expect(many.tools()).toHaveLength(500)
  expect(loop.tools()).toHaveLength(100)
  expect(paged.tools()).toHaveLength(100)
  expect(world.lines.join()).toContain('left out')
})

test('hostile names and schemas are made harmless', async () => {
  await using world = await makeWorld()
  const connection = world.connect(world.node(hostileMain, ['schemas']))
  await ready(connection)
  expect(connection.tools().map(({ id }) => id)).toEqual([
    'demo.proto',
    'demo.slow_pattern',
    'demo.laughs',
    'demo.itself',
    'demo.nowhere',
    'demo.t__proto__',
    'demo.same_name',
    'demo.same_name_2',
    'demo.same_name_3',
    `demo.long_${'n'.repeat(75)}`,
  ])
  const fits = (name: string, value: unknown) => toolNamed(connection, name).inputs.safeParse(value).success
  const given = toolNamed(connection, 'proto').given?.inputsSchema ?? {}
  expect(JSON.stringify(given)).not.toContain('__proto__')
  expect(Object.keys(Object.prototype)).toEqual([])
  expect([fits('proto', { a: 'x' }), fits('proto', { a: 1 })]).toEqual([true, false])
  const from = performance.now()
  expect(fits('slow_pattern', { a: `${'a'.repeat(60)}!` })).toBe(true)
  expect(fits('slow_pattern', { n: 'no number' })).toBe(false)
  expect([fits('laughs', {}), fits('itself', {}), fits('nowhere', {})]).toEqual([true, true, true])
  expect(fits('laughs', 'no object')).toBe(false)
  expect(performance.now() - from).toBeLessThan(1000)
  expect(toolNamed(connection, 'same_name_3')).toMatchObject({ risk: 'destructive', description: expect.stringMatching(/^d{3999}…$/) })
})

test('what a server answers is bounded, whatever it is', async () => {
  await using world = await makeWorld()
  const connection = world.connect(world.node(hostileMain, ['wide']))
  await ready(connection)
  const call = (name: string) => toolNamed(connection, name).run({ a: 1 }, context({ outputBytes: 10_000, callId: 'call_7' }))
  const { text = '' } = await call('t1')
  expect(JSON.parse(text)).toMatchObject({ name: 't1', arguments: { a: 1 }, _meta: { 'steward/callId': 'call_7' } })
  const much = await call('t2')
  expect(much.text).toMatch(/^\[image image\/png, 3000000 bytes\]\nw+/)
  expect(Buffer.byteLength(much.text ?? '')).toBeLessThanOrEqual(10_100)
  await expect(call('t3')).rejects.toMatchObject({ code: 'failed' })
  await expect(call('t4')).rejects.toMatchObject({ code: 'failed' })
  await expect(call('t5')).rejects.toMatchObject({ code: 'failed', message: expect.stringMatching(/did not say why/) })
  expect(connection.state().state).toBe('ready')
})

test('a server that says that its tools changed is asked for them anew', async () => {
  await using world = await makeWorld()
  const connection = world.connect(world.node(hostileMain, ['changing']))
  await ready(connection)
  const before = connection.tools()
  expect(before).toHaveLength(3)
  await toolNamed(connection, 't0').run({}, context())
  await until(() => connection.tools().length === 4)
  expect(connection.tools()).not.toBe(before)
})

test('a server that no longer answers pings is begun again', async () => {
  await using world = await makeWorld({ ...quick, pingEveryMs: 30, pingMs: 200 })
  const connection = world.connect(world.node(hostileMain, ['mute']))
  await ready(connection)
  await until(() => world.reports.length > 0)
  expect(world.reports[0]).toMatch(/does not answer/)
  await ready(connection)
})

test('a flood of stderr is cut', async () => {
  await using world = await makeWorld()
  const connection = world.connect(world.node(hostileMain, ['noisy']))
  await ready(connection)
  await until(() => world.lines.some((line) => line.includes('left out')))
  expect(world.lines.length).toBeLessThan(250)
  expect(Math.max(...world.lines.map(({ length }) => length))).toBeLessThanOrEqual(2001)
})

test.each([true, false])('a server that forks children and ignores SIGTERM is gone within 2 s with all of them (sandbox %s)', async (sandbox) => {
  await using world = await makeWorld()
  const forks = world.connect(world.node(hostileMain, ['forks'], sandbox))
  const deaf = world.connect(world.node(hostileMain, ['deaf'], sandbox), { id: 'deaf' })
  await Promise.all([ready(forks), ready(deaf)])
  expect((await world.pids()).length).toBeGreaterThanOrEqual(5)
  const from = performance.now()
  await Promise.all([forks.close(), deaf.close()])
  expect(performance.now() - from).toBeLessThan(2000)
  expect(await world.pids()).toEqual([])
})

test('a server that speaks only the revision without initialize is used as well, and asked whether it lives', async () => {
  await using world = await makeWorld({ pingEveryMs: 20 })
  const connection = world.connect(world.node(hostileMain, ['modern']))
  await ready(connection)
  const call = async (name: string): Promise<string> => (await toolNamed(connection, name).run({ a: 1 }, context({ callId: 'call_9' }))).text ?? ''
  expect(JSON.parse(await call('t1'))).toMatchObject({ name: 't1', arguments: { a: 1 }, _meta: { 'steward/callId': 'call_9' } })
  await until(async () => Number(await call('pings')) > 2)
  expect(world.reports).toEqual([])
})
