import { afterEach, expect, test } from 'vitest'
import { createHome, createRoomHarness, ownerCaller, type RoomHarness } from '../../../test/room-harness.ts'
import { settingVariable } from './sources.ts'

let open: RoomHarness | undefined
afterEach(async () => {
  await open?.close()
  open = undefined
})
const start = async (options?: Parameters<typeof createRoomHarness>[0]) => (open = await createRoomHarness(options))

test('a setting that is stored takes effect at once, is announced and survives a restart', async () => {
  const { home, dispose } = createHome()
  const first = await createRoomHarness({ home })
  const heard: string[] = []
  first.settings.onChange((key) => heard.push(`${key}=${String(first.settings.get(key))}`))
  expect(await first.ask('settings.set', { key: 'runs.parallel', value: 3 })).toMatchObject({ value: 3, default: 10, source: 'stored' })
  expect(heard).toEqual(['runs.parallel=3'])
  const events = await first.ask('events.list', { log: 'settings' })
  expect(events.items.find(({ name }) => name === 'setting.changed')?.data).toEqual({ key: 'runs.parallel', value: 3, source: 'stored' })
  await first.close()
  const second = await createRoomHarness({ home })
  expect(second.settings.get('runs.parallel')).toBe(3)
  expect(await second.ask('settings.reset', { key: 'runs.parallel' })).toMatchObject({ value: 10, source: 'default' })
  await second.close()
  dispose()
})
test('the environment beats what is stored, and the answer says so', async () => {
  const { ask, settings } = await start({
    env: { STEWARD_SERVER_PORT: '4321', STEWARD_SERVER_ALLOWED_HOSTS: 'a.example,b.example', STEWARD_WORKSPACE_ROOT: '/srv' },
  })
  expect(await ask('settings.set', { key: 'server.port', value: 80 })).toMatchObject({ value: 4321, source: 'environment' })
  expect(settings.get('server.port')).toBe(4321)
  expect(settings.get('server.allowedHosts')).toEqual(['a.example', 'b.example'])
  expect(settings.get('workspaceRoot')).toBe('/srv')
  expect(settings.all()['runs.budgetUsd']).toBeNull()
})
test('each setting has a variable of its own', () => {
  expect(settingVariable('server.port')).toBe('STEWARD_SERVER_PORT')
  expect(settingVariable('workspaceRoot')).toBe('STEWARD_WORKSPACE_ROOT')
  expect(settingVariable('runs.budgetUsd')).toBe('STEWARD_RUNS_BUDGET_USD')
})
test('an environment variable that does not fit stops the start with its name', async () => {
  await expect(createRoomHarness({ env: { STEWARD_RUNS_PARALLEL: 'many' } })).rejects.toMatchObject({
    code: 'unprocessable',
    message: expect.stringContaining('STEWARD_RUNS_PARALLEL') as string,
  })
})
test('a value that does not fit is refused with a sentence and changes nothing', async () => {
  const { refusal, settings } = await start()
  const fault = await refusal('settings.set', { key: 'server.port', value: 70_000 })
  expect(fault).toMatchObject({ code: 'unprocessable', message: expect.stringContaining('server.port') as string })
  expect(await refusal('settings.set', { key: 'no.such', value: 1 })).toMatchObject({ code: 'invalid' })
  expect(settings.get('server.port')).toBe(0)
})
test('each setting says as JSON Schema what may be set', async () => {
  const { ask } = await start()
  const { items } = await ask('settings.list', {})
  for (const { key, schema } of items) expect(Object.keys(schema as object), key).not.toEqual([])
  const schemaOf = (wanted: string) => items.find(({ key }) => key === wanted)?.schema
  expect(schemaOf('runs.parallel')).toEqual({ type: 'integer', minimum: 1, maximum: 200 })
  expect(schemaOf('tools.network')).toEqual({ type: 'boolean' })
  expect(schemaOf('log.level')).toEqual({ type: 'string', enum: ['debug', 'info', 'warn', 'error'] })
  expect(schemaOf('server.allowedHosts')).toMatchObject({ type: 'array', items: { type: 'string' } })
  expect(schemaOf('runs.budgetUsd')).toMatchObject({ anyOf: [{ type: 'number' }, { type: 'null' }] })
})
test('settings come in pages that together hold every one once', async () => {
  const { ask } = await start()
  const whole = await ask('settings.list', {})
  const seen: string[] = []
  let cursor: string | null | undefined
  do {
    const page = await ask('settings.list', { limit: 7, ...(cursor ? { cursor } : {}) })
    seen.push(...page.items.map(({ key }) => key))
    cursor = page.nextCursor
  } while (cursor)
  expect(seen).toEqual(whole.items.map(({ key }) => key))
  expect(whole.nextCursor).toBeNull()
})
test('the same call with the same key is done once and answered twice', async () => {
  const { ask, logs } = await start()
  const one = await ask('settings.set', { key: 'runs.steps', value: 7 }, { key: 'k' })
  const head = logs.settings.head()
  expect(await ask('settings.set', { key: 'runs.steps', value: 7 }, { key: 'k' })).toEqual(one)
  expect(logs.settings.head()).toBe(head)
  await expect(ask('settings.set', { key: 'runs.steps', value: 8 }, { key: 'k', caller: ownerCaller })).rejects.toMatchObject({ code: 'conflict' })
})
