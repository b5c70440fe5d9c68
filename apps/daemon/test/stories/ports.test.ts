import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { serve } from '../../src/serve.ts'
import { model, startDaemon } from '../kit.ts'

const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8)
const discovery = (home: string) =>
  JSON.parse(readFileSync(path.join(home, 'run', 'daemon.json'), 'utf8')) as { url: string | null; socket: string; pid: number; protocol: number }

test('the daemon writes down where it is, for its owner’s eyes alone, and takes it away when it stops', async () => {
  const daemon = await startDaemon()
  await using _ = daemon
  const file = path.join(daemon.home, 'run', 'daemon.json')
  expect(discovery(daemon.home)).toMatchObject({
    pid: process.pid,
    url: daemon.url,
    socket: daemon.served.socket,
    protocol: 1,
    version: expect.any(String),
    startedAt: expect.any(String),
  })
  expect([file, path.join(daemon.home, 'run', 'token'), daemon.served.socket].map(modeOf)).toEqual(['600', '600', '600'])
  expect([daemon.home, path.dirname(daemon.served.socket)].map(modeOf)).toEqual(['700', '700'])
  expect(new URL(daemon.url).hostname).toBe('127.0.0.1')
  expect(Number(new URL(daemon.url).port)).toBeGreaterThan(0)
  await daemon.stop()
  expect(() => discovery(daemon.home)).toThrow('ENOENT')
})
test('a free port is taken once and kept: a restart is at the same address, and takes another only when that one is occupied', async () => {
  const root = mkdtempSync(path.join(tmpdir(), 'steward-port-'))
  const start = () =>
    serve({
      home: path.join(root, 'home'),
      env: { HOME: root, PATH: process.env['PATH'] },
      http: { host: '127.0.0.1', port: undefined },
      logTo: () => undefined,
    })
  const first = await start()
  const { url } = first
  await first.stop()
  const second = await start()
  expect(second.url).toBe(url)
  await second.stop()
  const squatter = createServer().listen(Number(new URL(url!).port), '127.0.0.1')
  await new Promise((resolve) => squatter.once('listening', resolve))
  const third = await start()
  expect(third.url).not.toBe(url)
  expect((await fetch(`${third.url}/health`)).status).toBe(200)
  await third.stop()
  await new Promise((resolve) => squatter.close(resolve))
  const fourth = await start()
  expect(fourth.url).toBe(url)
  await fourth.stop()
  rmSync(root, { recursive: true, force: true })
}, 30_000)
test('a port that was asked for and is taken is a clear refusal, and nothing is left behind', async () => {
  const squatter = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => squatter.once('listening', resolve))
  const { port } = squatter.address() as AddressInfo
  const root = mkdtempSync(path.join(tmpdir(), 'steward-port-'))
  const start = (wanted: number) =>
    serve({ home: root, env: { HOME: root, PATH: process.env['PATH'] }, http: { host: '127.0.0.1', port: wanted }, logTo: () => undefined })
  await expect(start(port)).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining(String(port)) })
  const after = await start(0)
  expect((await fetch(`${after.url}/health`)).status).toBe(200)
  await after.stop()
  await new Promise((resolve) => squatter.close(resolve))
  rmSync(root, { recursive: true, force: true })
}, 30_000)
test('two daemons live side by side on two folders; a second one on the same folder is refused and the first works on', async () => {
  await using one = await startDaemon({ turns: [{ text: 'I am one.' }] })
  await using two = await startDaemon({ turns: [{ text: 'I am two.' }] })
  expect(one.url).not.toBe(two.url)
  for (const [daemon, says] of [
    [one, 'I am one.'],
    [two, 'I am two.'],
  ] as const) {
    const { id } = await daemon.client.sessions.create({ model })
    await daemon.say(id, 'who?')
    expect((await daemon.client.messages.list({ sessionId: id })).items.at(-1)?.text).toBe(says)
    expect((await daemon.client.sessions.list({})).items).toHaveLength(1)
  }
  expect((await fetch(`${two.url}/v1/sessions`, { headers: { authorization: `Bearer ${one.token}` } })).status).toBe(401)
  await expect(serve({ home: one.home, http: null, logTo: () => undefined })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(/\S+ \S+/),
  })
  expect((await one.client.sessions.list({})).items).toHaveLength(1)
  expect(discovery(one.home).url).toBe(one.url)
})
test('a restart in mid-run takes the run up by itself: finished steps are not repeated, and the session is there as it was', async () => {
  let daemon = await startDaemon({
    turns: [
      { calls: [{ name: 'files_write', input: { path: 'a.txt', content: 'a' } }] },
      { text: ['one ', 'two ', 'three'], fault: { kind: 'hang', gate: 'go', afterDeltas: 2 } },
      { text: 'three.' },
    ],
  })
  const { id } = await daemon.client.sessions.create({ model, title: 'Mine', permissionMode: 'accept-edits' })
  const { runId } = await daemon.client.messages.send({ sessionId: id, text: 'go' })
  for await (const item of daemon.client.follow({ sessionId: id, names: ['token'] })) if ('flash' in item) break
  daemon = await daemon.restart()
  const ready = performance.now()
  const run = await daemon.runUntil(runId)
  expect(performance.now() - ready).toBeLessThan(5_000)
  expect(run).toMatchObject({ status: 'completed', toolCalls: 1 })
  const events = await daemon.events(id)
  expect(events.filter(({ name }) => name === 'tool.started')).toHaveLength(1)
  expect(events.filter(({ name }) => name === 'message.final').map(({ data }) => (data as { interrupted: boolean }).interrupted)).toEqual([
    false,
    true,
    false,
  ])
  expect(await daemon.client.sessions.get({ id })).toMatchObject({ title: 'Mine', status: 'idle' })
  await daemon[Symbol.asyncDispose]()
})
