import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Fault, type Contract } from '@steward/contract'
import { operations } from '@steward/contract/daemon'
import { createCall } from '@steward/kernel'
import { tempDir, until } from '@steward/testkit'
import { expect, test } from 'vitest'
import { ownerCaller } from '../../../test/room-harness.ts'
import { agentsMigrations } from '../../migrations/agents.ts'
import { hostileMain } from '../../platform/mcp/testing/place.ts'
import { findMarked, homeMark } from '../../platform/processes/marked.ts'
import { createProcesses } from '../../platform/processes/processes.ts'
import { createLedger } from '../../platform/storage/ledger.ts'
import { openStore } from '../../platform/storage/store.ts'
import { builtinTools } from '../../tools/builtin.ts'
import { createRegistry } from '../../tools/registry.ts'
import { createAppsRoom } from './room.ts'
import { createAppStore } from './store.ts'

const names = ['tools.list', 'apps.list', 'apps.get', 'apps.add', 'apps.configure', 'apps.restart', 'apps.remove'] as const
const tool = (id: string) => ({ id, name: id, description: `Does ${id}.`, inputs: { type: 'object' }, command: { argv: ['true'] } })
const manifest = (id: string, more: object = {}) => ({ id, name: id, tools: [tool('act')], ...more })

/** The room over a real database, real folders and real children; `start` puts the files into them first. */
async function start(files: Readonly<Record<string, unknown>> = {}) {
  const temp = await tempDir()
  const [home, own, shipped, work] = ['home', 'own', 'shipped', 'work'].map((name) => path.join(temp.path, name)) as [string, string, string, string]
  for (const folder of [home, shipped, work]) await mkdir(folder)
  const put = async (name: string, value: unknown) => {
    await mkdir(path.dirname(path.join(temp.path, name)), { recursive: true })
    await writeFile(path.join(temp.path, name), typeof value === 'string' ? value : JSON.stringify(value, null, 2))
  }
  for (const [name, value] of Object.entries(files)) await put(name, value)
  const agents = await openStore(home, 'agents', agentsMigrations)
  const processes = await createProcesses({ home, daemonId: 'd1', sandbox: 'off', allowEnv: [] })
  const registry = createRegistry(builtinTools)
  const secrets = new Map<string, string>()
  const reported: string[] = []
  let folders = 0
  const open = () =>
    createAppsRoom({
      log: agents.log,
      store: createAppStore(agents.db),
      registry,
      secrets: { value: (name) => secrets.get(name), keep: (name, text) => void secrets.set(name, text) },
      folders: {
        shipped,
        own() {
          folders += 1
          return own
        },
      },
      workspace: async () => work,
      userHome: temp.path,
      mcp: {
        version: '1',
        spawn: (request) => processes.attachBare(request),
        redirectUrl: () => null,
        allowAddresses: () => [],
        log: () => undefined,
      },
      redact: (value) => value,
      report: (error) => void reported.push(error instanceof Error ? error.message : String(error)),
    })
  const room = open()
  const contract = Object.fromEntries(names.map((name) => [name, operations[name]])) as unknown as Contract
  const ledger = createLedger({ agents } as never, { refused: () => undefined, wasRead: () => undefined })
  const call = createCall(contract, room.handlers as never, ledger, (error) => {
    throw error
  })
  const ask = async (name: (typeof names)[number], input: object = {}): Promise<any> => (await call(ownerCaller, name, input)).value
  return {
    room,
    registry,
    secrets,
    reported,
    own,
    put,
    ask,
    drop: (name: string) => rm(path.join(temp.path, name)),
    foldersAsked: () => folders,
    refusal: (name: (typeof names)[number], input: object) =>
      ask(name, input).then(
        () => undefined,
        (error: unknown) => (error instanceof Fault ? error.code : error),
      ),
    tools: (id: string) => registry.all().flatMap((one) => (one.id.startsWith(`${id}.`) ? [one.id] : [])),
    async events() {
      await agents.log.durable()
      const all = agents.log.read(0, 1_000).map(({ name, json }) => ({ name, data: (JSON.parse(json) as { data: any }).data }))
      return all.flatMap(({ name, data }) => (name.startsWith('app.') ? [`${name} ${data.appId} ${data.status ?? ''}`.trim()] : []))
    },
    children: () => findMarked(`${homeMark(home)}:`),
    async [Symbol.asyncDispose]() {
      await room.close()
      await processes.close()
      await agents.close()
      await temp[Symbol.asyncDispose]()
    },
  }
}
const server = { command: process.execPath, args: [hostileMain], sandbox: false }

