import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createRoomHarness, type RoomHarness } from '../../../test/room-harness.ts'
import { wireSettings } from '../../app-settings.ts'
import { settingsMigrations } from '../../migrations/settings.ts'
import { openStore, type Store } from '../../platform/storage/store.ts'

let rooms: RoomHarness
beforeEach(async () => void (rooms = await createRoomHarness({ env: { STEWARD_RUNS_STEPS: '5' } })))
afterEach(() => rooms.close())

test('config shows everything, one key, or all below the first words of one', async () => {
  const all = await rooms.ask('config.get', {})
  expect(all.items.map(({ key }) => key)).toEqual((await rooms.ask('settings.list', {})).items.map(({ key }) => key))
  const { items } = await rooms.ask('config.get', { key: 'log' })
  expect(items.map(({ key }) => key)).toEqual(['log.level', 'log.levels', 'log.maxMegabytes', 'log.days', 'log.totalMegabytes'])
  expect((await rooms.ask('config.get', { key: 'runs.steps' })).items).toMatchObject([
    { key: 'runs.steps', value: 5, source: 'environment', place: 'STEWARD_RUNS_STEPS', default: 200 },
  ])
})
test('several settings are stored at once, or none of them', async () => {
  const { items } = await rooms.ask('config.set', { key: 'log', value: { level: 'warn', days: 7, levels: { http: 'debug' } } })
  expect(items.map(({ key, value, source }) => [key, value, source])).toEqual([
    ['log.level', 'warn', 'stored'],
    ['log.days', 7, 'stored'],
    ['log.levels', { http: 'debug' }, 'stored'],
  ])
  expect(await rooms.refusal('config.set', { key: 'log', value: { level: 'debug', days: 'all' } })).toMatchObject({ code: 'unprocessable' })
  expect(rooms.settings.get('log.level')).toBe('warn')
  await rooms.ask('config.reset', { key: 'log' })
  expect([rooms.settings.get('log.level'), rooms.settings.get('log.days')]).toEqual(['info', 30])
})
test('a name that means no setting is refused with one that is written nearly so', async () => {
  expect((await rooms.refusal('config.set', { key: 'log.levle', value: 'debug' })).message).toBe(
    'There is no setting log.levle; did you mean log.level?',
  )
  expect((await rooms.refusal('config.set', { key: 'log', value: 'debug' })).message).toBe('The value of log must be an object of settings.')
  expect((await rooms.refusal('config.set', { key: 'log.levels', value: { door: 'debug' } })).message).toContain(
    'log.levels does not take this value',
  )
  expect((await rooms.refusal('config.get', { key: 'nothing.like.it' })).message).toBe(
    'There is no setting nothing.like.it; steward config get shows all.',
  )
})

const homes: { home: string; store: Store }[] = []
afterEach(async () => {
  for (const { home, store } of homes.splice(0)) {
    await store.close()
    rmSync(home, { recursive: true, force: true })
  }
})
async function place(config?: unknown) {
  const home = mkdtempSync(path.join(tmpdir(), 'steward-config-'))
  const file = path.join(home, 'config.json')
  if (config !== undefined) writeFileSync(file, typeof config === 'string' ? config : JSON.stringify(config))
  const store = await openStore(home, 'settings', settingsMigrations)
  homes.push({ home, store })
  return { home, store, file }
}
test('each source beats the one below it: default, file, stored, environment, flag', async () => {
  const { home, store, file } = await place({ runs: { steps: 1, toolCalls: 1, parallel: 1 }, 'runs.tokens': 1_001 })
  const room = wireSettings(home, store, {
    env: { STEWARD_RUNS_TOOL_CALLS: '3', STEWARD_RUNS_STEPS: '3' },
    flags: [{ key: 'runs.steps', text: '4', flag: '--set runs.steps' }],
  })
  for (const key of ['runs.steps', 'runs.toolCalls', 'runs.parallel'] as const) room.keep(store.log.commit, key, 2)
  const seen = Object.fromEntries(
    await Promise.all(
      (['runs.steps', 'runs.toolCalls', 'runs.parallel', 'runs.tokens', 'runs.minutes'] as const).map(async (key) => {
        const { value, source, place: where } = await room.handlers['settings.get']({} as never, { key })
        return [key, [value, source, where]]
      }),
    ),
  )
  expect(seen).toEqual({
    'runs.steps': [4, 'flag', '--set runs.steps'],
    'runs.toolCalls': [3, 'environment', 'STEWARD_RUNS_TOOL_CALLS'],
    'runs.parallel': [2, 'stored', null],
    'runs.tokens': [1_001, 'file', file],
    'runs.minutes': [120, 'default', null],
  })
})
test.for([
  ['{"log": {"levle": "debug"}}', /config\.json: There is no setting log\.levle; did you mean log\.level\?$/],
  ['{"log": {"level": "loud"}}', /config\.json: log\.level does not take this value/],
  ['{"log": "debug"}', /config\.json: The value of log must be an object of settings\.$/],
  ['{"log.days": 3, "log": {"days": 4}}', /config\.json: The setting log\.days is given twice\.$/],
  ['[]', /config\.json: It must be an object of settings\.$/],
  ['{"log": }', /config\.json is not JSON: .*\.$/],
] as const)('the config file %s is refused with a sentence', async ([text, sentence]) => {
  const { home, store } = await place(text)
  expect(() => wireSettings(home, store, { env: {} })).toThrow(sentence)
})
test('a flag that fits no setting, or whose value does not fit, is refused with its name', async () => {
  const { home, store } = await place()
  const start = (key: string, text: string) => () => wireSettings(home, store, { env: {}, flags: [{ key, text, flag: `--set ${key}` }] })
  expect(start('log.levl', 'debug')).toThrow('--set log.levl: There is no setting log.levl; did you mean log.level?')
  expect(start('log.level', 'loud')).toThrow(/^The flag --set log\.level does not take this value/)
})
test('a changed file is taken up with an event for each setting that it changes; one that does not fit changes nothing', async () => {
  const { home, store, file } = await place({ runs: { steps: 1 } })
  const room = wireSettings(home, store, { env: {} })
  const heard: string[] = []
  room.settings.onChange((key) => heard.push(key))
  const text = JSON.stringify({ runs: { toolCalls: 9 }, log: { levels: { http: 'debug' } } })
  expect(room.takeFile(store.log.commit, { path: file, text })).toEqual(['runs.steps', 'runs.toolCalls', 'log.levels'])
  expect(heard).toEqual(['runs.steps', 'runs.toolCalls', 'log.levels'])
  expect(room.settings.get('runs.steps')).toBe(200)
  expect(() => room.takeFile(store.log.commit, { path: file, text: '{"runs": {"steps": 3, "toolCalls": "x"}}' })).toThrow('runs.toolCalls')
  expect(room.settings.get('runs.steps')).toBe(200)
  await store.log.durable()
  expect(store.log.read(0, 100).map(({ name, json }) => [name, (JSON.parse(json) as { data: { key: string; source: string } }).data])).toEqual([
    ['setting.changed', { key: 'runs.steps', value: 200, source: 'default' }],
    ['setting.changed', { key: 'runs.toolCalls', value: 9, source: 'file' }],
    ['setting.changed', { key: 'log.levels', value: { http: 'debug' }, source: 'file' }],
  ])
  expect(room.takeFile(store.log.commit, undefined)).toEqual(['runs.toolCalls', 'log.levels'])
})
