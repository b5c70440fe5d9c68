/** What MCP servers give: their tools are used like any other, and their troubles stay their own. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { makeOAuthServers, type Turn, until } from '@steward/testkit'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openDirect } from '../../src/direct.ts'
import { everythingMain, filesystemMain, hostileMain } from '../../src/platform/mcp/testing/place.ts'
import { findMarked, homeMark } from '../../src/platform/processes/marked.ts'
import { model, startDaemon, writeManifest, type TestDaemon } from '../kit.ts'
import { loginCookie } from '../security/wire.ts'
import { asToken, createStandIn, ended, execute, historyOf, saved, settle, stepsOf } from '../work.ts'

let daemon: TestDaemon
let turns: Turn[] = []
const program = (file: string, ...args: string[]) => ({ command: process.execPath, args: [file, ...args] })
const add = async (id: string, server: object, more: object = {}, at = daemon) => at.ask('POST', '/v1/apps', { id, server, ...more })
const app = async (id: string, at = daemon) => (await at.ask('GET', `/v1/apps/${id}`)).body
const become = (id: string, status: string, at = daemon) =>
  until(async () => (await app(id, at)).status === status && app(id, at), { timeoutMs: 20_000, what: `the app ${id} to be ${status}` })
const toolsOf = async (id: string): Promise<any[]> => (await daemon.ask('GET', '/v1/tools')).body.apps.find((one: any) => one.id === id)?.tools ?? []
const children = (at = daemon) => findMarked(`${homeMark(at.home)}:`)
const environment = (pid: number) => readFileSync(`/proc/${pid}/environ`, 'utf8')
/** The servers that run this file with this in their environment; not the sandbox around them. */
const running = async (file: string, holding = '') => {
  const found = (pid: number) =>
    readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith(`${process.execPath}\0${file}\0`) && environment(pid).includes(holding)
  return (await children()).filter((pid) => existsSync(`/proc/${pid}/cmdline`) && found(pid))
}
/** Executes a tool that asks first, approves it, and answers the execution at its end. */
async function approved(wanted: object, at = daemon) {
  const outcome = await execute(at, wanted)
  expect(outcome).toMatchObject({ status: 'waiting', approvalId: expect.any(String) })
  await settle(at, outcome.approvalId)
  return ended(at, outcome.id)
}
const echo = (message: string, id = 'every') => approved({ toolId: `${id}.echo`, inputs: { message } })

beforeAll(async () => {
  daemon = await startDaemon({ turns: () => turns.shift() ?? { fault: { kind: 'status', status: 500 } } })
  // Both at once, as they do not hinder each other.
  await Promise.all([add('every', program(everythingMain), { name: 'Everything' }), add('disk', program(filesystemMain, daemon.workspace))])
}, 60_000)
afterAll(async () => {
  vi.unstubAllEnvs()
  await daemon[Symbol.asyncDispose]()
})

