import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { soak, createWireServer, until, type WireRequest, type WireServer, createRandom } from '@steward/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { everythingMain } from '../../src/platform/mcp/testing/place.ts'
import { homeMark, sweepSurvivors } from '../../src/platform/processes/marked.ts'
import { beginDaemon, daemonEnv, type DaemonProcess } from './daemon-process.ts'
import { checkDatabases, checkTrial, processesWith, type Tally } from './invariants.ts'
import { createScript, type Kind } from './scenarios.ts'
import { beginSupervised, type Supervised } from './supervised.ts'
import { act, decide, openTrial, send } from './trial.ts'

/** A daemon that was killed is back within so long, where a first start takes a second; a slower machine has as much more. */
const backMs = 3_000
const usualStartMs = 1_000
const kills = soak(2, 30)
const healthyMs = 300
const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'steward-supervisor-')))
const workspace = path.join(root, 'workspace')
const lines = path.join(workspace, 'lines.log')
const { script, seen } = createScript({ lines })
let wire: WireServer
beforeAll(async () => {
  mkdirSync(workspace)
  for (const name of ['a.txt', 'b.txt', 'c.txt']) writeFileSync(path.join(workspace, name), `This is ${name}.\n`)
  writeFileSync(lines, '')
  wire = await createWireServer({ turns: script })
})
afterAll(async () => {
  await wire.close()
  rmSync(root, { recursive: true, force: true })
})
/** A supervised daemon on a folder of its own; whatever is left of it is ended. */
async function supervised(name: string, pace: Record<string, number>) {
  const home = path.join(root, name, 'home')
  mkdirSync(path.dirname(home), { recursive: true })
  const env = daemonEnv(wire.url, workspace)
  const beganAt = performance.now()
  const one = await beginSupervised(home, env, pace)
  return {
    ...one,
    startMs: performance.now() - beganAt,
    async [Symbol.asyncDispose]() {
      one.signal('SIGTERM')
      await one.exited
      await sweepSurvivors(home)
    },
  }
}
const marked = (home: string) => processesWith([`STEWARD_CHILD=${homeMark(home)}:`])
const forgiven = (one: Supervised) => until(() => one.state()?.crashes === 0, { timeoutMs: 20_000, what: 'the count to be zero' })
const atRest = (daemon: DaemonProcess) =>
  until(
    async () => {
      const { running, queued, waiting } = (await daemon.ask('GET', '/v1/status')).body.runs
      return running === 0 && (queued === 0 || waiting > 0)
    },
    { timeoutMs: 30_000, what: 'every run to end by itself' },
  )
const underLoad: readonly Kind[] = ['shell', 'slow', 'background', 'write', 'burst', 'queued', 'approval']

