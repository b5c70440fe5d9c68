import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { WireEvent } from '@steward/contract'
import type { HistoryItem } from '@steward/contract/daemon'
import { soak, tempDir, until, createRandom, type Random } from '@steward/testkit'
import { expect, test } from 'vitest'
import { databaseFiles } from '../../src/platform/storage/store.ts'
import { openStores } from '../../src/stores.ts'
import { startDaemon, type TestDaemon } from '../kit.ts'
import { answerOf, createEffects, writeApps, type Effects } from './effects.ts'
import { checkLog, createLogReader } from './execution-checks.ts'
import { pages, resting, resume } from './execution-clients.ts'
import { createPowerCut } from './power-cut.ts'

const cuts = soak(4, 60)
const links = 4
const seed = createRandom().seed

/** Effects one after another and beside each other, one of them such as may not be repeated. */
const workflow = {
  name: 'links',
  inputs: { type: 'object', properties: { run: { type: 'string' } }, required: ['run'] },
  permissions: ['effects:use'],
  steps: Array.from({ length: links }, (_, at) => {
    const step = (way: string, given: string, more = {}) => ({
      id: `${way}${at}`,
      toolId: `effects.${way}`,
      inputs: { step: `{{inputs.run}}/${way}${at}`, given },
      ...more,
    })
    const first = at === 0 ? '{{inputs.run}}' : `{{steps.once${at - 1}.outputs.value}}{{steps.late${at - 1}.outputs.value}}`
    const given = `{{steps.act${at}.outputs.value}}`
    return [step('act', first), step('once', given), step('late', given, { retry: { max: 20, backoffMs: 5 } })]
  }).flat(),
}
function expectedOf(run: string): Record<string, unknown> {
  const outputs: Record<string, { value: string }> = {}
  let before = run
  for (let at = 0; at < links; at++) {
    const act = (outputs[`act${at}`] = answerOf(`${run}/act${at}`, before))
    const once = (outputs[`once${at}`] = answerOf(`${run}/once${at}`, act.value))
    const late = (outputs[`late${at}`] = answerOf(`${run}/late${at}`, act.value))
    before = once.value + late.value
  }
  return outputs
}
/** Everything that somebody was told, so far. */
interface Told {
  /** Ids with the runs they are for. */
  readonly started: Map<string, string>
  readonly ended: Set<string>
  readonly events: WireEvent[]
}
async function keepBusy(daemon: TestDaemon, id: string, told: Told, random: Random, stop: AbortSignal): Promise<void> {
  let count = 0
  const client = async () => {
    while (!stop.aborted) {
      const run = `p${count++}`
      const { body } = await daemon.ask('POST', '/v1/execute', { workflowId: id, inputs: { run }, waitMs: 0 }, { 'idempotency-key': run })
      told.started.set(body.id, run)
      const { body: outcome } = await daemon.ask('GET', `/v1/executions/${body.id}/outcome`)
      expect(outcome, run).toMatchObject({ status: 'completed', outputs: expectedOf(run) })
      told.ended.add(body.id)
      await delay(random.int(0, 20))
    }
  }
  await Promise.all([client(), client(), client()])
}
/** The folder that a power cut has left holds all that was told, and of each effect the line that was to be there before it. */
async function checkFolder(home: string, told: Told, done: Effects['done']): Promise<void> {
  const stores = await openStores(home)
  const { db, log } = stores.agents
  try {
    expect(db.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
    const execution = db.prepare('SELECT status, outputs FROM executions WHERE id = ?')
    for (const [id, run] of told.started) {
      const row = execution.get(id)
      expect(row, `the execution ${id} of ${run} was answered`).toBeDefined()
      if (!told.ended.has(id)) continue
      expect({ ...row, outputs: JSON.parse(String(row?.['outputs'])) }, `${id} was told to be done`).toMatchObject({
        status: 'completed',
        outputs: expectedOf(run),
      })
    }
    const line = db.prepare('SELECT status FROM execution_steps WHERE call_id = ?')
    for (const [step, { key }] of done)
      expect(['started', 'retrying', 'completed'], `${step} was done as ${key}`).toContain(line.get(key)?.['status'])
    const kept = new Map(log.read(0, 1_000_000).map(({ json }) => [(JSON.parse(json) as WireEvent).id, JSON.parse(json)]))
    for (const event of told.events)
      if (event.id.startsWith('evt_a')) expect(kept.get(event.id), `the event ${event.id} (${event.name}) was shown`).toEqual(event)
  } finally {
    for (const store of Object.values(stores)) await store.close()
  }
}
/** A daemon goes on from there, in a world where what was done is done: every execution comes to its end, with a person's help. */
async function carriesOn(home: string, root: string, told: Told, effects: Effects): Promise<number> {
  const apps = path.join(root, 'apps')
  mkdirSync(apps, { recursive: true })
  await using world = await createEffects(createRandom(seed), 3, effects.done)
  writeApps(apps, world.url)
  await using daemon = await startDaemon({ home, workspace: path.join(root, 'workspace'), env: { STEWARD_APPS_FOLDER: apps } })
  let resumed = 0
  const isOver = async () => {
    for (const { id } of await resting(daemon)) {
      const { done, again } = await resume(daemon, id, world, root)
      resumed += done + again
    }
    return (await pages<HistoryItem>(daemon, '/v1/history')).every(({ status }) => status === 'completed')
  }
  await until(isOver, { timeoutMs: 20_000, what: 'every execution to end after the cut' })
  const history = await pages<HistoryItem>(daemon, '/v1/history')
  for (const { id, outputs } of history) {
    const run = told.started.get(id) ?? ((await daemon.ask('GET', `/v1/executions/${id}`)).body.inputs.run as string)
    expect(outputs, run).toEqual(expectedOf(run))
  }
  expect(world.complaints, 'nothing is done twice').toEqual([])
  const reader = createLogReader()
  await until(async () => (await reader.readOn(daemon)).filter(({ name }) => name === 'execution.completed').length === history.length)
  checkLog(reader.events, history)
  return resumed
}

test(
  `a power cut at any of ${cuts} random moments leaves of each effect the line before it, and of executions all that was told (seed ${seed})`,
  { timeout: 60_000 + cuts * 5_000 },
  async () => {
    const random = createRandom(seed)
    await using root = await tempDir('steward-power-')
    const home = path.join(root.path, 'home')
    const apps = path.join(root.path, 'apps')
    for (const folder of [home, apps]) mkdirSync(folder)
    const grid = createPowerCut(home, Object.values(databaseFiles), random)
    await using effects = await createEffects(random)
    writeApps(apps, effects.url)
    await using daemon = await startDaemon({
      home,
      workspace: path.join(root.path, 'workspace'),
      env: { STEWARD_APPS_FOLDER: apps },
      sync: grid.sync,
    })
    await daemon.ask('POST', '/v1/permissions', { tool: 'effects.*', action: 'allow', level: 'global' })
    const { body } = await daemon.ask('POST', '/v1/workflows', workflow)
    const told: Told = { started: new Map(), ended: new Set(), events: [] }
    const over = new AbortController()
    const reading = (async () => {
      for await (const item of daemon.client.follow({}, over.signal)) if ('event' in item) told.events.push(item.event)
    })()
    const busy = keepBusy(daemon, body.id, told, random, over.signal)
    busy.catch(() => over.abort())
    const began = performance.now()
    let resumed = 0
    try {
      for (let at = 0; at < cuts && !over.signal.aborted; at++) {
        await delay(random.int(5, 120))
        // The worst moment is the one right after an effect.
        if (random.chance(0.8)) await effects.next()
        const left = path.join(root.path, `cut-${at}`)
        grid.cut(left)
        const known: Told = { started: new Map(told.started), ended: new Set(told.ended), events: [...told.events] }
        const done = new Map([...effects.done].map(([step, effect]) => [step, { ...effect }]))
        await checkFolder(left, known, done)
        if (at % 4 === 0) resumed += await carriesOn(left, path.join(root.path, `after-${at}`), known, { ...effects, done })
        rmSync(left, { recursive: true })
      }
    } catch (error) {
      throw new Error(`Seed ${seed} (STEWARD_SEED=${seed}): ${(error as Error).message}`, { cause: error })
    } finally {
      over.abort()
      await Promise.allSettled([reading, busy])
    }
    await busy
    expect(effects.complaints).toEqual([])
    const counts = { executions: told.started.size, effects: effects.done.size, events: told.events.length, resumed, syncs: grid.syncs() }
    console.log(`executions, power cuts: ${JSON.stringify({ seed, cuts, ...counts, seconds: Math.round((performance.now() - began) / 1_000) })}`)
  },
)
