import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { soak, until, createRandom, type Random } from '@steward/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sweepSurvivors } from '../../src/platform/processes/marked.ts'
import { chainWorkflow, expectedOf, innerWorkflow, stepsOfChain } from './chain.ts'
import { beginDaemon, daemonEnv, type DaemonProcess } from './daemon-process.ts'
import { createEffects, marksFile, valueOf, writeApps, type Effects } from './effects.ts'
import { checkChain, checkHistory, checkLog, createLogReader, peek, tellsAll } from './execution-checks.ts'
import { approve, createKnown, createMarksEar, readsAs, resting, resume, send, type Client, type Start } from './execution-clients.ts'
import { checkDatabases } from './invariants.ts'

const kills = soak(2, 50)
const blocks = soak(2, 20)
/** Taken up so often without the end of a step in between, an execution is given up: no round may go so far. */
const mostStalled = 3
const seed = createRandom().seed
const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'steward-executions-')))
const home = path.join(root, 'home')
const workspace = path.join(root, 'workspace')
const apps = path.join(root, 'apps')
let effects: Effects

beforeAll(async () => {
  for (const folder of [workspace, apps]) mkdirSync(folder)
  writeFileSync(marksFile(workspace), '')
  effects = await createEffects(createRandom(seed))
  writeApps(apps, effects.url)
})
afterAll(async () => {
  await effects[Symbol.asyncDispose]()
  await sweepSurvivors(home)
  rmSync(root, { recursive: true, force: true })
})
const start = () => beginDaemon(home, { ...daemonEnv('http://127.0.0.1:9', workspace), STEWARD_APPS_FOLDER: apps })

/** A folder with its workflows, rules and a second caller. */
async function setUp(daemon: DaemonProcess): Promise<{ chain: string; callers: readonly Client[] }> {
  const made = async (route: string, body: unknown) => {
    const answer = await daemon.ask('POST', route, body)
    expect(answer.status, JSON.stringify(answer.body)).toBe(201)
    return answer.body
  }
  for (const tool of ['effects.*', 'marks.*']) await made('/v1/permissions', { tool, action: 'allow', level: 'global' })
  const inner = await made('/v1/workflows', innerWorkflow)
  const chain = await made('/v1/workflows', chainWorkflow(blocks, inner.id))
  const { token, secret } = await made('/v1/tokens', { name: 'other', scopes: ['*'] })
  const other = { id: token.id as string, headers: { authorization: `Bearer ${secret}` } }
  return { chain: chain.id, callers: [{ id: 'owner', headers: {} }, other] }
}
/** Lets the daemon work until a moment that chance picks: a time, a request that has come, a line or a file that has been written. */
async function strike(random: Random, file: string | undefined): Promise<string> {
  const soon = AbortSignal.timeout(1_500)
  const over = new Promise<void>((resolve) => soon.addEventListener('abort', () => resolve()))
  const look = (done: () => boolean) => until(() => done() || soon.aborted, { timeoutMs: 3_000 })
  const kind = file !== undefined && random.chance(0.5) ? 'file' : random.pick(['time', 'request', 'request', 'line', 'line'])
  const afterMs = random.int(0, 15)
  if (kind === 'file') await look(() => readable(file ?? ''))
  if (kind === 'time') await delay(random.int(0, 120))
  if (kind === 'request') for (let left = random.int(0, 5); left >= 0; left--) await Promise.race([effects.next(), over])
  if (kind === 'line') {
    const ear = createMarksEar(workspace)
    await look(() => ear.grown())
  }
  if (random.chance(0.6)) await delay(afterMs)
  return kind
}
/** Any answer but none at all is looked at. */
const unlessGone = (sent: Promise<unknown>): Promise<void> =>
  sent.then(
    () => undefined,
    (error: unknown) => {
      if (!(error instanceof TypeError)) throw error
    },
  )
function readable(name: string): boolean {
  try {
    return readsAs(workspace, name) !== ''
  } catch {
    return false
  }
}

