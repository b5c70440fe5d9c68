/** Rows 8 and 16: who may use which tool, under which mode and rules, alone and within workflows. */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { until } from '@steward/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startDaemon, type TestDaemon, writeManifest } from '../kit.ts'
import { asToken, benchApp, benchTools, createStandIn, execute, historyOf, saved, type StandIn } from '../work.ts'

let service: StandIn
let daemon: TestDaemon
const risks = ['read', 'write', 'execute', 'network', 'destructive'] as const
const risky = risks.map((risk) => ({ ...benchTools.tell, id: risk, risk, permissions: [`bench:${risk}`] }))
beforeAll(async () => {
  service = await createStandIn()
  daemon = await startDaemon({ manifests: { bench: benchApp(service.url, [...Object.values(benchTools), ...risky]) } })
  writeFileSync(path.join(daemon.workspace, 'a.txt'), 'hello\n')
})
afterAll(async () => {
  await daemon[Symbol.asyncDispose]()
  await service[Symbol.asyncDispose]()
})
const setMode = (value: string) => daemon.client.settings.set({ key: 'runs.permissionMode', value })
const use = (risk: string) => ({ toolId: `bench.${risk}`, inputs: { text: risk } })
const statusOf = { allow: 'completed', ask: 'waiting', deny: 'denied' } as const
/** How a call is judged, said beforehand and then shown: a call that is not allowed does nothing. */
async function judged(wanted: object): Promise<keyof typeof statusOf> {
  const { dryRun } = await execute(daemon, { ...wanted, dryRun: true })
  const before = service.requests.length
  const { id, status } = await execute(daemon, wanted)
  expect(status).toBe(statusOf[dryRun[0].decision as keyof typeof statusOf])
  if (status !== 'completed') expect(service.requests).toHaveLength(before)
  if (status === 'waiting') await daemon.ask('POST', `/v1/executions/${id}/cancel`)
  return dryRun[0].decision
}

