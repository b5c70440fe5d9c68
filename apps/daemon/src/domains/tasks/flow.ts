import { due } from '../../engine/schedule/due.ts'
import { admit, retryDelay } from '../../engine/schedule/policies.ts'
import { ScheduleFault } from '../../engine/schedule/types.ts'
import { newId } from '../../platform/ids.ts'
import type { Fire } from '@steward/contract/daemon'
import type { Emit } from '../../platform/storage/event-log.ts'
import { type FireError, type FireRecord, type FireStore, type Started } from './fire-store.ts'
import type { Standing } from './ports.ts'
import { toTask, type TaskRecord, type TaskStore } from './store.ts'
import { iso, isoOrNull, planOf } from './when.ts'

/** Why a try came to nothing. What a person or a rule has refused, or what cannot fit, is not tried again. */
export interface Failure {
  readonly error: FireError
  readonly isFinal: boolean
}
const overs: Readonly<Record<string, 'completed' | 'failed' | 'cancelled'>> = {
  completed: 'completed',
  failed: 'failed',
  denied: 'failed',
  cancelled: 'cancelled',
}
export const timedOut = 'timeout'
/** So many tasks may set each other off, one after another. */
const longestChain = 8
/** What set a fire off, beside its cause. */
export interface Spark {
  readonly key: string | null
  readonly input: Fire['input']
  readonly chain: readonly string[]
}
const clockwork: Spark = { key: null, input: null, chain: [] }
const triedOf = ({ id, taskId, attempt, sessionId, runId, executionId }: FireRecord) => ({
  taskId,
  fireId: id,
  attempt,
  sessionId,
  runId,
  executionId,
})

