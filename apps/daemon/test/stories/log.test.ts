import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createClient } from '@steward/client'
import { createIpcSender } from '@steward/client/node'
import type { LogLine } from '@steward/contract/daemon'
import { until } from '@steward/testkit'
import { model, startDaemon } from '../kit.ts'
import { beginDaemon, daemonEnv, type DaemonProcess } from '../faults/daemon-process.ts'

// Daemons of their own process, writing the true files.
let root: string
let home: string
beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'steward-log-')))
  home = path.join(root, 'home')
  mkdirSync(path.join(root, 'workspace'))
})
const alive: DaemonProcess[] = []
afterEach(async () => {
  for (const daemon of alive.splice(0)) await daemon.kill()
  rmSync(root, { recursive: true, force: true })
})
async function start(env: NodeJS.ProcessEnv = {}): Promise<DaemonProcess> {
  const daemon = await beginDaemon(home, { ...daemonEnv('http://127.0.0.1:9', path.join(root, 'workspace')), ...env }).ready
  alive.push(daemon)
  return daemon
}
const folder = () => path.join(home, 'logs')
const written = () =>
  readdirSync(folder())
    .toSorted()
    .map((name) => readFileSync(path.join(folder(), name), 'utf8'))
    .join('')
async function lines(daemon: DaemonProcess, query = ''): Promise<LogLine[]> {
  const found: LogLine[] = []
  for (let cursor = ''; ;) {
    const { body } = await daemon.ask('GET', `/v1/logs?limit=200${query}${cursor}`)
    found.push(...(body.items as LogLine[]))
    if (body.nextCursor === null) return found.toReversed()
    cursor = `&cursor=${body.nextCursor as string}`
  }
}

