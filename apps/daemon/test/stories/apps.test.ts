/** Rows 8, 19, 20 and 22: apps and their tools come from files that are dropped in, and are set up without a restart. */
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { until } from '@steward/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { model, startDaemon, type TestDaemon, writeManifest } from '../kit.ts'
import { asToken, benchApp, benchTools, createStandIn, execute, historyOf, saved, startBench, type StandIn } from '../work.ts'

let service: StandIn
let daemon: TestDaemon
beforeAll(async () => {
  service = await createStandIn()
  daemon = await startBench(service, {
    turns: () => ({ calls: [{ name: 'json', input: { intent: 'list', confidence: 0.9, steps: [{ toolId: 'files.list', inputs: {} }] } }] }),
  })
})
afterAll(async () => {
  await daemon[Symbol.asyncDispose]()
  await service[Symbol.asyncDispose]()
})
const apps = async () =>
  (await daemon.ask('GET', '/v1/apps')).body as { items: any[]; faults: { path: string; line: number | null; message: string }[] }
const app = async (id: string) => (await daemon.ask('GET', `/v1/apps/${id}`)).body
const tools = async (id: string): Promise<any[]> =>
  (await daemon.ask('GET', '/tools')).body.apps.find((one: { id: string }) => one.id === id)?.tools ?? []
const drop = (name: string, manifest: unknown) => writeManifest(daemon.apps, name, manifest)
const lamp = (id: string, more: object = {}) => ({ ...benchApp(service.url, [benchTools.tell]), id, name: id, ...more })
const faultOf = (name: string) => until(async () => (await apps()).faults.find((fault) => path.basename(fault.path) === `${name}.app.json`))
const there = (id: string) => until(async () => (await tools(id)).length > 0)

