import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { soak, createWireServer, until, type WireRequest, type WireServer, createRandom, type Random } from '@steward/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { homeMark, sweepSurvivors } from '../../src/platform/processes/marked.ts'
import { beginDaemon, daemonEnv, type DaemonProcess } from './daemon-process.ts'
import { checkDatabases, checkTrial, processesWith, type Tally } from './invariants.ts'
import { createScript, drawStrike, kinds, sleepers, type Strike } from './scenarios.ts'
import { act, decide, openTrial, send, type Trial } from './trial.ts'

/** Within so long of its being ready a daemon has done all that it can do by itself (where a start takes a second; a slower machine has as much more). */
const settleMs = 5_000
const usualStartMs = 1_000
/** A run that is taken up three times without getting any further is given up: no round may go so far. */
const mostAgain = 2
const rounds = soak(4, 200)
const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'steward-kill-')))
const home = path.join(root, 'home')
const workspace = path.join(root, 'workspace')
const lines = path.join(workspace, 'lines.log')
const { script, seen } = createScript({ lines })
let wire: WireServer

beforeAll(async () => {
  mkdirSync(workspace)
  for (const name of ['a.txt', 'b.txt', 'c.txt', 'lines.log'])
    writeFileSync(path.join(workspace, name), name === 'lines.log' ? '' : `This is ${name}.\n`)
  wire = await createWireServer({ turns: script })
})
afterAll(async () => {
  await wire.close()
  await sweepSurvivors(home)
  rmSync(root, { recursive: true, force: true })
})
const start = () => beginDaemon(home, daemonEnv(wire.url, workspace))
const counts = async (daemon: DaemonProcess) =>
  (await daemon.ask('GET', '/v1/status')).body.runs as { running: number; queued: number; waiting: number }