test(
  'one ordered log has the lines of daemon, doors, scheduler, executor and supervisor, over a restart and over files put aside',
  { timeout: 60_000 },
  async () => {
    const first = await start({ STEWARD_LOG_MAX_MEGABYTES: '0.01', STEWARD_LOG_LEVELS: '{"http": "debug"}' })
    await first.ask('GET', '/v1/version')
    // The supervisor writes into the same file: what the daemon has timed before is there first.
    await until(() => written().includes('GET /v1/version 200'), { timeoutMs: 20_000 })
    const supervisor = { level: 'info', time: new Date().toISOString(), pid: 1, component: 'supervisor', msg: 'The daemon has been started.' }
    appendFileSync(path.join(folder(), 'steward.log'), `${JSON.stringify(supervisor)}\n`)
    const target = { kind: 'tool', toolId: 'files.list', inputs: {} }
    const schedule = { kind: 'once', at: new Date(Date.now() + 60_000).toISOString() }
    const { body } = await first.ask('POST', '/v1/tasks', { name: 'Once', target, schedule })
    await first.ask('POST', `/v1/tasks/${body.id as string}/runs`, {})
    await until(async () => (await lines(first, '&components=executor')).length > 0, { timeoutMs: 20_000 })
    for (let at = 0; at < 100; at++) await first.ask('GET', `/v1/sessions?limit=${at + 1}`)
    await first.stop()
    const second = await start()
    expect(readdirSync(folder()).filter((name) => /^steward\..+\.log$/.test(name)).length).toBeGreaterThan(1)
    const all = await lines(second)
    expect(all.map(({ time }) => time)).toEqual(all.map(({ time }) => time).toSorted())
    expect([...new Set(all.map(({ component }) => component))]).toEqual(
      expect.arrayContaining(['daemon', 'ipc', 'http', 'scheduler', 'executor', 'supervisor']),
    )
    expect(all.filter(({ message }) => message === 'Steward is up.')).toHaveLength(2)
    expect(all.filter(({ message }) => message === 'GET /v1/sessions 200')).toHaveLength(100)
    expect(written()).not.toContain('limit=7')
  },
)
test('components say more or less from the moment they are told to', { timeout: 30_000 }, async () => {
  const daemon = await start()
  await daemon.ask('GET', '/v1/version')
  await daemon.ask('PUT', '/v1/config/log', { value: { levels: { http: 'debug' } } })
  await daemon.ask('GET', '/v1/status')
  await daemon.ask('PUT', '/v1/config/log', { value: { levels: {} } })
  await daemon.ask('GET', '/v1/version')
  expect((await lines(daemon, '&components=http')).map(({ message }) => message)).toEqual([
    'HTTP is served.',
    'PUT /v1/config/log 200',
    'GET /v1/status 200',
  ])
})
test('at debug each door has a line for each call, also of those that are refused', { timeout: 30_000 }, async () => {
  const daemon = await start({ STEWARD_LOG_LEVELS: '{"ipc": "debug", "mcp": "debug"}' })
  const ipc = createClient(createIpcSender({ socket: path.join(home, 'run', 'steward.sock'), token: daemon.token }))
  await ipc.system.version({})
  await expect(ipc.sessions.get({ id: 'ses_none' })).rejects.toMatchObject({ code: 'not_found' })
  await ipc.close()
  const called = await lines(daemon, '&components=ipc&level=debug')
  expect(called.map(({ message }) => message)).toEqual(['The socket is served.', 'system.version done', 'sessions.get not_found'])
  expect(called.at(-1)?.details).toEqual({ operation: 'sessions.get', caller: 'owner', ms: expect.any(Number) as number })
  const initialize = {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
  }
  const accept = { accept: 'application/json, text/event-stream' }
  expect((await daemon.ask('POST', '/mcp', initialize, accept).catch(() => undefined)) ?? { status: 200 }).toMatchObject({ status: 200 })
  expect((await lines(daemon, '&components=mcp')).map(({ message }) => message)).toContain('MCP is served at /mcp.')
})
test('a command in the background that ends has a line, without its words; so has the run that started it', { timeout: 30_000 }, async () => {
  const command = 'echo whatever-it-is; exit 3'
  await using daemon = await startDaemon({
    turns: [{ calls: [{ name: 'shell_run', input: { command, background: true } }] }, { text: 'Begun.' }],
  })
  const { id } = await daemon.client.sessions.create({ model, permissionMode: 'auto' })
  const run = await daemon.say(id, 'begin it')
  const told = (component: string) =>
    daemon.logs.map((text) => JSON.parse(text) as Record<string, unknown>).filter((line) => line['component'] === component)
  await until(() => told('child').length > 0, { timeoutMs: 20_000 })
  expect(told('child')[0]).toMatchObject({ level: 'info', owner: id, exitCode: 3, msg: 'A command in the background has ended.' })
  expect(told('runner')[0]).toMatchObject({ runId: run.id, sessionId: id, status: 'completed', msg: 'A run has ended: completed.' })
  expect(daemon.logs.join('')).not.toContain('whatever-it-is')
})
test('no secret and no token comes into the log, whatever form it has there', { timeout: 60_000 }, async () => {
  const daemon = await start({ STEWARD_LOG_LEVEL: 'debug' })
  const secret = 'a "quoted" secret\\of mine'
  await daemon.ask('PUT', '/v1/secrets/some.token', { value: secret })
  await daemon.ask('PUT', '/v1/secrets/other.token', { value: 'plain-secret-0001' })
  await daemon.ask('GET', `/v1/nowhere/${daemon.token}`)
  await daemon.ask('GET', '/v1/nowhere/plain-secret-0001')
  const said = `process.stderr.write(${JSON.stringify(`It was ${secret}.\n`)})`
  await daemon.ask('POST', '/v1/apps', { id: 'chatty', server: { command: process.execPath, args: ['-e', said] } })
  await until(async () => (await lines(daemon, '&components=child')).length > 0, { timeoutMs: 20_000 })
  expect((await lines(daemon, '&components=child'))[0]?.message).toBe('It was [redacted].')
  expect((await lines(daemon, '&components=http')).filter(({ message }) => message === 'GET /v1/nowhere/[redacted] 404')).toHaveLength(2)
  for (const word of [daemon.token, 'plain-secret', 'quoted']) expect(written()).not.toContain(word)
})
test('a crash leaves its reason and its stack in the log, without secrets', { timeout: 30_000 }, async () => {
  const bomb = path.join(root, 'bomb.mjs')
  writeFileSync(bomb, `process.on('SIGUSR2', () => { throw new Error('Lost by ' + process.env.BOMB_TOKEN) })`)
  const daemon = await start({ NODE_OPTIONS: `--import=${bomb}`, BOMB_TOKEN: 'known-to-the-daemon' })
  process.kill(daemon.pid, 'SIGUSR2')
  await daemon.exited
  const again = await start()
  const [crash] = await lines(again, '&level=fatal')
  expect(crash).toMatchObject({ component: 'daemon', message: 'The daemon has crashed: Lost by [redacted]', pid: daemon.pid })
  expect((crash!.details['error'] as { stack: string }).stack).toContain('bomb.mjs')
  expect(written() + daemon.log()).not.toContain('known-to-the-daemon')
})
test('a daemon whose log cannot be written works all the same, and somebody who looks at it sees its lines', { timeout: 30_000 }, async () => {
  mkdirSync(home, { mode: 0o700 })
  writeFileSync(path.join(home, 'logs'), 'a file where there should be a folder')
  const daemon = await start()
  expect(await daemon.ask('GET', '/ready')).toMatchObject({ status: 200, body: { status: 'ok' } })
  expect((await daemon.ask('POST', '/v1/sessions', { title: 'kept' })).status).toBe(201)
  expect(await daemon.ask('GET', '/v1/logs')).toMatchObject({ status: 200, body: { items: [] } })
  expect(daemon.log()).toContain('"msg":"Steward is up."')
})
test('only a caller with the scope logs:read sees the log', { timeout: 30_000 }, async () => {
  const daemon = await start()
  const { body } = await daemon.ask('POST', '/v1/tokens', { name: 'Phone', scopes: ['sessions:*'] })
  expect(await daemon.ask('GET', '/v1/logs', undefined, { authorization: `Bearer ${body.secret as string}` })).toMatchObject({ status: 403 })
})
