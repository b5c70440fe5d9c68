import { Fault } from '@steward/contract'
import { isSessionId, type Fire } from '@steward/contract/daemon'
import { can, type Caller } from '@steward/kernel'
import type { RoomHandlers } from '../../platform/context.ts'
import { toFire, type FireRecord, type FireStore } from './fire-store.ts'
import type { Flow, Spark } from './flow.ts'
import type { Loop } from './loop.ts'
import type { TaskPorts } from './ports.ts'
import type { SessionTasks } from './session-tasks.ts'
import type { TaskRecord } from './store.ts'
import { iso } from './when.ts'

/** So many fires of one task are looked at. */
const most = 1_000
export interface SteeringParts {
  readonly fires: FireStore
  readonly flow: Flow
  readonly loop: Loop
  readonly sessions: SessionTasks
  /** Throws Fault `not_found`, or `unprocessable` for the view of a session. */
  need(id: string): TaskRecord
}
/** Firing by hand, and what is done to fires that are under way. */
export function createSteering({ fires, flow, loop, sessions, need }: SteeringParts, { clock, log, doing }: TaskPorts) {
  const openOf = (id: string, fireId: string | undefined): FireRecord[] => {
    need(id)
    const known = fireId === undefined ? undefined : fires.find(fireId)
    if (fireId !== undefined && known?.taskId !== id) throw new Fault('not_found', `There is no fire ${fireId} of this task.`)
    return fires.openOf(id, most).filter((fire) => fireId === undefined || fire.id === fireId)
  }
  const isAtWork = (id: string) =>
    new Fault('conflict', `The task ${id} is at work already (${fires.counts(id).active}), and its overlap policy lets no further fire begin.`)
  /** What a fire has started, once that is noted. */
  const noted = async (fire: FireRecord): Promise<FireRecord | undefined> => {
    if (fire.status !== 'starting') return fire
    await loop.launch(fire.id)
    return fires.find(fire.id)
  }
  const handlers = {
    async 'tasks.runNow'({ commit, keep }, { id, input }) {
      const shown = (fireId: string): Fire => {
        const fire = fires.find(fireId)
        if (!fire) throw new Fault('not_found', `The task ${id} was deleted meanwhile.`)
        return toFire(fire)
      }
      const task = need(id)
      const now = clock.now()
      const { fire, isBegun } = commit((emit) => {
        const taken = flow.take(emit, task, 'manual', now, now, { key: null, input: input ?? null, chain: [] })
        if (!taken || taken.fate === 'skip') throw isAtWork(id)
        return { fire: shown(taken.id), isBegun: taken.fate === 'start' }
      })
      keep(fire)
      if (!isBegun) return fire
      await log.durable()
      await loop.launch(fire.id)
      const begun = shown(fire.id)
      keep(begun)
      return begun
    },
    async 'tasks.cancel'({ call, commit }, { id, fireId }) {
      if (isSessionId(id)) {
        await call('runs.cancel', { id: sessions.running(id) })
        return commit(() => ({ cancelled: 1 }))
      }
      const open = openOf(id, fireId)
      const waiting = open.filter(({ status }) => status === 'queued' || status === 'retrying')
      // What waits first, so that nothing begins in the place of what is ended.
      const begun = log.commit((emit) => {
        for (const fire of waiting) flow.giveUp(emit, fire, clock.now())
        return waiting.length === 0 ? [] : flow.pump(emit, need(id), clock.now())
      })
      await log.durable()
      for (const next of begun) loop.enqueue(next)
      let cancelled = waiting.length
      for (const fire of open) {
        const { runId, executionId } = (waiting.includes(fire) ? undefined : await noted(fire)) ?? { runId: null, executionId: null }
        if (runId !== null) await call('runs.cancel', { id: runId })
        else if (executionId !== null) await call('executions.cancel', { id: executionId })
        else continue
        cancelled++
      }
      return commit(() => ({ cancelled }))
    },
    async 'tasks.steer'({ call, commit }, { id, text, fireId }) {
      const open = isSessionId(id) ? [] : openOf(id, fireId).filter(({ status }) => status === 'running' || status === 'starting')
      const steered = async (runId: string) => {
        await call('runs.steer', { id: runId, text })
        return commit(() => ({ runId }))
      }
      if (isSessionId(id)) return steered(sessions.running(id))
      const [first, ...others] = open
      if (!first) throw new Fault('conflict', `Nothing of the task ${id} is running.`)
      if (others.length > 0)
        throw new Fault('conflict', `Several fires of the task ${id} are running; say which one with fireId.`, { fires: open.map((fire) => fire.id) })
      const runId = (await noted(first))?.runId ?? null
      if (runId === null) throw new Fault('unprocessable', 'It carries out a tool or a workflow, which reads no messages.')
      return steered(runId)
    },
    async 'tasks.progress'(_context, { id }) {
      const items = openOf(id, undefined).map((fire) => {
        const now = doing(fire.runId, fire.executionId)
        return { ...toFire(fire), doing: now?.status ?? null, steps: now?.steps ?? 0, tools: [...(now?.tools ?? [])], costUsd: now?.costUsd ?? 0 }
      })
      return { fires: items }
    },
  } satisfies RoomHandlers
  return {
    ...handlers,
    /** Fires a task in somebody's name, once for each key. Answers the fire, also when there was one before. Throws Fault when it cannot be. */
    async fireFor(caller: Caller, id: string, spark: Spark & { readonly key: string }): Promise<Fire> {
      if (!can(caller, 'tasks:write')) throw new Fault('forbidden', 'Starting a task needs the scope tasks:write.')
      const task = need(id)
      if (spark.chain.includes(id)) throw new Fault('unprocessable', `The task ${id} would set itself off again.`)
      if (task.status === 'paused') throw new Fault('unprocessable', `The task ${id} is paused.`)
      const now = clock.now()
      const taken = fires.ofKey(id, spark.key) ? undefined : log.commit((emit) => flow.take(emit, task, 'hook', now, now, spark))
      await log.durable()
      if (taken?.fate === 'start') loop.enqueue(taken.id)
      const fire = fires.ofKey(id, spark.key)
      if (!fire) throw new Fault('not_found', `The task ${id} was deleted at ${iso(now)}.`)
      return toFire(fire)
    },
  }
}