/** Strikes the daemon down at its moment, or when its work is done without that moment having come. */
async function strike(daemon: DaemonProcess, moment: Strike, heard: Ears, done: Promise<unknown>): Promise<void> {
  if ('afterMs' in moment) await delay(moment.afterMs)
  else {
    await Promise.race([heard.wait(moment.on), done.then(() => delay(400)), delay(1_500)])
    await delay(moment.thenMs)
  }
  await daemon.kill()
}
type Ears = ReturnType<typeof createEars>
function createEars() {
  const waiting = new Map<string, (() => void)[]>()
  return {
    hear: (name: string) => {
      for (const done of waiting.get(name) ?? []) done()
      waiting.delete(name)
    },
    wait: (name: string) => new Promise<void>((resolve) => void waiting.set(name, [...(waiting.get(name) ?? []), resolve])),
  }
}
/** What a dead daemon had started and what is still alive a moment later: a sandbox that was just being set up when its daemon died. */
async function survivors(trials: readonly Trial[]): Promise<string[]> {
  const texts = [`STEWARD_CHILD=${homeMark(home)}:`, ...trials.flatMap(({ tag }) => sleepers(tag))]
  let left: string[] = []
  await until(() => (left = processesWith(texts)).length === 0, { timeoutMs: 500 }).catch(() => undefined)
  return left
}
/** Nothing of an earlier life is there once a daemon is ready, whatever it did to get away. */
function checkOrphans(left: readonly string[]): void {
  const alive = processesWith([`STEWARD_CHILD=${homeMark(home)}:`, ...['86397', '86398', '86399'].map((seconds) => `sleep\0${seconds}.`)])
  expect(
    alive.filter((one) => left.includes(one)),
    'no process outlives the daemon',
  ).toEqual([])
}
/** Waits until nothing is left to do but what people must decide; by itself and within its time. Looks whenever a reader hears of a change. */
async function settled(daemon: DaemonProcess, limitMs: number, ears: Ears): Promise<void> {
  const limit = AbortSignal.timeout(Math.round(limitMs))
  const over = new Promise<void>((resolve) => limit.addEventListener('abort', () => resolve()))
  for (;;) {
    const change = ears.wait('status')
    const now = await counts(daemon)
    if (now.running === 0 && (now.queued === 0 || now.waiting > 0)) return
    await Promise.race([change, over])
    if (!limit.aborted) continue
    const { body } = await daemon.ask('GET', '/v1/runs?status=running&limit=200')
    const { body: log } = await daemon.ask('GET', `/v1/event-log?log=chat&sessionId=${body.items[0]?.sessionId}&limit=200`)
    const last = log.items
      .slice(-12)
      .map((event: { at: string; name: string; data: unknown }) => `${event.at} ${event.name} ${JSON.stringify(event.data).slice(0, 200)}`)
    throw new Error(
      `${limitMs} ms after the daemon was ready there are still runs under way: ${JSON.stringify(now)} ${JSON.stringify(body.items)}\n${last.join('\n')}\n${daemon.log().slice(-3_000)}`,
    )
  }
}
async function round(daemon: DaemonProcess, random: Random, tally: Tally): Promise<DaemonProcess> {
  const trials: Trial[] = []
  for (let left = random.int(2, 5); left > 0; left--) trials.push(await openTrial(daemon, random.pick(kinds)))
  const ears = createEars()
  const watching = trials.map(({ watcher }) => watcher.watch(daemon.url, daemon.token, ears.hear))
  const acts = Promise.all(trials.map((trial) => act(daemon, trial, random)))
  await strike(daemon, drawStrike(random), ears, acts)
  tally.kills++
  await Promise.all([acts, ...watching])
  const left = await survivors(trials)

  // Now and then the next one is struck down, too: while it opens, or while it takes the runs up.
  for (let again = 0; again < mostAgain && random.chance(0.25); again++) {
    const begun = start()
    const early = random.chance(0.4)
    if (early) await delay(random.int(0, 500))
    else {
      const next = await begun.ready
      const listening = trials.map(({ watcher }) => watcher.watch(next.url, next.token))
      await delay(random.int(0, 150))
      begun.child.kill('SIGKILL')
      await Promise.all(listening)
    }
    begun.child.kill('SIGKILL')
    await begun.exited
    tally.kills++
    left.push(...(await survivors(trials)))
  }
  const startedAt = performance.now()
  const next = await start().ready
  const readyAt = performance.now()
  const limitMs = settleMs * Math.max(1, (readyAt - startedAt) / usualStartMs)
  checkOrphans(left)
  tally.swept += left.length === 0 ? 0 : 1
  const following = trials.map(({ watcher }) => watcher.watch(next.url, next.token, ears.hear))
  await settled(next, limitMs, ears)
  tally.slowestMs = Math.max(tally.slowestMs, Math.round(performance.now() - readyAt))
  for (const trial of trials) for (const sent of trial.sent) await send(next, trial, sent)
  for (let decided = 1; decided > 0;) {
    decided = 0
    await settled(next, limitMs, ears)
    for (const trial of trials) decided += await decide(next, trial, true)
  }
  expect(await counts(next)).toEqual({ running: 0, queued: 0, waiting: 0 })
  for (const trial of trials) {
    const { body } = await next.ask('GET', `/v1/event-log?log=chat&sessionId=${trial.sessionId}&limit=200`)
    const last = Math.max(...body.items.map(({ seq }: { seq: number }) => seq))
    await until(() => [...trial.watcher.events.keys()].at(-1)! >= last, { what: 'the reader to come to the head of the log' })
    await checkTrial(next, trial, seen, lines, tally)
  }
  checkDatabases(home)
  void Promise.all(following)
  ;(wire.requests as WireRequest[]).length = 0
  return next
}
const seed = createRandom().seed

test(
  `a daemon that is killed at ${rounds} random moments loses nothing it acknowledged, does nothing twice and takes every run up by itself (seed ${seed})`,
  { timeout: 60_000 + rounds * 15_000, skip: process.platform !== 'linux' },
  async () => {
    const random = createRandom(seed)
    const tally: Tally = { kills: 0, slowestMs: 0, swept: 0, resumed: 0, unknown: 0, words: 0, messages: 0, calls: 0 }
    const began = performance.now()
    let daemon = await start().ready
    let at = 0
    try {
      for (; tally.kills < rounds; at++) daemon = await round(daemon, random, tally)
      const { body } = await daemon.ask('GET', '/v1/audit/verification')
      expect(body, 'the audit chain is whole').toMatchObject({ intact: true })
    } catch (error) {
      throw new Error(`Round ${at} of seed ${seed} (STEWARD_SEED=${seed}): ${(error as Error).message}\n${daemon.log().slice(-2_000)}`, {
        cause: error,
      })
    } finally {
      await daemon.stop()
    }
    expect(processesWith([`STEWARD_CHILD=${homeMark(home)}:`]), 'a daemon that stops ends its children').toEqual([])
    console.log(`kill -9: ${JSON.stringify({ seed, rounds: at, ...tally, seconds: Math.round((performance.now() - began) / 1_000) })}`)
  },
)
