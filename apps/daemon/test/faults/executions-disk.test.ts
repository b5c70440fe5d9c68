import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { ExecutionStep, HistoryItem } from '@steward/contract/daemon'
import { soak, tempDir, until, createRandom } from '@steward/testkit'
import { expect, test } from 'vitest'
import type { DaemonProcess } from './daemon-process.ts'
import { answerOf, createEffects, marksFile, marksOf, valueOf, writeApps, type Effects } from './effects.ts'
import { checkLog, createLogReader } from './execution-checks.ts'
import { createKnown, pages, resume, send, type Start } from './execution-clients.ts'
import { noMounts } from './own-mounts.ts'
import { checkInside, mountTmpfs, query, smallDisk, type SmallDisk } from './small-disk.ts'

const seed = createRandom().seed
const full = 'The disk is full; nothing was changed. Free some space and try again.'

/** A small disk with the two apps, and rules that let them run. */
async function work() {
  const apps = await tempDir('steward-apps-')
  const effects = await createEffects(createRandom(seed))
  const folder = path.join(apps.path, 'apps')
  mkdirSync(folder)
  writeApps(folder, effects.url)
  const at = await smallDisk([], mountTmpfs, { STEWARD_APPS_FOLDER: folder })
  writeFileSync(marksFile(at.workspace), '')
  const daemon = await at.start()
  for (const tool of ['effects.*', 'marks.*', 'shell.run']) await daemon.ask('POST', '/v1/permissions', { tool, action: 'allow', level: 'global' })
  const [, known] = [await daemon.ask('PUT', '/v1/settings/executions.steps', { value: 2 }), createKnown()]
  return {
    at,
    daemon,
    effects,
    known,
    begin(body: Partial<Start['body']>): Start {
      const start: Start = {
        key: `key-${known.starts.length}`,
        by: { id: 'owner', headers: {} },
        id: undefined,
        body: { inputs: {}, waitMs: 0, ...body },
      }
      known.starts.push(start)
      return start
    },
    async [Symbol.asyncDispose]() {
      effects.release()
      await at[Symbol.asyncDispose]()
      await effects[Symbol.asyncDispose]()
      await apps[Symbol.asyncDispose]()
    },
  }
}
/** A command that is done once there is a file `go`. */
const gate = (line: string, go = 'go') => `until [ -e ${go} ]; do sleep 0.02; done; echo ${line} >> marks.log`
/** A workflow that begins with such a command, and goes on with a request, a request that may not be repeated, and a line. */
const gated = (name: string) => ({
  name,
  permissions: ['*'],
  steps: [
    { id: 'gate', toolId: 'shell.run', inputs: { command: gate(`${name}/gate x`) } },
    { id: 'act', toolId: 'effects.act', dependsOn: ['gate'], inputs: { step: `${name}/act`, given: 'g' } },
    { id: 'once', toolId: 'effects.once', inputs: { step: `${name}/once`, given: '{{steps.act.outputs.value}}' } },
    { id: 'line', toolId: 'marks.append', inputs: { step: `${name}/line`, given: '{{steps.once.outputs.value}}' } },
  ],
})
const expected = (name: string) => {
  const act = answerOf(`${name}/act`, 'g')
  const once = answerOf(`${name}/once`, act.value)
  return { act, once, line: valueOf(`${name}/line`, once.value) }
}
async function checkDone(daemon: DaemonProcess, start: Start, name: string, effects: Effects, at: SmallDisk): Promise<void> {
  const { body } = await daemon.ask('GET', `/v1/executions/${start.id}`)
  expect(body).toMatchObject({ status: 'completed', errors: null, outputs: expected(name) })
  expect(effects.complaints).toEqual([])
  const marks = marksOf(at.workspace)
  for (const step of ['gate', 'line']) expect(marks.get(`${name}/${step}`), `${step} of ${name} has one line`).toHaveLength(1)
  expect([effects.done.has(`${name}/act`), effects.done.has(`${name}/once`)]).toEqual([true, true])
}
const failures = (daemon: DaemonProcess) =>
  daemon
    .log()
    .split('\n')
    .filter((line) => line.includes('"level":"error"') && line.includes('executionId')).length
const stepsOf = (daemon: DaemonProcess, id: string) => pages<ExecutionStep>(daemon, `/v1/executions/${id}/steps`)
/** Executions that are thought not to have begun, with steps that have: a restart would begin them anew. */
const misplaced = (at: SmallDisk) =>
  query(
    at,
    'agents.db',
    `SELECT e.id, e.status FROM executions e WHERE (e.status = 'queued' OR e.started_at IS NULL) AND EXISTS (SELECT 1 FROM execution_steps s WHERE s.execution_seq = e.seq)`,
  )
/** How far all executions have come. */
const standing = async (daemon: DaemonProcess) => JSON.stringify((await pages<HistoryItem>(daemon, '/v1/history')).map(({ status }) => status))
async function begun(daemon: DaemonProcess, workflow: object, start: (id: string) => Start): Promise<Start> {
  const { body } = await daemon.ask('POST', '/v1/workflows', workflow)
  const made = start(body.id)
  await send(daemon, made)
  return made
}