test('an app of one’s own goes before one of the same id that came with Steward', async () => {
  await using at = await start({
    'shipped/a.app.json': manifest('a', { name: 'Shipped' }),
    'shipped/b.app.json': manifest('b'),
    'own/mine.app.json': manifest('a', { name: 'Mine', tools: [tool('mine')] }),
  })
  expect(await at.ask('apps.get', { id: 'a' })).toMatchObject({
    name: 'Mine',
    source: 'manifest',
    status: 'ready',
    tools: 1,
    path: path.join(at.own, 'mine.app.json'),
  })
  expect([at.tools('a'), at.tools('b')]).toEqual([['a.mine'], ['b.act']])
  expect((await at.ask('apps.list')).faults).toEqual([])
})
test('a file that cannot be taken is told with its line and why, and harms no other', async () => {
  await using at = await start({
    'own/a-first.app.json': manifest('same'),
    'own/b-second.app.json': manifest('same', { tools: [tool('other')] }),
    'own/bad.app.json': '{\n  "id": "bad",\n  "name": 7\n}',
    'own/builtin.app.json': manifest('files'),
    'own/json.app.json': '{\n  "id": \n',
    'own/ok.app.json': manifest('ok'),
  })
  const { faults } = await at.ask('apps.list')
  const found = faults.map(({ path: file, line, message }: any) => [path.basename(file), line, message])
  expect(found).toEqual([
    ['b-second.app.json', null, expect.stringContaining('another app with the id same')],
    ['bad.app.json', 3, expect.stringMatching(/^Line 3, name: /)],
    ['bad.app.json', 1, expect.stringContaining('"tools" is missing')],
    ['builtin.app.json', null, expect.stringContaining('another app with the id files')],
    ['json.app.json', expect.any(Number), expect.any(String)],
  ])
  expect([at.tools('same'), at.tools('ok'), at.tools('bad')]).toEqual([['same.act'], ['ok.act'], []])
  expect(at.tools('files').length).toBeGreaterThan(5)
})
test('a folder that cannot be read is told like a file, and what came with Steward is there', async () => {
  await using at = await start({ own: 'a file', 'shipped/b.app.json': manifest('b') })
  expect((await at.ask('apps.list')).faults).toEqual([{ path: at.own, line: null, message: expect.stringContaining('could not be read') }])
  expect(at.tools('b')).toEqual(['b.act'])
  await expect(at.room.start()).rejects.toThrow(/EEXIST|ENOTDIR/)
  expect((await at.ask('tools.list')).apps.length).toBeGreaterThan(3)
})
test('files that are put, changed and removed count at once, are told of, and leave the others as they are', async () => {
  await using at = await start({ 'shipped/b.app.json': manifest('b') })
  await at.room.start()
  expect(await at.events()).toEqual([])
  const untouched = at.registry.find('b.act')
  await at.put('own/c.app.json', manifest('c'))
  await until(() => at.tools('c').length === 1)
  await at.put('own/c.app.json', manifest('c', { tools: [tool('one'), tool('two')] }))
  await until(() => at.tools('c').length === 2)
  await at.put('own/b.app.json', manifest('b', { tools: [tool('mine')] }))
  await until(() => at.tools('b')[0] === 'b.mine')
  await at.drop('own/b.app.json')
  await until(() => at.tools('b')[0] === 'b.act')
  const again = at.registry.find('b.act')
  await at.drop('own/c.app.json')
  await until(() => at.tools('c').length === 0)
  expect(at.registry.find('b.act')).toBe(again)
  expect(untouched).toBeDefined()
  expect(await at.events()).toEqual(['app.changed c ready', 'app.changed c ready', 'app.changed b ready', 'app.changed b ready', 'app.removed c'])
  expect(at.foldersAsked()).toBe(1)
  expect(at.reported).toEqual([])
})
test('a file that cannot be taken is told of once, and once it is mended', async () => {
  await using at = await start({ 'own/bad.app.json': '{' })
  await at.room.start()
  expect(await at.events()).toEqual([])
  await at.put('own/worse.app.json', '[]')
  await until(async () => (await at.ask('apps.list')).faults.length === 2)
  await at.drop('own/worse.app.json')
  await at.drop('own/bad.app.json')
  await until(async () => (await at.ask('apps.list')).faults.length === 0)
  await until(async () => (await at.events()).length > 1)
  expect(new Set((await at.events()).map((line) => line.split(' ')[0]))).toEqual(new Set(['app.faulted']))
})
test('an app of a file is turned off and set up; what its file does not offer is refused, and no setting outlives its name', async () => {
  const settings = { baseUrl: { default: 'http://a' }, constructor: { default: 'plain' } }
  await using at = await start({ 'own/a.app.json': manifest('a', { settings }) })
  expect(await at.ask('apps.get', { id: 'a' })).toMatchObject({ settings: { baseUrl: 'http://a', constructor: 'plain' } })
  expect(await at.ask('apps.configure', { id: 'a', settings: { baseUrl: 'http://b' } })).toMatchObject({ settings: { baseUrl: 'http://b' } })
  expect(await at.refusal('apps.configure', { id: 'a', settings: { other: 'x' } })).toBe('unprocessable')
  expect(await at.ask('apps.configure', { id: 'a', enabled: false })).toMatchObject({
    status: 'disabled',
    tools: 0,
    settings: { baseUrl: 'http://b' },
  })
  expect(at.tools('a')).toEqual([])
  await at.room.start()
  await at.put('own/a.app.json', manifest('a'))
  await until(async () => Object.keys((await at.ask('apps.get', { id: 'a' })).settings).length === 0)
  expect(at.tools('a')).toEqual([])
  expect(await at.ask('apps.configure', { id: 'a', enabled: true })).toMatchObject({ status: 'ready', tools: 1 })
  expect(await at.refusal('apps.remove', { id: 'a' })).toBe('conflict')
  expect(await at.refusal('apps.restart', { id: 'a' })).toBe('conflict')
})
test('whatever comes in between, a server that is removed while it starts is gone, with its tools and children', async () => {
  await using at = await start()
  at.secrets.set('x.key', 'one')
  const adding = at.ask('apps.add', { id: 'x', server: { ...server, env: { KEY: '{{secrets.key}}' } } })
  await until(
    () =>
      at.secrets.has('x.key') &&
      at.room.handlers['apps.get']({} as never, { id: 'x' }).then(
        () => true,
        () => false,
      ),
  )
  const changes = Array.from({ length: 5 }, () => at.room.secretChanged('x.key'))
  const removing = at.ask('apps.remove', { id: 'x' })
  await Promise.allSettled([adding, removing, ...changes, at.room.secretChanged('x.key')])
  expect(await at.children()).toEqual([])
  expect(at.tools('x')).toEqual([])
  expect(await at.refusal('apps.get', { id: 'x' })).toBe('not_found')
  expect((await at.events()).at(-1)).toBe('app.removed x')
  expect(at.reported).toEqual([])
})
test('many changes of a secret at once start a server anew once or twice, and never leave two', async () => {
  await using at = await start()
  at.secrets.set('x.key', 'one')
  await at.ask('apps.add', { id: 'x', server: { ...server, env: { KEY: '{{secrets.key}}' } } })
  const [before] = await at.children()
  await Promise.all(Array.from({ length: 20 }, () => at.room.secretChanged('x.key')))
  await at.room.ensure('x.t0')
  const after = await at.children()
  expect(after).toHaveLength(1)
  expect(after).not.toEqual([before])
  expect(at.tools('x')).toEqual(['x.t0', 'x.t1', 'x.t2'])
})
test('closing in the middle of a start ends what was begun, and nothing begins afterwards', async () => {
  await using at = await start({ 'own/a.app.json': manifest('a') })
  await at.ask('apps.add', { id: 'x', server })
  const changing = at.room.secretChanged('x.key')
  const starting = at.room.start()
  const restarting = at.ask('apps.restart', { id: 'x' }).catch(() => undefined)
  await at.room.close()
  await Promise.all([changing, starting, restarting])
  expect(await at.children()).toEqual([])
  await at.put('own/b.app.json', manifest('b'))
  expect(at.tools('b')).toEqual([])
})
