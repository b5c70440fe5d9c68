import { due } from '../../engine/schedule/due.ts'
import { admit, retryDelay } from '../../engine/schedule/policies.ts'
import { ScheduleFault } from '../../engine/schedule/types.ts'
import { newId } from '../../platform/ids.ts'
import type { Fire } from '@steward/contract/daemon'
import type { Emit } from '../../platform/storage/event-log.ts'
import { toFire, type FireError, type FireRecord, type FireStore, type Started } from './fire-store.ts'
import type { Standing } from './ports.ts'
import { toSchedule, type ScheduleRecord, type ScheduleStore } from './store.ts'
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

/** What is written of schedules and their fires. Every function is a part of a commit; the ids it answers are fires whose deed is to be done once that is durable. */
export function createFlow(schedules: ScheduleStore, fires: FireStore) {
  const begin = (emit: Emit, schedule: ScheduleRecord, id: string, now: number): string => {
    fires.begin(id, iso(now))
    const fire = fires.find(id)
    if (fire)
      emit('schedule.fired', {
        scheduleId: schedule.id,
        fireId: id,
        at: fire.at,
        cause: fire.cause,
        attempt: fire.attempt,
        owner: schedule.owner,
      })
    return id
  }
  /** Writes a fire down as what becomes of it while others may be at work. undefined: it has been written before, by a clock that has gone back since. */
  const take = (emit: Emit, schedule: ScheduleRecord, cause: Fire['cause'], at: number, now: number) => {
    const { active, queued } = fires.counts(schedule.id)
    const fate = admit(schedule.overlap, active, queued)
    const id = newId('fire')
    const status = fate === 'skip' ? ('skipped' as const) : ('queued' as const)
    const row = { id, scheduleId: schedule.id, at: iso(at), until: null, count: 1, cause, status, finishedAt: fate === 'skip' ? iso(now) : null }
    if (!fires.insert(row)) return undefined
    if (fate === 'start') begin(emit, schedule, id, now)
    if (fate === 'skip') emit('schedule.missed', { scheduleId: schedule.id, fireId: id, reason: 'overlap', count: 1, from: row.at, until: row.at })
    return { id, fate }
  }
  /** Lets fires that wait for their turn begin, as many as may. */
  const pump = (emit: Emit, schedule: ScheduleRecord, now: number): string[] => {
    const begun: string[] = []
    for (;;) {
      const next = fires.oldestQueued(schedule.id)
      if (!next || admit(schedule.overlap, fires.counts(schedule.id).active, 0) !== 'start') return begun
      begun.push(begin(emit, schedule, next.id, now))
    }
  }
  const changed = (emit: Emit, id: string, change: 'ended' | 'paused') => {
    const record = schedules.find(id)
    if (record) emit('schedule.changed', { scheduleId: id, change, schedule: toSchedule(record) })
  }
  const dueOf = (schedule: ScheduleRecord, now: number) => {
    try {
      return due({ plan: planOf(schedule), missed: schedule.missed, nextAt: Date.parse(schedule.nextAt ?? '') }, now)
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
    /** What a schedule whose time has come does now, and when it comes again. */
    fall(emit: Emit, schedule: ScheduleRecord, now: number): string[] {
      const found = dueOf(schedule, now)
      if (!found) {
        schedules.move(schedule.id, 'paused', null)
        changed(emit, schedule.id, 'paused')
        return []
      }
      const { missed } = found
      if (missed) {
        const [from, until] = [iso(missed.from), iso(missed.to)]
        const row = { id: newId('fire'), scheduleId: schedule.id, at: from, until, count: missed.count, cause: 'time' as const }
        if (fires.insert({ ...row, status: 'missed', finishedAt: iso(now) }))
          emit('schedule.missed', { scheduleId: schedule.id, fireId: row.id, reason: 'down', count: row.count, from, until })
      }
      const begun = found.fires.flatMap((at) => {
        const taken = take(emit, schedule, 'time', at, now)
        return taken?.fate === 'start' ? [taken.id] : []
      })
      schedules.move(schedule.id, found.next === null ? 'ended' : 'active', isoOrNull(found.next))
      if (found.next === null) changed(emit, schedule.id, 'ended')
      return begun
    },
    /** Notes what a try has started. False when the fire is no longer there. */
    note(schedule: ScheduleRecord, fire: FireRecord, made: Started, now: number): boolean {
      return fires.note(fire.id, made, schedule.timeoutMs === null ? null : iso(now + schedule.timeoutMs))
    },
    /** A try is over: it is done, or tried again later. Answers what may begin in its place. */
    end(emit: Emit, fire: FireRecord, how: { status: 'completed' | 'cancelled' } | Failure, now: number): string[] {
      const schedule = schedules.find(fire.scheduleId)
      if (!schedule) return []
      const failure = 'error' in how ? how : null
      const status = 'error' in how ? ('failed' as const) : how.status
      const delay = failure === null || failure.isFinal || schedule.status === 'paused' ? null : retryDelay(schedule.retry, fire.attempt)
      const retryAt = delay === null ? null : iso(now + delay)
      const error = failure?.error ?? null
      fires.end(fire.id, retryAt === null ? status : 'retrying', error, retryAt, retryAt === null ? iso(now) : null)
      const { sessionId, runId, executionId } = toFire(fire)
      emit('schedule.finished', {
        scheduleId: schedule.id,
        fireId: fire.id,
        status,
        attempt: fire.attempt,
        sessionId,
        runId,
        executionId,
        error,
        retryAt,
      })
      return retryAt === null ? pump(emit, schedule, now) : []
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