test(
  `a workflow of ${stepsOfChain(blocks)} steps whose daemon is killed at ${kills} random moments has no effect twice, and all its outputs right (seed ${seed})`,
  { timeout: 60_000 + kills * 15_000, skip: process.platform !== 'linux' },
  async () => {
    const random = createRandom(seed)
    const known = createKnown()
    const log = createLogReader()
    const tally = {
      kills: 0,
      early: 0,
      steps: 0,
      runs: 0,
      starts: 0,
      unknownDone: 0,
      unknownAgain: 0,
      takenUp: 0,
      approvals: 0,
      slowestMs: 0,
      repeated: 0,
    }
    const struck: Record<string, number> = {}
    const began = performance.now()
    let daemon = await start().ready
    const { chain, callers } = await setUp(daemon)
    const runs: string[] = []
    const begin = (body: Start['body'], by: Client, asRun = false): Start => {
      const made: Start = { key: `key-${known.starts.length}`, body, by, asRun, id: undefined }
      known.starts.push(made)
      return made
    }
    const beginRun = () => {
      runs.push(`r${runs.length}`)
      return begin({ workflowId: chain, inputs: { run: runs.at(-1)! }, waitMs: 0 }, random.pick(callers), random.chance(0.5))
    }
    /** Single calls, each sent by two clients at once under one key; whoever is not answered asks again in the next life. */
    const beginSmall = () => {
      const toolId = random.pick(['effects.act', 'effects.once', 'marks.append'])
      const name = `s${known.starts.length}/call`
      const small = begin({ toolId, inputs: { step: name, given: 'g' }, waitMs: random.pick([0, 30_000]) }, random.pick(callers))
      return Promise.all([send(daemon, small), send(daemon, small)].map(unlessGone))
    }
    /** What people do in every life: they ask again for what they started, say what became of steps, and allow what waits. */
    const attend = async (everything = false): Promise<string[]> => {
      for (const one of known.starts) if (one.body.waitMs === 0 || everything) await send(daemon, one)
      for (const { id } of await resting(daemon)) {
        const { done, again } = await resume(daemon, id, effects, workspace)
        tally.unknownDone += done
        tally.unknownAgain += again
      }
      return approve(daemon, known, everything)
    }
    const check = async () => {
      const history = await checkHistory(daemon, known)
      // An event is shown once it is on disk, which is a moment after its rows can be read.
      await until(async () => tellsAll(await log.readOn(daemon), history), { what: 'the log to tell what the history shows' })
      const now = new Map((await checkHistory(daemon, known)).map(({ id, status }) => [id, status]))
      checkLog(
        log.events,
        history.filter(({ id, status }) => now.get(id) === status),
      )
      expect(effects.complaints).toEqual([])
    }
    /** From being ready until something of it has gone on, if anything can by itself. */
    const goesOn = async (readyAt: number, arrivals: number, ended: number) => {
      const isOn = () => effects.arrivals() > arrivals || peek(home).ended > ended || peek(home).open === 0
      await until(isOn, { timeoutMs: 10_000, what: 'the executions to go on by themselves' })
      tally.slowestMs = Math.max(tally.slowestMs, Math.round(performance.now() - readyAt))
    }
    const life = async () => {
      effects.hold()
      const files = await attend()
      await check()
      if (peek(home).open === 0 && [...known.approvals.values()].every(({ settled }) => settled)) await send(daemon, beginRun())
      const smalls = Promise.all([beginSmall(), beginSmall()])
      smalls.catch(() => undefined)
      effects.release()
      await until(() => peek(home).stalled < mostStalled, { what: 'a step to end' })
      const kind = await strike(random, files[0])
      struck[kind] = (struck[kind] ?? 0) + 1
      await daemon.kill()
      tally.kills++
      await smalls
      for (let left = mostStalled - 1 - peek(home).stalled; left > 0 && random.chance(0.25); left--) {
        const begun = start()
        await Promise.race([random.chance(0.5) ? begun.ready : delay(random.int(0, 600)), begun.exited])
        begun.child.kill('SIGKILL')
        await begun.exited
        tally.kills++
        tally.early++
      }
      const { ended } = peek(home)
      const arrivals = effects.arrivals()
      daemon = await start().ready
      known.life++
      await goesOn(performance.now(), arrivals, ended)
    }
    try {
      await send(daemon, beginRun())
      while (tally.kills < kills) await life()
      const isOver = async () => {
        await attend(true)
        const { body } = await daemon.ask('GET', '/v1/status')
        return body.executions.queued + body.executions.running + body.executions.waiting === 0 && (await resting(daemon)).length === 0
      }
      await until(isOver, { timeoutMs: 60_000, what: 'every execution to end' })
      await check()
      for (const [at, run] of runs.entries()) {
        const { id } = known.starts.find(({ body }) => body.inputs['run'] === run)!
        const { resumes } = await checkChain(daemon, id!, run, expectedOf(blocks, run), effects, workspace)
        tally.takenUp += resumes
        tally.runs = at + 1
      }
      for (const { id, body } of known.starts.filter((one) => one.body.toolId !== undefined)) {
        const value = valueOf(body.inputs['step']!, 'g')
        const outcome = (await daemon.ask('GET', `/v1/executions/${id}/outcome`)).body
        expect(outcome).toMatchObject({ id, status: 'completed', outputs: body.toolId === 'marks.append' ? value : { value } })
        tally.takenUp += (await daemon.ask('GET', `/v1/executions/${id}`)).body.resumes
      }
      expect((await checkHistory(daemon, known)).length, 'every start has one execution').toBe(known.starts.length)
      expect((await daemon.ask('GET', '/v1/audit/verification')).body, 'the audit chain is whole').toMatchObject({ intact: true })
      checkDatabases(home)
      tally.steps = peek(home).ended
      tally.starts = known.starts.length
      tally.approvals = known.approvals.size
      tally.repeated = [...effects.done.values()].filter(({ asked }) => asked > 1).length
    } catch (error) {
      const { message } = error as Error
      throw new Error(`Kill ${tally.kills} of seed ${seed} (STEWARD_SEED=${seed}): ${message}\n${daemon.log().slice(-3_000)}`, { cause: error })
    } finally {
      effects.release()
      await daemon.stop()
    }
    console.log(`executions, kill -9: ${JSON.stringify({ seed, ...tally, struck, seconds: Math.round((performance.now() - began) / 1_000) })}`)
  },
)