test('every tool is listed with its app, schemas, permissions and risk', async () => {
  const { body } = await daemon.ask('GET', '/tools')
  const all = body.apps.flatMap((one: { id: string; tools: any[] }) => one.tools.map((tool) => ({ ...tool, appId: one.id })))
  expect(all.length).toBeGreaterThan(15)
  expect(new Set(all.map(({ id }: { id: string }) => id)).size).toBe(all.length)
  for (const tool of all) {
    expect(tool).toMatchObject({ name: expect.stringMatching(/./), description: expect.stringMatching(/./), inputsSchema: { type: 'object' } })
    expect(tool.id.startsWith(`${tool.appId}.`) && tool.permissions.length > 0 && /read|write|execute|network|destructive/.test(tool.risk)).toBe(true)
  }
  expect(await tools('spotify')).toContainEqual(
    expect.objectContaining({ id: 'spotify.playPlaylist', inputsSchema: expect.objectContaining({ required: ['uri'] }) }),
  )
})
test('a manifest that is dropped in is an app at once: listed, planned with, executed', async () => {
  expect((await daemon.ask('GET', '/v1/apps/lamp')).status).toBe(404)
  drop(
    'lamp',
    lamp('lamp', { tools: [{ ...benchTools.tell, id: 'light', description: 'Switches the lamp.', examples: ['switch on the lamp "desk"'] }] }),
  )
  await there('lamp')
  expect(await app('lamp')).toMatchObject({
    source: 'manifest',
    status: 'ready',
    enabled: true,
    tools: 1,
    path: path.join(daemon.apps, 'lamp.app.json'),
  })
  const { body } = await daemon.ask('POST', '/v1/plan', { text: 'switch on the lamp "desk"', model: 'builtin' })
  expect(body.plan).toMatchObject({ appId: 'lamp', toolId: 'lamp.light', inputs: { text: 'desk' } })
  expect(await execute(daemon, { planId: body.plan.id })).toMatchObject({ status: 'completed' })
  expect(service.requests.at(-1)).toMatchObject({ path: '/tell', body: { text: 'desk' } })
  rmSync(path.join(daemon.apps, 'lamp.app.json'))
  await until(async () => (await tools('lamp')).length === 0)
  expect((await daemon.ask('POST', '/v1/execute', { toolId: 'lamp.light', inputs: { text: 'x' } })).status).toBe(404)
})
test('who follows the events hears of an app that comes, changes and goes', async () => {
  const heard = async () => {
    const { body } = await daemon.ask('GET', '/v1/event-log?log=agents&limit=200')
    return body.items.flatMap(({ name, data }: { name: string; data: any }) => (data.appId === 'heard' ? [[name, data.tools ?? null]] : []))
  }
  const told: unknown[] = []
  for (const [change, word] of [
    [() => drop('heard', lamp('heard')), ['app.changed', 1]],
    [() => drop('heard', lamp('heard', { tools: [benchTools.tell, benchTools.put] })), ['app.changed', 2]],
    [() => rmSync(path.join(daemon.apps, 'heard.app.json')), ['app.removed', null]],
  ] as const) {
    change()
    told.push(word)
    await until(async () => (await heard()).length === told.length)
    expect(await heard()).toEqual(told)
  }
})
test('a bad manifest is told with its path and line, and harms no other', async () => {
  const bad: [string, string, number | null, RegExp][] = [
    ['broken', '{\n  "id": "broken",\n  "name": \n}', 4, /JSON|expected|value/i],
    ['shapeless', '{\n  "id": "shapeless",\n  "name": "S",\n  "tools": [],\n  "colour": "red"\n}', null, /tools|colour/],
    ['Upper', JSON.stringify(lamp('Upper'), null, 2), 2, /id/],
    [
      'template',
      JSON.stringify(
        lamp('template', {
          tools: [{ ...benchTools.tell, http: { method: 'POST', url: '{{settings.baseUrl}}/x', body: { a: '{{inputs.nothing}}' } } }],
        }),
        null,
        2,
      ),
      null,
      /nothing/,
    ],
    ['twice', JSON.stringify(lamp('twice', { tools: [benchTools.tell, benchTools.tell] }), null, 2), null, /two tools/],
    [
      'secretive',
      JSON.stringify(
        lamp('secretive', {
          tools: [{ ...benchTools.tell, http: { method: 'POST', url: '{{settings.baseUrl}}/{{secrets.token}}' } }],
          secrets: { token: {} },
        }),
      ),
      1,
      /secret/i,
    ],
    [
      'evalled',
      JSON.stringify(
        lamp('evalled', { tools: [{ ...benchTools.sleep, inputs: benchTools.tell.inputs, command: { argv: ['sh', '-c', '{{inputs.text}}'] } }] }),
      ),
      1,
      /sh/,
    ],
  ]
  for (const [name, text] of bad) drop(name, text)
  drop('good', lamp('good'))
  await there('good')
  for (const [name, , line, words] of bad) {
    const fault = await faultOf(name)
    expect([name, fault]).toEqual([
      name,
      { path: path.join(daemon.apps, `${name}.app.json`), line: line ?? expect.any(Number), message: expect.stringMatching(words) },
    ])
    expect((await tools(name)).length).toBe(0)
  }
  expect((await tools('bench')).length).toBe(5)
  for (const [name] of bad) rmSync(path.join(daemon.apps, `${name}.app.json`))
  await until(async () => (await apps()).faults.length === 0)
})
test('an id that is taken is refused, by another file and by what is built in, and the first keeps its tools', async () => {
  drop('a-first', lamp('taken'))
  await there('taken')
  drop('b-second', lamp('taken', { tools: [benchTools.put] }))
  drop('files', lamp('files'))
  expect(await faultOf('b-second')).toMatchObject({ message: expect.stringContaining('taken') })
  expect(await faultOf('files')).toMatchObject({ message: expect.stringContaining('files') })
  expect((await tools('taken')).map(({ id }) => id)).toEqual(['taken.tell'])
  expect((await tools('files')).map(({ id }) => id)).toContain('files.read')
  rmSync(path.join(daemon.apps, 'a-first.app.json'))
  await until(async () => (await tools('taken'))[0]?.id === 'taken.put')
  for (const name of ['b-second', 'files']) rmSync(path.join(daemon.apps, `${name}.app.json`))
})
test('links that lead out, folders and files of another name are no apps', async () => {
  const outside = path.join(path.dirname(daemon.apps), 'outside.app.json')
  writeFileSync(outside, JSON.stringify(lamp('outside')))
  symlinkSync(outside, path.join(daemon.apps, 'outside.app.json'))
  mkdirSync(path.join(daemon.apps, 'folder.app.json'))
  drop('named', lamp('named'))
  renameSync(path.join(daemon.apps, 'named.app.json'), path.join(daemon.apps, 'named.json'))
  expect(await faultOf('outside')).toMatchObject({ line: null, message: expect.stringContaining('link') })
  expect(await faultOf('folder')).toMatchObject({ line: null })
  expect([await tools('outside'), await tools('named')]).toEqual([[], []])
  for (const name of ['outside.app.json', 'folder.app.json', 'named.json']) rmSync(path.join(daemon.apps, name), { recursive: true })
})
test('an app that is off has no tools and comes in no plan; on again it has them; both outlast a restart', async () => {
  const workflowId = await saved(daemon, [{ id: 'a', toolId: 'bench.tell', inputs: { text: 'off?' } }])
  expect(await daemon.ask('PATCH', '/v1/apps/bench', { enabled: false })).toMatchObject({
    status: 200,
    body: { status: 'disabled', enabled: false, tools: 0 },
  })
  daemon = await daemon.restart()
  expect(await app('bench')).toMatchObject({ status: 'disabled', tools: 0 })
  expect((await daemon.ask('POST', '/v1/execute', { toolId: 'bench.tell', inputs: { text: 'off?' } })).status).toBe(404)
  const outcome = (await daemon.ask('POST', '/v1/execute', { workflowId })).body
  expect(JSON.stringify(outcome)).toContain('bench.tell')
  expect((await daemon.ask('POST', '/v1/plan', { text: 'tell "x"', appId: 'bench', model: 'builtin' })).body.plan.steps).toEqual([])
  expect(service.requests.filter(({ body }) => body?.text === 'off?')).toEqual([])
  expect(await daemon.ask('PATCH', '/v1/apps/bench', { enabled: true })).toMatchObject({ body: { status: 'ready', tools: 5 } })
  expect(await execute(daemon, { workflowId })).toMatchObject({ status: 'completed' })
})
test('a setting of an app counts from the next call on; one that it does not offer is refused, as is an address that is none', async () => {
  await using other = await createStandIn()
  await daemon.ask('PATCH', '/v1/apps/bench', { settings: { baseUrl: other.url } })
  expect(await execute(daemon, { toolId: 'bench.tell', inputs: { text: 'moved' } })).toMatchObject({ status: 'completed' })
  expect(other.requests).toHaveLength(1)
  expect(await daemon.ask('PATCH', '/v1/apps/bench', { settings: { baseURL: 'x' } })).toMatchObject({
    status: 422,
    body: { error: { message: expect.stringContaining('baseUrl') } },
  })
  expect((await daemon.ask('PATCH', '/v1/apps/files', { enabled: false })).status).toBe(409)
  expect((await daemon.ask('PATCH', '/v1/apps/nothere', { enabled: false })).status).toBe(404)
  await daemon.ask('PATCH', '/v1/apps/bench', { settings: { baseUrl: 'file:///etc/passwd' } })
  expect(await execute(daemon, { toolId: 'bench.ask', inputs: { text: 'x' } })).toMatchObject({ status: 'failed' })
  expect(await daemon.ask('PATCH', '/v1/apps/bench', { settings: { baseUrl: null } })).toMatchObject({ body: { settings: { baseUrl: service.url } } })
})
describe('secrets', () => {
  const secured = { ...benchTools.tell, http: { ...benchTools.tell.http, headers: { Authorization: 'Bearer {{secrets.token}}' } } }
  test('an app says which it needs; set, it is sent and never shown; removed, the call fails in words', async () => {
    drop('safe', lamp('safe', { tools: [secured], secrets: { token: { description: 'A token.' } } }))
    await there('safe')
    expect(await app('safe')).toMatchObject({
      secrets: [{ name: 'safe.token', isSet: false }],
      message: expect.stringContaining('steward secrets set safe.token'),
    })
    const use = () => execute(daemon, { toolId: 'safe.tell', inputs: { text: 'x' } })
    expect(await use()).toMatchObject({ status: 'failed', errors: [{ message: expect.stringContaining('safe.token') }] })
    const set = await daemon.ask('PUT', '/v1/secrets/safe.token', { value: 'a-very-secret-value' })
    expect(set).toEqual({ status: 200, body: { name: 'safe.token', updatedAt: expect.any(String) } })
    expect(await app('safe')).toMatchObject({ secrets: [{ name: 'safe.token', isSet: true }], message: null })
    expect((await daemon.ask('GET', '/v1/secrets')).body.items).toEqual([set.body])
    expect(await use()).toMatchObject({ status: 'completed' })
    expect(service.requests.at(-1)!.headers['authorization']).toBe('Bearer a-very-secret-value')
    daemon = await daemon.restart()
    expect(await use()).toMatchObject({ status: 'completed' })
    expect((await daemon.ask('DELETE', '/v1/secrets/safe.token')).status).toBe(204)
    expect(await use()).toMatchObject({ status: 'failed', errors: [{ message: expect.stringContaining('not set') }] })
    expect((await daemon.ask('DELETE', '/v1/secrets/safe.token')).status).toBe(404)
    const everything = [
      await app('safe'),
      (await daemon.ask('GET', '/v1/secrets')).body,
      await historyOf(daemon),
      (await daemon.client.audit.list({ limit: 200 })).items,
    ]
    expect(JSON.stringify(everything)).not.toContain('a-very-secret-value')
  })
  test('their names and scopes are checked', async () => {
    for (const name of ['nodot', 'a.b.c', '..%2Fx', 'safe.$login', 'UPPER.x'])
      expect([name, (await daemon.ask('PUT', `/v1/secrets/${name}`, { value: 'x' })).status]).toEqual([name, 400])
    expect((await daemon.ask('PUT', '/v1/secrets/safe.token', { value: '' })).status).toBe(400)
    const weak = await asToken(daemon, ['secrets:read', 'apps:read'])
    expect((await weak.ask('PUT', '/v1/secrets/safe.token', { value: 'x' })).status).toBe(403)
    expect((await weak.ask('PATCH', '/v1/apps/bench', { enabled: false })).status).toBe(403)
  })
})
test('the model that plans is changed without a restart, and its key is never given back', async () => {
  const plan = async () => (await daemon.ask('POST', '/v1/plan', { text: 'list the files here' })).body.planner
  await daemon.ask('PUT', '/v1/settings/plans.model', { value: 'builtin' })
  expect(await plan()).toBe('builtin')
  const provider = { kind: 'anthropic', baseUrl: `${daemon.wire.url}/v1`, key: 'sk-ant-a-key-that-is-kept-0001' }
  const { status, body } = await daemon.ask('PUT', '/v1/providers/house', provider)
  expect({ status, body }).toMatchObject({ status: 200, body: { id: 'house' } })
  await daemon.ask('PUT', '/v1/settings/plans.model', { value: 'house/wire-2' })
  expect(await plan()).toBe('house/wire-2')
  expect(daemon.wire.requests.at(-1)).toMatchObject({ body: { model: 'wire-2' }, headers: { 'x-api-key': provider.key } })
  await daemon.ask('PUT', '/v1/settings/plans.model', { value: model })
  expect(await plan()).toBe(model)
  daemon = await daemon.restart()
  expect(await plan()).toBe(model)
  const shown = [body, (await daemon.ask('GET', '/v1/providers')).body, (await daemon.ask('GET', '/v1/settings')).body, daemon.logs]
  expect(JSON.stringify(shown)).not.toContain(provider.key)
})
test('an app that lacks its secret is not offered to agents, which would pay for reading of it, until it is set', async () => {
  await using fresh = await startDaemon({ turns: () => ({ text: 'Hello.' }) })
  const { id } = await fresh.client.sessions.create({ model })
  const offered = async () => {
    await fresh.say(id, 'hello')
    return JSON.stringify(fresh.wire.requests.at(-1)?.body)
  }
  expect(await offered()).not.toContain('spotify_')
  await fresh.client.secrets.set({ name: 'spotify.token', value: 'a-token-of-spotify' })
  expect(await offered()).toContain('spotify_playPlaylist')
})