test(
  'on a full disk an execution whose tool has run waits with what it gave, goes on by itself when there is space, and does nothing twice',
  { timeout: 60_000, skip: noMounts !== null },
  async () => {
    await using it = await work()
    const { at, daemon, effects } = it
    const main = await begun(daemon, gated('full'), (workflowId) => it.begin({ workflowId }))
    await until(async () => (await stepsOf(daemon, main.id!))[0]?.status === 'started')
    // Others wait for the place of a call that ends first, so that they begin while there is hardly any space.
    const first = it.begin({ toolId: 'shell.run', inputs: { command: gate('first/gate x', 'go-first') } })
    await send(daemon, first)
    await until(async () => (await stepsOf(daemon, first.id!))[0]?.status === 'started')
    await daemon.ask('PUT', '/v1/settings/executions.atOnce', { value: 2 })
    const queued = Array.from({ length: 6 }, (_, nth) => it.begin({ toolId: 'effects.act', inputs: { step: `queued/${nth}`, given: 'g' } }))
    for (const start of queued) await send(daemon, start)
    at.fill()
    writeFileSync(path.join(at.workspace, 'go-first'), '')
    await until(() => failures(daemon) > 0, { what: 'the execution to meet the full disk' })
    const late = it.begin({ toolId: 'effects.act', inputs: { step: 'late/act', given: 'g' } })
    expect(await daemon.ask('POST', '/v1/execute', late.body, { 'idempotency-key': late.key })).toMatchObject({
      status: 503,
      body: { error: { code: 'unavailable', message: full } },
    })
    expect((await daemon.ask('GET', `/v1/executions/${main.id}`)).body).toMatchObject({ status: 'running' })
    expect(effects.done.size, 'what cannot be written down is not begun').toBe(0)
    // A little space now and then, enough for some lines and not for the next.
    const random = createRandom(seed)
    for (let left = soak(3, 16); left > 0; left--) {
      const before = await standing(daemon)
      at.free(random.int(4, 20) * 4096)
      const soon = AbortSignal.timeout(1_100)
      await until(async () => soon.aborted || (await standing(daemon)) !== before)
      await delay(random.int(0, 60))
      at.fill()
      expect(misplaced(at), `what has steps has begun (seed ${seed})`).toEqual([])
    }
    writeFileSync(path.join(at.workspace, 'go'), '')
    await until(() => marksOf(at.workspace).has('full/gate'))
    at.free()
    const isOver = async () => (await pages<HistoryItem>(daemon, '/v1/history')).every(({ status }) => status === 'completed')
    await until(isOver, { timeoutMs: 15_000, what: 'the executions to go on by themselves' })
    for (const start of it.known.starts) await send(daemon, start)
    await until(isOver, { timeoutMs: 5_000 })
    await daemon.kill()
    const next = await at.start()
    await checkDone(next, main, 'full', effects, at)
    for (const start of queued) expect((await next.ask('GET', `/v1/executions/${start.id}/outcome`)).body).toMatchObject({ status: 'completed' })
    expect(misplaced(at), 'what has steps has begun').toEqual([])
    const history = await pages<HistoryItem>(next, '/v1/history')
    expect(history, 'what was refused and sent again was carried out once').toHaveLength(it.known.starts.length)
    checkLog(await createLogReader().readOn(next), history)
    expect((await next.ask('GET', '/v1/audit/verification')).body).toMatchObject({ intact: true })
    checkInside(at)
    await next.stop()
  },
)

test(
  'a daemon that is killed while the disk is full knows afterwards what was under way: nothing that may not be repeated is done again',
  { timeout: 60_000, skip: noMounts !== null },
  async () => {
    await using it = await work()
    const { at, daemon, effects } = it
    const main = await begun(daemon, gated('killed'), (workflowId) => it.begin({ workflowId }))
    await until(async () => (await stepsOf(daemon, main.id!))[0]?.status === 'started')
    effects.hold()
    const once = it.begin({ toolId: 'effects.once', inputs: { step: 'alone/once', given: 'g' } })
    await send(daemon, once)
    await until(async () => (await stepsOf(daemon, once.id!))[0]?.status === 'started')
    at.fill()
    effects.release()
    writeFileSync(path.join(at.workspace, 'go'), '')
    await until(() => failures(daemon) > 1 && effects.done.has('alone/once'), { what: 'both to meet the full disk' })
    await daemon.kill()
    at.free()
    const next = await at.start()
    for (const { id } of [main, once])
      await until(async () => (await next.ask('GET', `/v1/executions/${id}`)).body.status === 'interrupted', { what: `${id} to rest` })
    expect([marksOf(at.workspace).get('killed/gate')?.length, effects.complaints]).toEqual([1, []])
    expect(await resume(next, once.id!, effects, at.workspace)).toEqual({ done: 1, again: 0 })
    const said = { outcome: 'done', outputs: { exitCode: 0 } }
    expect((await next.ask('POST', `/v1/executions/${main.id}/resume`, said)).status).toBe(200)
    for (const { id } of [main, once]) expect((await next.ask('GET', `/v1/executions/${id}/outcome`)).body).toMatchObject({ status: 'completed' })
    await checkDone(next, main, 'killed', effects, at)
    checkInside(at)
    await next.stop()
  },
)