describe('the mode decides where no rule does', () => {
  const files = { toolId: 'files.read', inputs: { path: 'a.txt' } }
  const edit = { toolId: 'files.write', inputs: { path: 'b.txt', content: 'b' } }
  test.each([
    ['plan', { 'files.read': 'allow', 'files.write': 'deny', read: 'ask', write: 'deny', execute: 'deny', network: 'deny', destructive: 'deny' }],
    ['ask', { 'files.read': 'allow', 'files.write': 'ask', read: 'ask', write: 'ask', execute: 'ask', network: 'ask', destructive: 'ask' }],
    [
      'accept-edits',
      { 'files.read': 'allow', 'files.write': 'allow', read: 'ask', write: 'ask', execute: 'ask', network: 'ask', destructive: 'ask' },
    ],
    [
      'auto',
      { 'files.read': 'allow', 'files.write': 'allow', read: 'allow', write: 'allow', execute: 'allow', network: 'allow', destructive: 'allow' },
    ],
    ['dontask', { 'files.read': 'allow', 'files.write': 'deny', read: 'deny', write: 'deny', execute: 'deny', network: 'deny', destructive: 'deny' }],
  ])('%s', async (mode, expected) => {
    await setMode(mode)
    const found: Record<string, string> = { 'files.read': await judged(files), 'files.write': await judged(edit) }
    for (const risk of risks) found[risk] = await judged(use(risk))
    expect(found).toEqual(expected)
  })
})
describe('rules go before the mode, and deny before ask before allow', () => {
  test.each([
    [['allow'], 'ask', 'allow'],
    [['allow', 'ask'], 'auto', 'ask'],
    [['allow', 'ask', 'deny'], 'auto', 'deny'],
    [['deny'], 'auto', 'deny'],
    [['ask'], 'auto', 'ask'],
    [['ask'], 'dontask', 'deny'],
    [['allow'], 'dontask', 'allow'],
    [['allow'], 'plan', 'deny'],
  ] as const)('%s in mode %s: %s', async (actions, mode, expected) => {
    await setMode(mode)
    const rules = []
    for (const action of actions) rules.push(await daemon.client.permissions.add({ tool: 'bench.destructive', action, level: 'global' }))
    expect(await judged(use('destructive'))).toBe(expected)
    for (const { id } of rules) await daemon.client.permissions.remove({ id })
  })
  test('a rule with an address allows that address and no other', async () => {
    await setMode('ask')
    const { id } = await daemon.client.permissions.add({ tool: 'bench.tell', pattern: `${service.url}/tell`, action: 'allow', level: 'global' })
    expect(await judged({ toolId: 'bench.tell', inputs: { text: 'x' } })).toBe('allow')
    expect(await judged({ toolId: 'bench.put', inputs: { text: 'x' } })).toBe('ask')
    await daemon.client.permissions.remove({ id })
  })
})
describe('a caller uses what its scopes cover, whatever the mode', () => {
  test.each<[readonly string[], readonly string[]]>([
    [['*'], risks],
    [['executions:*', 'bench:*'], risks],
    [['executions:*', '*:read'], ['read']],
    [
      ['executions:*', 'bench:write', 'bench:network'],
      ['write', 'network'],
    ],
    [['executions:*', 'files:*'], []],
  ])('%j may use %j', async (scopes, allowed) => {
    await setMode('auto')
    const caller = await asToken(daemon, [...scopes, 'tools:read', 'history:read'])
    const { apps } = (await caller.ask('GET', '/v1/tools')).body as { apps: { id: string; tools: { id: string }[] }[] }
    const listed = apps.flatMap(({ tools }) => tools.map(({ id }) => id))
    for (const risk of risks) {
      const before = service.requests.length
      const { status, body } = await caller.ask('POST', '/v1/execute', use(risk))
      const may = allowed.includes(risk)
      expect([risk, status, listed.includes(`bench.${risk}`), service.requests.length - before]).toEqual([risk, may ? 200 : 403, may, may ? 1 : 0])
      if (may) expect(body.status).toBe('completed')
      else expect(body.error).toMatchObject({ code: 'forbidden', message: expect.stringContaining(`bench:${risk}`) })
      expect((await historyOf(daemon))[0]).toMatchObject({ caller: caller.id, toolId: `bench.${risk}`, status: may ? 'completed' : 'denied' })
    }
  })
  test('without the scope of the door itself nothing is begun and nothing is in the history', async () => {
    const caller = await asToken(daemon, ['bench:*', 'files:*', 'plans:*'])
    const before = await historyOf(daemon)
    for (const wanted of [use('read'), { planId: 'plan_x' }, { workflowId: 'wfl_x' }])
      expect((await caller.ask('POST', '/v1/execute', wanted)).status).toBe(403)
    expect(await historyOf(daemon)).toEqual(before)
  })
  test('a token cannot be made with a scope that its maker lacks, and a revoked one is no caller any more', async () => {
    const caller = await asToken(daemon, ['tokens:write', 'executions:*', 'bench:read'])
    expect((await caller.ask('POST', '/v1/tokens', { name: 'Wider', scopes: ['bench:destructive'] })).status).toBe(403)
    expect((await caller.ask('POST', '/v1/execute', use('read'))).status).toBe(200)
    await daemon.client.tokens.revoke({ id: caller.id })
    expect((await caller.ask('POST', '/v1/execute', use('read'))).status).toBe(401)
    const { secret, token } = await daemon.client.tokens.create({ name: 'Short', scopes: ['*'], expiresAt: new Date(Date.now() + 300).toISOString() })
    await until(() => Date.now() > Date.parse(token.expiresAt ?? ''))
    expect((await daemon.ask('POST', '/v1/execute', use('read'), { authorization: `Bearer ${secret}` })).status).toBe(401)
  })
})
describe('a workflow goes no further than what it declares and what its caller holds', () => {
  const step = (id: string, risk: string) => ({ id, ...use(risk) })
  test('it cannot be saved with a tool beyond its declaration', async () => {
    for (const [permissions, allowed] of [
      [['bench:read'], false],
      [['files:*'], false],
      [[], false],
      [['bench:destructive'], true],
      [['bench:*'], true],
      [['*'], true],
    ] as const) {
      const { status } = await daemon.ask('POST', '/v1/workflows', { name: 'W', permissions, steps: [step('a', 'destructive')] })
      expect([permissions, status]).toEqual([permissions, allowed ? 201 : 422])
    }
  })
  test('a caller who lacks a permission that it declares cannot run it, not even the steps that it might', async () => {
    await setMode('auto')
    const workflowId = await saved(daemon, [step('a', 'read'), { ...step('b', 'write'), dependsOn: ['a'] }], {
      permissions: ['bench:read', 'bench:write'],
    })
    const before = service.requests.length
    const weak = await asToken(daemon, ['executions:*', 'bench:read'])
    for (const [route, body] of [
      ['/v1/execute', { workflowId }],
      [`/v1/workflows/${workflowId}/runs`, {}],
    ] as const)
      expect(await weak.ask('POST', route, body)).toMatchObject({ status: 403, body: { error: { message: expect.stringContaining('bench:write') } } })
    expect((await historyOf(daemon))[0]).toMatchObject({ workflowId, caller: weak.id, status: 'denied' })
    expect(service.requests).toHaveLength(before)
    const fit = await asToken(daemon, ['executions:*', 'bench:read', 'bench:write'])
    expect((await fit.ask('POST', '/v1/execute', { workflowId })).body).toMatchObject({ status: 'completed' })
  })
  test('one inside it is bound by the outer one too, also when the inner one grows later', async () => {
    await setMode('auto')
    const inner = await saved(daemon, [step('a', 'read')], { permissions: ['bench:read'] })
    const outer = await saved(daemon, [{ id: 'in', workflowId: inner }], { permissions: ['bench:read'] })
    expect(await execute(daemon, { workflowId: outer })).toMatchObject({ status: 'completed' })
    await daemon.ask('POST', '/v1/workflows', {
      id: inner,
      name: 'Grown',
      permissions: ['bench:read', 'bench:destructive'],
      steps: [step('a', 'read'), step('b', 'destructive')],
    })
    const before = service.requests.filter(({ body }) => body?.text === 'destructive').length
    const { status, body } = await daemon.ask('POST', '/v1/execute', { workflowId: outer })
    expect([status === 422 || body.status === 'denied' || body.status === 'failed', JSON.stringify(body)]).toEqual([
      true,
      expect.stringContaining('bench:destructive'),
    ])
    expect(service.requests.filter(({ body: sent }) => sent?.text === 'destructive')).toHaveLength(before)
  })
  test('a tool that needs more since the workflow was saved is denied when it runs', async () => {
    await setMode('auto')
    const workflowId = await saved(daemon, [step('a', 'read')], { permissions: ['bench:read'] })
    const harder = risky.map((one) => (one.id === 'read' ? { ...one, permissions: ['bench:admin'] } : one))
    writeManifest(daemon.apps, 'bench', benchApp(service.url, [...Object.values(benchTools), ...harder]))
    await until(async () => JSON.stringify((await daemon.ask('GET', '/v1/tools')).body).includes('bench:admin'))
    const before = service.requests.length
    const outcome = (await daemon.ask('POST', '/v1/execute', { workflowId })).body
    expect(JSON.stringify(outcome)).toContain('bench:admin')
    expect(outcome.status).not.toBe('completed')
    expect(service.requests).toHaveLength(before)
    writeManifest(daemon.apps, 'bench', benchApp(service.url, [...Object.values(benchTools), ...risky]))
    await until(async () => !JSON.stringify((await daemon.ask('GET', '/v1/tools')).body).includes('bench:admin'))
  })
  test('rules and mode judge its calls like any others', async () => {
    await setMode('auto')
    const { id } = await daemon.client.permissions.add({ tool: 'bench.network', action: 'deny', level: 'global' })
    const outcome = await execute(daemon, {
      workflowId: await saved(daemon, [
        step('a', 'read'),
        { ...step('b', 'network'), dependsOn: ['a'] },
        { ...step('c', 'write'), dependsOn: ['b'] },
      ]),
    })
    expect(outcome).toMatchObject({ status: 'denied', outputs: { a: { text: 'read' } }, errors: [{ stepId: 'b', code: 'denied' }] })
    await daemon.client.permissions.remove({ id })
  })
})
test('no tool comes near the data folder, whoever calls and whatever allows it', async () => {
  await setMode('auto')
  await daemon.client.permissions.add({ tool: 'files.read', action: 'allow', level: 'global' })
  for (const wanted of [
    { toolId: 'files.read', inputs: { path: path.join(daemon.home, 'run', 'token') } },
    { toolId: 'shell.run', inputs: { command: `cat ${daemon.home}/run/token` } },
  ]) {
    const outcome = await execute(daemon, wanted)
    expect(['denied', 'failed']).toContain(outcome.status)
    expect(JSON.stringify(outcome)).not.toContain(daemon.token)
  }
  expect(
    (await daemon.ask('POST', '/v1/execute', { toolId: 'files.list', inputs: {}, workspace: { path: daemon.home } })).status,
  ).toBeGreaterThanOrEqual(400)
})
test('a request that a foreign site makes begins nothing', async () => {
  const before = await historyOf(daemon)
  for (const route of ['/plan', '/execute', '/v1/execute', '/v1/workflows'])
    expect((await daemon.ask('POST', route, { toolId: 'files.list' }, { origin: 'https://evil.example' })).status).toBe(403)
  expect(await historyOf(daemon)).toEqual(before)
})
