/** Row 18: every execution is in the audit, which shows when it was tampered with, and secrets are in nothing that is kept or shown. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { until } from '@steward/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { model, startDaemon, type TestDaemon } from '../kit.ts'
import { asToken, benchApp, benchTools, createStandIn, ended, execute, historyOf, saved, settle, startBench, stepsOf, type StandIn } from '../work.ts'

let service: StandIn
let daemon: TestDaemon
const secret = {
  stored: 'planted-stored-4f1c9a7e',
  writeOnly: 'planted-write-only-77aa',
  password: 'planted-password-12cd',
  nested: 'planted-nested-e0e0',
  listed: 'planted-listed-3b3b',
  shaped: `ghp_${'a1B2c3D4e5F6'.repeat(3)}`,
  workflow: 'planted-workflow-91f2',
  planned: 'planted-planned-5e5e',
}
const word = { type: 'string' }
const login = {
  id: 'login',
  name: 'Log in',
  description: 'Logs in.',
  inputs: {
    type: 'object',
    properties: {
      user: word,
      key: { ...word, writeOnly: true },
      password: { ...word, format: 'password' },
      account: { type: 'object', properties: { pin: { ...word, writeOnly: true } } },
      codes: { type: 'array', items: { ...word, format: 'password' } },
    },
    required: ['user', 'key', 'password', 'account', 'codes'],
  },
  http: {
    method: 'POST',
    url: '{{settings.baseUrl}}/login',
    headers: { Authorization: 'Bearer {{secrets.token}}' },
    query: { key: '{{inputs.key}}' },
    body: { user: '{{inputs.user}}', password: '{{inputs.password}}', pin: '{{inputs.account.pin}}', codes: '{{inputs.codes}}' },
    output: { path: 'body' },
  },
}
const inputs = {
  user: 'ann',
  key: secret.writeOnly,
  password: secret.password,
  account: { pin: secret.nested },
  codes: [secret.listed, secret.listed],
}
beforeAll(async () => {
  // A service that says everything back that it was told.
  service = await createStandIn(({ query, body, headers }) => ({
    text: body?.text ?? null,
    query,
    body,
    authorization: headers['authorization'] ?? null,
  }))
  const app = benchApp(service.url, [...Object.values(benchTools), login], { secrets: { token: {} } })
  daemon = await startBench(service, { manifests: { bench: app }, env: { STEWARD_LOG_LEVEL: 'debug' } })
  await daemon.client.secrets.set({ name: 'bench.token', value: secret.stored })
})
afterAll(async () => {
  await daemon[Symbol.asyncDispose]()
  await service[Symbol.asyncDispose]()
})
/** The newest entries of the audit, once all that has happened is in it. */
async function audited(): Promise<any[]> {
  await daemon.served.app.caughtUp()
  return (await daemon.ask('GET', '/v1/audit?limit=200')).body.items
}
const verification = async (of = daemon) => {
  await of.served.app.caughtUp()
  return (await of.ask('GET', '/v1/audit/verification')).body
}

test('each execution is in the audit once with its start and its end: what, by whom, when', async () => {
  const weak = await asToken(daemon, ['executions:*', 'files:read'])
  const tell = { toolId: 'bench.tell', inputs: { text: 'x' } }
  service.answer = ({ body }) => (body?.text === 'fail' ? new Response('no', { status: 500 }) : { text: body?.text })
  await execute(daemon, tell)
  await execute(daemon, { toolId: 'bench.tell', inputs: { text: 'fail' } })
  expect((await weak.ask('POST', '/v1/execute', tell)).status).toBe(403)
  expect((await daemon.ask('POST', '/v1/execute', { toolId: 'bench.tell', inputs: {} })).status).toBe(422)
  expect((await daemon.ask('POST', '/v1/execute', { toolId: 'bench.none' })).status).toBe(404)
  await execute(daemon, { workflowId: await saved(daemon, [{ id: 'a', ...tell }]) })
  const isRefusal = ({ name, data }: any) => name === 'call.refused' && data.operation === 'executions.start'
  // Refusals are written in batches.
  await until(async () => (await audited()).filter(isRefusal).length === 3)
  const entries = await audited()
  const history = await historyOf(daemon)
  expect(history).toHaveLength(5)
  for (const { id, status, caller, toolId, workflowId } of history) {
    const mine = entries.filter(({ data }) => data?.executionId === id)
    expect(mine.map(({ name }) => name)).toEqual([status === 'completed' ? 'execution.completed' : 'execution.failed', 'execution.started'])
    expect(mine[1]).toMatchObject({
      caller,
      data: { caller, toolId, workflowId },
      at: expect.stringMatching(/Z$/),
      digest: expect.stringMatching(/./),
    })
    expect(mine[0].data.status).toBe(status)
  }
  expect(
    entries
      .filter(isRefusal)
      .map(({ data }) => [data.code, data.caller])
      .toSorted(),
  ).toEqual([
    ['forbidden', weak.id],
    ['not_found', 'owner'],
    ['unprocessable', 'owner'],
  ])
  expect(await verification()).toMatchObject({ intact: true, firstFault: null })
})