test('the tools of the official servers are listed with their schemas and what they need', async () => {
  expect(await app('every')).toMatchObject({ name: 'Everything', source: 'mcp', status: 'ready', tools: 13, message: null })
  expect(await app('disk')).toMatchObject({ name: 'disk', status: 'ready' })
  const tools = await toolsOf('every')
  expect(tools.find(({ id }) => id === 'every.get-sum')).toMatchObject({
    description: expect.stringContaining('sum'),
    inputsSchema: { type: 'object', properties: { a: { type: 'number' }, b: { type: 'number' } }, required: ['a', 'b'] },
    permissions: ['every:use'],
    risk: 'execute',
  })
  expect((await toolsOf('disk')).map(({ id }) => id)).toEqual(expect.arrayContaining(['disk.read_text_file', 'disk.create_directory']))
  const { ask } = await asToken(daemon, ['tools:read', 'every:use'])
  const { body } = await ask('GET', '/v1/tools')
  expect(body.apps.map((one: any) => one.id)).toEqual(['every'])
})
test('a request in plain words is planned and done by a server, after a person has agreed', async () => {
  const { body: sum } = await daemon.ask('POST', '/plan', { text: 'get the sum of 2 and 40', model: 'builtin' })
  expect(sum).toMatchObject({ planner: 'builtin', plan: { toolId: 'every.get-sum', inputs: { a: 2, b: 40 } } })
  expect(await approved({ planId: sum.plan.id })).toMatchObject({ status: 'completed', outputs: { s1: expect.stringContaining('42') } })
  const { body: folder } = await daemon.ask('POST', '/plan', { text: 'create a directory named notes', model: 'builtin' })
  expect(folder).toMatchObject({ plan: { toolId: 'disk.create_directory', inputs: { path: 'notes' } } })
  expect(existsSync(path.join(daemon.workspace, 'notes'))).toBe(false)
  expect(await approved({ planId: folder.plan.id })).toMatchObject({ status: 'completed' })
  expect(existsSync(path.join(daemon.workspace, 'notes'))).toBe(true)
})
test('a model plans with the tools of a server, and an agent calls them', async () => {
  const steps = [{ toolId: 'every.echo', inputs: { message: 'planned' } }]
  turns = [{ calls: [{ name: 'json', input: { intent: 'echo', confidence: 0.9, steps } }] }]
  const { body } = await daemon.ask('POST', '/plan', { text: 'let the server echo "planned"', model })
  expect(body).toMatchObject({ planner: model, plan: { toolId: 'every.echo', inputs: { message: 'planned' } } })
  expect(JSON.stringify(daemon.wire.requests.at(-1)?.body)).toContain('every.echo')
  expect(await approved({ planId: body.plan.id })).toMatchObject({ status: 'completed', outputs: { s1: 'Echo: planned' } })
  turns = [{ calls: [{ name: 'every_echo', input: { message: 'called' } }] }, { text: 'Done.' }]
  const { id } = await daemon.client.sessions.create({ model })
  const { runId } = await daemon.client.messages.send({ sessionId: id, text: 'echo' })
  await daemon.runUntil(runId, 'waiting')
  const { items } = await daemon.client.approvals.list({ sessionId: id })
  await daemon.client.approvals.settle({ id: items[0]!.id, decision: 'approve' })
  expect((await daemon.runUntil(runId)).status).toBe('completed')
  expect(JSON.stringify(daemon.wire.requests.at(-1)?.body)).toContain('Echo: called')
})
test('a workflow goes through two servers', async () => {
  const file = path.join(daemon.workspace, 'sum.txt')
  const workflowId = await saved(daemon, [
    { id: 'a', toolId: 'every.get-sum', inputs: { a: '{{inputs.from}}', b: 5 } },
    { id: 'b', toolId: 'disk.write_file', inputs: { path: file, content: '{{steps.a.outputs}}' } },
  ])
  await daemon.client.permissions.add({ tool: 'every.get-sum', action: 'allow', level: 'global' })
  expect(await approved({ workflowId, inputs: { from: 7 } })).toMatchObject({ status: 'completed', outputs: { a: expect.stringContaining('12') } })
  expect(readFileSync(file, 'utf8')).toContain('12')
})
test('a server that is killed in the middle of a call fails it at once, and is there again', { timeout: 30_000 }, async () => {
  const waiting = await execute(daemon, { toolId: 'every.trigger-long-running-operation', inputs: { duration: 60, steps: 60 } })
  await settle(daemon, waiting.approvalId)
  await until(async () => (await stepsOf(daemon, waiting.id)).some(({ status }) => status === 'started'))
  // The server reads its requests in order: when it has answered this one, it has the other.
  await echo('there')
  const [pid] = await running(everythingMain)
  const outcome = daemon.ask('GET', `/v1/executions/${waiting.id}/outcome`)
  const killedAt = performance.now()
  process.kill(pid!, 'SIGKILL')
  const { body } = await outcome
  expect(performance.now() - killedAt).toBeLessThan(1_000)
  const message = expect.stringMatching(
    /^The server of Everything went away while "trigger-long-running-operation" was under way, so its outcome is unknown\./,
  )
  expect(body).toMatchObject({ status: 'failed', errors: [{ code: 'failed', message }] })
  expect(await become('every', 'ready')).toMatchObject({ message: null })
  expect(await echo('back')).toMatchObject({ status: 'completed', outputs: 'Echo: back' })
  const { items } = await daemon.client.events.list({ log: 'agents', limit: 200 })
  const states = items.flatMap(({ name, data }: any) => (name === 'app.changed' && data.appId === 'every' ? [data.status] : []))
  expect(states).toEqual(['starting', 'ready', 'failed', 'starting', 'ready'])
})
test('a list of tools that changes is followed', async () => {
  expect((await add('grows', program(hostileMain))).body).toMatchObject({ status: 'ready', tools: 3 })
  expect(await approved({ toolId: 'grows.t0' })).toMatchObject({ status: 'completed', outputs: 'grown' })
  await until(async () => (await toolsOf('grows')).length === 4)
  expect(await app('grows')).toMatchObject({ tools: 4 })
})
test('a server waits for its secret, is started with it, anew with another, and nobody is shown it', { timeout: 30_000 }, async () => {
  const [first, second] = ['first-value-0001', 'second-value-0002']
  const set = (value: string, name = 'keyed.token') => daemon.ask('PUT', `/v1/secrets/${name}`, { value })
  const env = { API_TOKEN: '{{secrets.token}}', OTHER: 'plain-value-0003' }
  const added = await add('keyed', { ...program(everythingMain), env })
  expect(added.body).toMatchObject({
    status: 'failed',
    message: expect.stringContaining('Needs keyed.token'),
    secrets: [{ name: 'keyed.token', isSet: false }],
  })
  const holders = (value: string) => running(everythingMain, `API_TOKEN=${value}`)
  await set(first)
  await become('keyed', 'ready')
  expect(await holders(first)).toHaveLength(1)
  const shown = await approved({ toolId: 'keyed.get-env' })
  expect(shown.outputs).toContain('"API_TOKEN": "[redacted]"')
  await Promise.all([set(second), set(second), set(second)])
  await until(async () => (await holders(second)).length === 1 && (await app('keyed')).status === 'ready', { timeoutMs: 20_000 })
  expect(await holders(first)).toEqual([])
  expect(await running(everythingMain)).toHaveLength(2)
  // One that tells its secret when it fails, and one over HTTP that is sent it.
  await set(first, 'leaks.token')
  const leaks = await add('leaks', {
    command: process.execPath,
    args: ['-e', 'console.error("bad key", process.env.API_TOKEN); process.exit(3)'],
    env,
  })
  expect(leaks.body).toMatchObject({ status: 'failed', message: expect.stringContaining('bad key [redacted]') })
  await using service = await createStandIn(() => new Response('', { status: 500 }))
  await set(second, 'net.key')
  const web = await add('net', { url: `${service.url}/mcp?key=${first}`, headers: { 'X-Key': 'Key {{secrets.key}}' } })
  expect(service.requests[0]).toMatchObject({ query: { key: first }, headers: { 'x-key': `Key ${second}` } })
  expect(web.body).toMatchObject({ status: 'failed', server: { url: `${service.url}/mcp?key=[hidden]`, headers: { 'X-Key': '[hidden]' } } })
  const seen = [added, leaks, web, await daemon.ask('GET', '/v1/apps'), await app('keyed'), await app('leaks'), shown]
  const told = [
    await historyOf(daemon),
    await daemon.client.events.list({ log: 'agents', limit: 200 }),
    await daemon.ask('GET', '/v1/secrets'),
    daemon.logs,
  ]
  for (const value of [first, second]) expect(JSON.stringify([seen, told])).not.toContain(value)
  expect(JSON.stringify(seen)).not.toContain('plain-value-0003":')
  expect(seen[4]).toMatchObject({ server: { env: { API_TOKEN: '{{secrets.token}}', OTHER: '[hidden]' } } })
  for (const id of ['keyed', 'leaks', 'net']) expect((await daemon.ask('DELETE', `/v1/apps/${id}`)).status).toBe(204)
})
test('an app is turned off and on, started anew, and removed with all its children', { timeout: 30_000 }, async () => {
  const [first] = await running(filesystemMain)
  const off = await daemon.ask('PATCH', '/v1/apps/disk', { enabled: false })
  expect(off).toMatchObject({ status: 200, body: { status: 'disabled', enabled: false, tools: 0 } })
  expect([await running(filesystemMain), await toolsOf('disk')]).toEqual([[], []])
  expect((await daemon.ask('POST', '/execute', { toolId: 'disk.list_allowed_directories' })).status).toBe(404)
  expect((await daemon.ask('POST', '/v1/apps/disk/restart')).status).toBe(409)
  const on = await daemon.ask('PATCH', '/v1/apps/disk', { enabled: true }, { 'idempotency-key': 'on' })
  expect(on.body).toMatchObject({ status: 'ready', enabled: true })
  expect((await daemon.ask('PATCH', '/v1/apps/disk', { enabled: true }, { 'idempotency-key': 'on' })).body).toEqual(on.body)
  const [second] = await running(filesystemMain)
  expect((await daemon.ask('POST', '/v1/apps/disk/restart')).body).toMatchObject({ status: 'ready' })
  const [third] = await running(filesystemMain)
  expect(new Set([first, second, third]).size).toBe(3)
  expect((await daemon.ask('DELETE', '/v1/apps/disk')).status).toBe(204)
  expect([await running(filesystemMain), await toolsOf('disk'), (await daemon.ask('GET', '/v1/apps/disk')).status]).toEqual([[], [], 404])
})
test('a program that is not there is said to be missing, and harms no other', async () => {
  const { status, body } = await add('broken', { command: 'no-such-program' })
  expect({ status, body }).toMatchObject({
    status: 201,
    body: { status: 'failed', tools: 0, message: expect.stringMatching(/no program "no-such-program"/) },
  })
  expect(await echo('still here')).toMatchObject({ status: 'completed' })
  expect((await daemon.ask('POST', '/execute', { toolId: 'broken.x' })).status).toBe(404)
})
test('an id that is taken is refused, and a file that comes with it waits until it is free', async () => {
  for (const id of ['files', 'spotify', 'every', 'broken']) expect((await add(id, program(hostileMain))).status, id).toBe(409)
  const folder = path.join(path.dirname(daemon.home), 'apps')
  const tool = { id: 'look', name: 'Look', description: 'Looks.', inputs: { type: 'object' }, command: { argv: ['true'] } }
  const file = writeManifest(folder, 'grows', { id: 'grows', name: 'Grows', tools: [tool] })
  const fault = { path: file, line: null, message: expect.stringContaining('another app with the id grows') }
  await until(async () => (await daemon.ask('GET', '/v1/apps')).body.faults.length > 0)
  expect((await daemon.ask('GET', '/v1/apps')).body.faults).toEqual([fault])
  expect(await toolsOf('grows')).toHaveLength(4)
  await daemon.client.apps.remove({ id: 'grows' })
  expect(await app('grows')).toMatchObject({ source: 'manifest', status: 'ready', tools: 1 })
  expect((await toolsOf('grows')).map(({ id }) => id)).toEqual(['grows.look'])
  expect((await daemon.ask('DELETE', '/v1/apps/grows')).status).toBe(409)
})
test('a server that asks for OAuth is authorized by the browser that comes back: apps.authorize, then apps.authorized', async () => {
  await using servers = await makeOAuthServers()
  expect((await add('guarded', { url: servers.url }, { name: 'Guarded' })).body).toMatchObject({ status: 'needs_authorization', tools: 0 })
  const { url } = await daemon.client.apps.authorize({ id: 'guarded' })
  expect(new URL(url).searchParams.get('redirect_uri')).toBe(`${daemon.url}/app/authorized`)
  const given = await servers.browse(url)
  const page = await fetch(`${daemon.url}/app/authorized?${new URLSearchParams(given).toString()}`)
  expect(await page.text()).toContain('Steward')
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
  const back = (sent: object, headers: Record<string, string>) =>
    fetch(`${daemon.url}/v1/app-authorizations`, {
      method: 'POST',
      body: JSON.stringify(sent),
      headers: { 'content-type': 'application/json', ...headers },
    })
  const own = { origin: daemon.url, cookie: await loginCookie(daemon) }
  expect((await back(given, { origin: daemon.url })).status).toBe(401)
  expect((await back(given, { ...own, origin: 'http://localhost:5173' })).status).toBe(403)
  expect((await back({ ...given, state: 'another' }, own)).status).toBe(422)
  const answer = await back(given, own)
  expect([answer.status, await answer.json()]).toMatchObject([200, { name: 'Guarded', status: 'ready', tools: 1 }])
  await expect(daemon.client.apps.authorized(given)).rejects.toMatchObject({ code: 'unprocessable' })
  expect(await approved({ toolId: 'guarded.whoami' })).toMatchObject({ status: 'completed', outputs: 'you hold access-' })
  expect(JSON.stringify([daemon.logs, await daemon.ask('GET', '/v1/secrets')])).not.toMatch(/access-|refresh-|\$login/)
  // What was granted to one server is not shown to the next of the same name.
  await daemon.client.apps.remove({ id: 'guarded' })
  await using others = await makeOAuthServers()
  expect((await add('guarded', { url: others.url })).body).toMatchObject({ status: 'needs_authorization' })
  expect(others.resource.map(({ headers }) => headers.authorization)).not.toContainEqual(expect.stringContaining('access-'))
})
test('work that a restart interrupted waits for its server to be up again', { timeout: 30_000 }, async () => {
  const go = path.join(daemon.workspace, 'go')
  writeFileSync(go, '')
  const slowly = `while [ ! -e ${go} ]; do sleep 0.02; done; exec ${process.execPath} ${everythingMain}`
  expect(
    (await add('slow', { command: 'sh', args: ['-c', slowly], env: { WAITS: '1' }, writable: [path.resolve('.')] }, { trusted: true })).body,
  ).toMatchObject({ status: 'ready' })
  const workflowId = await saved(daemon, [{ id: 'a', toolId: 'slow.echo', inputs: { message: 'late' } }])
  rmSync(go)
  for (const pid of await running(everythingMain, 'WAITS=1')) process.kill(pid, 'SIGKILL')
  await become('slow', 'starting')
  const { id } = await execute(daemon, { workflowId, waitMs: 0 })
  await until(async () => (await stepsOf(daemon, id)).length === 1)
  await daemon.stop()
  expect(await children()).toEqual([])
  daemon = await daemon.restart()
  expect(await app('slow')).toMatchObject({ status: 'starting', tools: 0 })
  expect((await daemon.ask('GET', `/v1/executions/${id}`)).body).toMatchObject({ status: 'running', finishedAt: null })
  writeFileSync(go, '')
  expect(await ended(daemon, id)).toMatchObject({ status: 'completed', outputs: { a: 'Echo: late' } })
  await daemon.client.apps.remove({ id: 'slow' })
})
test('a command without a daemon has the tools of servers too, and leaves no child behind', { timeout: 30_000 }, async () => {
  await daemon.stop()
  vi.stubEnv('STEWARD_WORKSPACE_ROOT', daemon.workspace)
  vi.stubEnv('STEWARD_APPS_FOLDER', path.join(path.dirname(daemon.home), 'apps'))
  const direct = await openDirect({ home: daemon.home })
  const listed = async () => ((await direct.call('tools.list', {})).value as { apps: { id: string }[] }).apps.map(({ id }) => id)
  await until(async () => (await listed()).includes('every'), { timeoutMs: 20_000 })
  await direct.close()
  expect(await children()).toEqual([])
  const other = await openDirect({ home: daemon.home })
  // What no command asks about is not started.
  await other.call('secrets.set', { name: 'every.unused', value: 'x' })
  expect(await children()).toEqual([])
  await other.close()
})