test(
  `killed ${kills} times under load, the daemon is there again within ${backMs} ms each time, with all its data, and goes on with its work`,
  { timeout: 60_000 + kills * 20_000, skip: process.platform !== 'linux' },
  async () => {
    const random = createRandom()
    const tally: Tally = { kills: 0, slowestMs: 0, swept: 0, resumed: 0, unknown: 0, words: 0, messages: 0, calls: 0 }
    await using one = await supervised('load', { 'beat-ms': 50, 'healthy-ms': healthyMs })
    let daemon = one.daemon()
    for (; tally.kills < kills; tally.kills++) {
      await forgiven(one)
      const trials = []
      for (const kind of [random.pick(underLoad), random.pick(underLoad), 'slow' as const]) trials.push(await openTrial(daemon, kind))
      const at = daemon
      const acts = Promise.all(trials.map((trial) => act(at, trial, random)))
      const watching = trials.map(({ watcher }) => watcher.watch(at.url, at.token))
      await until(() => wire.requests.length > 0, { what: 'work that is under way' })
      await daemon.kill()
      const killedAt = performance.now()
      daemon = await one.next(daemon.pid)
      const tookMs = Math.round(performance.now() - killedAt)
      tally.slowestMs = Math.max(tally.slowestMs, tookMs)
      await Promise.all([acts, ...watching])
      for (const { watcher } of trials) void watcher.watch(daemon.url, daemon.token)
      await atRest(daemon)
      for (const trial of trials) for (const sent of trial.sent) await send(daemon, trial, sent)
      for (let decided = 1; decided > 0;) {
        decided = 0
        await atRest(daemon)
        for (const trial of trials) decided += await decide(daemon, trial, true)
      }
      for (const trial of trials) {
        const { body } = await daemon.ask('GET', `/v1/event-log?log=chat&sessionId=${trial.sessionId}&limit=200`)
        const last = Math.max(...body.items.map(({ seq }: { seq: number }) => seq))
        await until(() => [...trial.watcher.events.keys()].at(-1)! >= last, { what: 'the reader to come to the head of the log' })
        await checkTrial(daemon, trial, seen, lines, tally)
      }
      checkDatabases(one.home)
      ;(wire.requests as WireRequest[]).length = 0
    }
    expect(one.state()).toMatchObject({
      pid: one.pid,
      state: 'running',
      daemonPid: daemon.pid,
      restarts: kills,
      lastCrash: { why: 'was ended by SIGKILL' },
    })
    expect(
      one.lines().filter(({ level }) => level === 'warn'),
      'each time it counted as the first crash',
    ).toEqual(Array.from({ length: kills }, () => expect.objectContaining({ restartInMs: 0 })))
    expect(tally.slowestMs, 'the slowest return').toBeLessThan(backMs * Math.max(1, one.startMs / usualStartMs))
    console.log(`supervisor: ${JSON.stringify({ seed: random.seed, startMs: Math.round(one.startMs), ...tally })}`)
    one.signal('SIGTERM')
    expect(await one.exited, 'a signal ends both, and that is no crash').toBe(0)
    expect(daemon.alive()).toBe(false)
    expect(one.state(), 'nothing is left to tell').toBeUndefined()
    expect(marked(one.home)).toEqual([])
  },
)
test('a daemon that hangs is killed and started again, and the log says why', { timeout: 90_000, skip: process.platform === 'win32' }, async () => {
  await using one = await supervised('hang', { 'beat-ms': 100, 'hung-ms': 3_000 })
  const daemon = one.daemon()
  process.kill(daemon.pid, 'SIGSTOP')
  await one.next(daemon.pid)
  expect(one.state()).toMatchObject({ restarts: 1, lastCrash: { why: 'has given no sign of life for 3 s and was killed' } })
  expect(one.lines().map(({ msg }) => msg)).toContain('The daemon has given no sign of life for 3 s and was killed; it is started again.')
})
test('a daemon that is asked to stop is not started again, whoever asks', { timeout: 60_000 }, async () => {
  await using asked = await supervised('asked', {})
  expect((await asked.daemon().ask('POST', '/v1/stop')).status).toBe(202)
  expect(await asked.exited).toBe(0)
  expect(asked.state()).toBeUndefined()
  await using signalled = await supervised('signalled', {})
  const daemon = signalled.daemon()
  process.kill(daemon.pid, 'SIGTERM')
  expect(await signalled.exited).toBe(0)
  expect(daemon.alive()).toBe(false)
})
test('a daemon that cannot start is not tried again: its words are told and its supervisor ends', { timeout: 60_000 }, async () => {
  await using first = await supervised('twice', {})
  await expect(beginSupervised(first.home, daemonEnv(wire.url, workspace))).rejects.toThrow(`Another Steward (process ${first.daemon().pid})`)
  expect(first.state(), 'the file is still that of the first').toMatchObject({ pid: first.pid, state: 'running' })
})
test('without its supervisor a daemon goes on, and says so', { timeout: 60_000, skip: process.platform === 'win32' }, async () => {
  await using one = await supervised('alone', {})
  const daemon = one.daemon()
  expect((await daemon.ask('GET', '/v1/status')).body.supervisor).toBe('present')
  one.signal('SIGKILL')
  await one.exited
  await until(async () => (await daemon.ask('GET', '/v1/status')).body.supervisor === 'lost', { what: 'the daemon to notice' })
  expect((await daemon.ask('POST', '/v1/sessions', { title: 'kept' })).status).toBe(201)
  await daemon.stop()
})
test(
  'SIGTERM ends a daemon within 10 s, and with it what its tools and its MCP servers have started',
  { timeout: 90_000, skip: process.platform !== 'linux' },
  async () => {
    const home = path.join(root, 'term', 'home')
    mkdirSync(path.dirname(home))
    const daemon = await beginDaemon(home, daemonEnv(wire.url, workspace)).ready
    const app = { id: 'every', server: { command: process.execPath, args: [everythingMain] } }
    expect((await daemon.ask('POST', '/v1/apps', app)).status).toBe(201)
    await until(async () => (await daemon.ask('GET', '/v1/apps/every')).body.status === 'ready', { timeoutMs: 20_000, what: 'the MCP server' })
    const trial = await openTrial(daemon, 'background')
    await act(daemon, trial, createRandom())
    const working = () => marked(home).filter((one) => one.includes(`sleep 86398.${trial.tag}`))
    await until(() => working().length > 0, { timeoutMs: 10_000, what: 'the tool' })
    expect(marked(home).some((one) => one.includes(everythingMain))).toBe(true)
    const began = performance.now()
    await daemon.stop()
    expect(performance.now() - began).toBeLessThan(10_000)
    expect(marked(home)).toEqual([])
  },
)