describe('secrets', () => {
  const everything = async (): Promise<Record<string, string>> => {
    const routes = [
      'history?limit=200',
      'plans',
      'apps',
      'workflows',
      'approvals?status=approved',
      'approvals?status=rejected',
      'event-log?log=agents&limit=200',
      'event-log?log=settings&limit=200',
    ]
    const shown: Record<string, string> = { audit: JSON.stringify(await audited()), logs: daemon.logs.join('\n') }
    for (const route of routes) shown[route] = JSON.stringify((await daemon.ask('GET', `/v1/${route}`)).body)
    for (const { id } of await historyOf(daemon, '?limit=200')) {
      shown[`execution ${id}`] = JSON.stringify((await daemon.ask('GET', `/v1/executions/${id}`)).body)
      shown[`steps ${id}`] = JSON.stringify(await stepsOf(daemon, id))
    }
    return shown
  }
  const places = async (value: string) =>
    Object.entries(await everything()).flatMap(([place, text]) => (text.includes(value) || text.includes(encodeURIComponent(value)) ? [place] : []))

  test('a stored secret that a service says back is in nothing that is shown', async () => {
    service.answer = ({ headers }) => ({ text: headers['authorization'] })
    const outcome = await execute(daemon, { toolId: 'bench.login', inputs })
    expect(service.requests.at(-1)!.headers['authorization']).toBe(`Bearer ${secret.stored}`)
    expect(outcome).toMatchObject({ status: 'completed', outputs: { text: expect.stringContaining('[redacted]') } })
    expect(await places(secret.stored)).toEqual([])
  })
  test.each(['writeOnly', 'password', 'nested', 'listed'] as const)(
    'an input that is marked as secret (%s) is sent, and is in nothing that is shown, however the call ends',
    async (kind) => {
      service.answer = ({ query, body }) => ({ query, body })
      const { id: ruleId } = await daemon.client.permissions.add({ tool: 'bench.login', action: 'ask', level: 'global' })
      const asked = await execute(daemon, { toolId: 'bench.login', inputs })
      expect(asked.status).toBe('waiting')
      expect(await places(secret[kind])).toEqual([])
      expect(JSON.stringify((await daemon.ask('GET', `/v1/approvals/${asked.approvalId}`)).body)).not.toContain(secret[kind])
      daemon = await daemon.restart()
      await settle(daemon, asked.approvalId)
      expect(await ended(daemon, asked.id)).toMatchObject({ status: 'completed' })
      expect(JSON.stringify(service.requests.at(-1))).toContain(secret[kind])
      await daemon.client.permissions.remove({ id: ruleId })
      service.answer = ({ query, body }) => new Response(`bad: ${JSON.stringify([query, body])}`, { status: 400 })
      expect(await execute(daemon, { toolId: 'bench.login', inputs })).toMatchObject({ status: 'failed' })
      await daemon.ask('POST', '/v1/execute', { toolId: 'bench.login', inputs: { ...inputs, user: 7 } })
      expect(await places(secret[kind])).toEqual([])
    },
  )
  test('a plan with a secret input is whole for who asked for it, carried out whole, and covered wherever it is kept', async () => {
    service.answer = ({ body }) => ({ body })
    const step = { toolId: 'bench.login', inputs: { ...inputs, key: secret.planned } }
    daemon.wire.push({ calls: [{ name: 'json', input: { intent: `log in with ${secret.planned}`, confidence: 0.9, steps: [step] } }] })
    const wanted = { model, text: `log in on the bench with the key ${secret.planned}` }
    const { body } = await daemon.ask('POST', '/v1/plan', wanted, { 'idempotency-key': 'a-plan-with-a-secret' })
    expect(body.plan).toMatchObject({ toolId: 'bench.login', inputs: step.inputs })
    expect((await daemon.ask('GET', `/v1/plans/${body.plan.id}`)).body).toMatchObject({ steps: [{ inputs: { user: 'ann', key: '[redacted]' } }] })
    expect(await execute(daemon, { planId: body.plan.id })).toMatchObject({ status: 'completed' })
    expect(service.requests.at(-1)).toMatchObject({ query: { key: secret.planned }, body: { password: secret.password } })
    expect(await places(secret.planned)).toEqual([])
  })
  test('text that has the shape of a token is kept nowhere, and still reaches its tool', async () => {
    service.answer = ({ body }) => ({ text: `you said ${body.text}` })
    const outcome = await execute(daemon, { toolId: 'bench.tell', inputs: { text: secret.shaped } })
    expect(outcome).toMatchObject({ status: 'completed', outputs: { text: 'you said [redacted]' } })
    expect(service.requests.at(-1)!.body).toEqual({ text: secret.shaped })
    await daemon.ask('POST', '/v1/plan', { text: `tell the bench "${secret.shaped}"`, appId: 'bench', model: 'builtin' })
    expect(await places(secret.shaped)).toEqual([])
  })
  test('a secret input of a workflow is in nothing that is shown of its steps either', async () => {
    service.answer = ({ body }) => ({ text: `got ${body.text}` })
    const steps = [
      { id: 'a', toolId: 'bench.tell', inputs: { text: 'pass {{inputs.pass}}' } },
      { id: 'b', toolId: 'bench.tell', inputs: { text: '{{steps.a.outputs.text}}' } },
    ]
    const workflowId = await saved(daemon, steps, { inputs: { type: 'object', properties: { pass: { type: 'string', format: 'password' } } } })
    const outcome = await execute(daemon, { workflowId, inputs: { pass: secret.workflow } })
    expect(outcome.status).toBe('completed')
    expect(service.requests.slice(-2).map(({ body }) => body.text)).toEqual([`pass ${secret.workflow}`, expect.stringContaining('got pass ')])
    expect(await places(secret.workflow)).toEqual([])
  })
  test('what is said of a step of unknown outcome is taken like what a tool gives', async () => {
    const { id } = await execute(daemon, { toolId: 'bench.sleep', inputs: { seconds: 60 }, waitMs: 0 })
    await ended(daemon, id, 'running')
    daemon = await daemon.restart()
    await ended(daemon, id)
    await daemon.ask('POST', `/v1/executions/${id}/resume`, { outcome: 'done', outputs: { token: secret.shaped } })
    expect(await ended(daemon, id)).toMatchObject({ status: 'completed', outputs: { token: '[redacted]' } })
    expect(await places(secret.shaped)).toEqual([])
  })
  test('once everything has ended, the files of the data folder hold none of them in clear', async () => {
    await daemon.stop()
    const holding = (folder: string): string[] =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((name) => {
        const file = path.join(folder, name)
        if (!statSync(file).isFile()) return []
        const bytes = readFileSync(file)
        return Object.entries(secret).flatMap(([kind, value]) => (bytes.includes(value) ? [`${kind} in ${name}`] : []))
      })
    expect(holding(daemon.home)).toEqual([])
    daemon = await daemon.restart()
  })
})
describe('what is changed by hand in the database is found', () => {
  let original: string
  beforeAll(async () => {
    await audited()
    await daemon.stop()
    original = mkdtempSync(path.join(path.dirname(daemon.home), 'original-'))
    cpSync(daemon.home, original, { recursive: true, filter: (from) => !from.endsWith('.sock') })
    daemon = await daemon.restart()
  })
  test.each<[string, string]>([
    ['an event of an execution', `UPDATE events SET data = replace(data, 'bench.tell', 'bench.put') WHERE name = 'execution.started'`],
    ['the end of an execution', `UPDATE events SET data = replace(data, 'failed', 'denied') WHERE name = 'execution.failed'`],
    ['who did it', `UPDATE audit SET caller = 'somebody' WHERE name = 'execution.started'`],
    ['an entry that is gone', `DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit WHERE name = 'execution.failed')`],
  ])('%s', async (_, sql) => {
    const home = mkdtempSync(path.join(path.dirname(original), 'copy-'))
    cpSync(original, home, { recursive: true })
    const db = new DatabaseSync(path.join(home, 'agents.db'))
    expect(db.prepare(sql).run().changes).toBeGreaterThan(0)
    db.close()
    await using other = await startDaemon({ home })
    expect(await verification(other)).toMatchObject({
      intact: false,
      firstFault: { seq: expect.any(Number), what: expect.stringMatching(/changed|removed/) },
    })
  })
  test('and where nothing was, nothing is', async () => {
    expect(await verification()).toMatchObject({ intact: true, firstFault: null })
  })
})