/** What is written of tasks and their fires. Every function is a part of a commit; the ids it answers are fires whose deed is to be done once that is durable. */
export function createFlow(tasks: TaskStore, fires: FireStore) {
  const begin = (emit: Emit, task: TaskRecord, id: string, now: number): string => {
    fires.begin(id, iso(now))
    const fire = fires.find(id)
    if (fire)
      emit('task.started', {
        taskId: task.id,
        fireId: id,
        at: fire.at,
        cause: fire.cause,
        attempt: fire.attempt,
        owner: task.owner,
      })
    return id
  }
  /** Writes a fire down as what becomes of it while others may be at work. undefined: it has been written before, by its key or by a clock that has gone back since. */
  const take = (emit: Emit, task: TaskRecord, cause: Fire['cause'], at: number, now: number, spark: Spark = clockwork) => {
    const { active, queued } = fires.counts(task.id)
    const isTooFar = spark.chain.length >= longestChain
    const fate = isTooFar ? 'skip' : admit(task.overlap, active, queued)
    const id = newId('fire')
    const status = fate === 'skip' ? ('skipped' as const) : ('queued' as const)
    const row = { id, taskId: task.id, at: iso(at), until: null, count: 1, cause, status, finishedAt: fate === 'skip' ? iso(now) : null, ...spark }
    if (!fires.insert(row)) return undefined
    if (fate === 'start') begin(emit, task, id, now)
    if (fate === 'skip')
      emit('task.missed', { taskId: task.id, fireId: id, reason: isTooFar ? 'chain' : 'overlap', count: 1, from: row.at, until: row.at })
    return { id, fate }
  }
  /** Lets fires that wait for their turn begin, as many as may. */
  const pump = (emit: Emit, task: TaskRecord, now: number): string[] => {
    const begun: string[] = []
    for (;;) {
      const next = fires.oldestQueued(task.id)
      if (!next || admit(task.overlap, fires.counts(task.id).active, 0) !== 'start') return begun
      begun.push(begin(emit, task, next.id, now))
    }
  }
  const changed = (emit: Emit, id: string, change: 'ended' | 'paused') => {
    const record = tasks.find(id)
    if (record) emit('task.changed', { taskId: id, change, task: toTask(record) })
  }
  const dueOf = (task: TaskRecord, now: number) => {
    try {
      const plan = planOf(task)
      if (plan === null) return { fires: [], missed: null, next: null }
      return due({ plan: plan, missed: task.missed, nextAt: Date.parse(task.nextAt ?? '') }, now)
    } catch (error) {
      // A zone that this machine no longer knows.
      if (error instanceof ScheduleFault) return undefined
      throw error
    }
  }
  return {
    begin,
    take,
    pump,
    /** What a task whose time has come does now, and when it comes again. */
    fall(emit: Emit, task: TaskRecord, now: number): string[] {
      const found = dueOf(task, now)
      if (!found) {
        tasks.move(task.id, 'paused', null)
        changed(emit, task.id, 'paused')
        return []
      }
      const { missed } = found
      if (missed) {
        const [from, until] = [iso(missed.from), iso(missed.to)]
        const row = { id: newId('fire'), taskId: task.id, at: from, until, count: missed.count, cause: 'time' as const, ...clockwork }
        if (fires.insert({ ...row, status: 'missed', finishedAt: iso(now) }))
          emit('task.missed', { taskId: task.id, fireId: row.id, reason: 'down', count: row.count, from, until })
      }
      const begun = found.fires.flatMap((at) => {
        const taken = take(emit, task, 'time', at, now)
        return taken?.fate === 'start' ? [taken.id] : []
      })
      const isOver = found.next === null && task.triggers.length === 0
      tasks.move(task.id, isOver ? 'ended' : 'active', isoOrNull(found.next))
      if (isOver) changed(emit, task.id, 'ended')
      return begun
    },
    /** Notes what a try has started. False when the fire is no longer there. */
    note(task: TaskRecord, fire: FireRecord, made: Started, now: number): boolean {
      return fires.note(fire, made, task.timeoutMs === null ? null : iso(now + task.timeoutMs))
    },
    /** What it started rests, or goes on again. */
    rest(emit: Emit, fire: FireRecord, status: 'running' | 'interrupted'): void {
      fires.rest(fire.id, status)
      if (status === 'interrupted') emit('task.interrupted', triedOf(fire))
    },
    /** Gives up a fire that waits for its turn or for its next try. */
    giveUp(emit: Emit, fire: FireRecord, now: number): void {
      fires.end(fire.id, 'cancelled', fire.error, null, iso(now))
      emit('task.failed', { ...triedOf(fire), status: 'cancelled', error: fire.error })
    },
    /** A try is over: it is done, or tried again later. Answers what may begin in its place. */
    end(emit: Emit, fire: FireRecord, how: { status: 'completed' | 'cancelled' } | Failure, now: number): string[] {
      const task = tasks.find(fire.taskId)
      if (!task) return []
      const failure = 'error' in how ? how : null
      const status = 'error' in how ? ('failed' as const) : how.status
      const delay = failure === null || failure.isFinal || task.status === 'paused' ? null : retryDelay(task.retry, fire.attempt)
      const retryAt = delay === null ? null : iso(now + delay)
      const error = failure?.error ?? null
      fires.end(fire.id, retryAt === null ? status : 'retrying', error, retryAt, retryAt === null ? iso(now) : null)
      const tried = triedOf(fire)
      if (retryAt !== null) emit('task.retrying', { ...tried, error, retryAt })
      else if (status === 'completed') emit('task.completed', { ...tried, status })
      else emit('task.failed', { ...tried, status, error })
      return retryAt === null ? pump(emit, task, now) : []
    },
  }
}
export type Flow = ReturnType<typeof createFlow>

/** How a try has ended by how its run or execution stands; undefined while it has not. One that rests `interrupted` waits for a person. */
export function endingOf(fire: FireRecord, standing: Standing | undefined): { status: 'completed' | 'cancelled' } | Failure | undefined {
  if (!standing) return { error: { code: 'not_found', message: 'What was started is no longer there.' }, isFinal: true }
  const over = overs[standing.status]
  if (over === undefined) return undefined
  if (over === 'completed') return { status: over }
  if (fire.error?.code === timedOut) return { error: fire.error, isFinal: false }
  if (over === 'cancelled') return { status: over }
  const error = standing.error ?? { code: standing.status, message: 'It failed.' }
  return { error, isFinal: standing.status === 'denied' }
}
