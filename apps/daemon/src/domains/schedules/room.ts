import { Fault } from '@steward/contract'
import { holds, type Caller } from '@steward/kernel'
import { firesOf, type Plan } from '../../engine/schedule/plan.ts'
import { newId } from '../../platform/ids.ts'
import { decodePage, decodePlace, encodePage, wrongCursor } from '../../platform/page.ts'
import type { Schedule } from '@steward/contract/daemon'
import type { RoomHandlers } from '../../platform/context.ts'
import { toFire, type FireStore } from './fire-store.ts'
import { createFlow } from './flow.ts'
import { createLoop } from './loop.ts'
import type { SchedulePorts } from './ports.ts'
import { scopesOf } from './start.ts'
import { toSchedule, type ScheduleRecord, type ScheduleStore, type Settable } from './store.ts'
import { iso, isoOrNull, planOf, sound } from './when.ts'

/** A once-schedule whose time is no longer past than this fires at once. */
const hardlyPastMs = 60_000
/** Sorts after every id. */
const lastId = '~'
const placeOf = (cursor: string): string => {
  const { id } = decodePlace(cursor)
  if (typeof id === 'string') return id
  throw wrongCursor()
}
/** Schedules: what fires when, and what came of it. */
export function createSchedulesRoom(schedules: ScheduleStore, fires: FireStore, ports: SchedulePorts) {
  const { clock, redact } = ports
  const flow = createFlow(schedules, fires)
  const loop = createLoop(schedules, fires, flow, ports)
  const need = (id: string): ScheduleRecord => {
    const record = schedules.find(id)
    if (!record) throw new Fault('not_found', `There is no schedule ${id}.`)
    return record
  }
  const firstOf = (record: Pick<Schedule, 'schedule'>, plan: Plan): number => {
    const { schedule } = record
    const first = plan(clock.now() - (schedule.kind === 'once' ? hardlyPastMs : 0))
    if (first !== null) return first
    const words = schedule.kind === 'once' ? `schedule.at: ${schedule.at} is past` : 'schedule: It would never fire'
    throw new Fault('unprocessable', `${words}; give a time to come.`, { issues: [{ path: 'schedule', message: 'It never fires.' }] })
  }
  /** Refuses what its owner may not do, and what would keep a secret in clear. */
  const check = ({ target, budgetUsd }: Settable, caller: Caller): void => {
    for (const scope of scopesOf(target))
      if (!holds(caller.scopes, scope))
        throw new Fault(
          'forbidden',
          `A schedule acts as whoever makes it: a ${target.kind} needs the scope ${scope}, which this credential does not hold.`,
        )
    if (budgetUsd !== null && target.kind !== 'prompt')
      throw new Fault('unprocessable', `budgetUsd: Only a prompt costs money; a ${target.kind} has no budget.`)
    if (JSON.stringify(redact(target)) !== JSON.stringify(target))
      throw new Fault('unprocessable', 'target: It holds a secret, which would be kept in clear. Let an app use the secret by its name instead.')
  }
  const made = (settings: Settable, id: string, caller: Caller, createdAt: string, at: string): ScheduleRecord => {
    check(settings, caller)
    const owned = { owner: caller.id, ownerKind: caller.kind, scopes: caller.scopes }
    return { ...settings, id, status: 'active', ...owned, nextAt: null, createdAt, updatedAt: at }
  }
  /** Waits for calls that are being made with what the schedule says now, so that they find what they made after a crash. */
  const settled = async (id: string): Promise<void> => {
    for (const fire of fires.starting(id)) await loop.launch(fire.id)
  }
  const handlers = {
    async 'schedules.create'({ commit, caller }, settings) {
      const at = iso(clock.now())
      const record = made(settings, newId('sch'), caller, at, at)
      const whole = { ...record, nextAt: iso(sound(() => firstOf(record, planOf(record)))) }
      const schedule = commit((emit) => {
        schedules.insert(whole)
        emit('schedule.changed', { scheduleId: whole.id, change: 'created', schedule: toSchedule(whole) })
        return toSchedule(whole)
      })
      loop.wake()
      return schedule
    },
    async 'schedules.get'(_context, { id }) {
      return toSchedule(need(id))
    },
    async 'schedules.list'(_context, { status, limit, cursor }) {
      const found = schedules.list(status, cursor === undefined ? lastId : placeOf(cursor), limit)
      const items = found.slice(0, limit).map(toSchedule)
      const last = items.at(-1)
      return { items, nextCursor: found.length > limit && last ? encodePage({ id: last.id }) : null }
    },
    async 'schedules.update'({ commit, caller }, { id, ...patch }) {
      need(id)
      await settled(id)
      const before = need(id)
      const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as Partial<Settable>
      const { name, target, schedule, missed, overlap, retry, timeoutMs, budgetUsd, quietHours, jitterMs } = { ...before, ...given }
      const settings = { name, target, schedule, missed, overlap, retry, timeoutMs, budgetUsd, quietHours, jitterMs }
      const record = made(settings, id, caller, before.createdAt, iso(clock.now()))
      const moves = [given.schedule, given.quietHours, given.jitterMs].some((value) => value !== undefined)
      const plan = sound(() => planOf(record))
      const next = moves ? iso(firstOf(record, plan)) : before.nextAt
      const status = moves && before.status === 'ended' ? ('active' as const) : before.status
      const whole = { ...record, status, nextAt: status === 'active' ? next : null }
      const changed = commit((emit) => {
        schedules.update(whole)
        emit('schedule.changed', { scheduleId: id, change: 'updated', schedule: toSchedule(whole) })
        return toSchedule(whole)
      })
      loop.wake()
      return changed
    },
    async 'schedules.delete'({ commit }, { id }) {
      need(id)
      await settled(id)
      return commit((emit) => {
        schedules.remove(id)
        emit('schedule.changed', { scheduleId: id, change: 'deleted', schedule: null })
        return null
      })
    },
    async 'schedules.pause'({ commit }, { id }) {
      const before = need(id)
      if (before.status === 'ended') throw new Fault('conflict', `The schedule ${id} has ended; there is nothing to pause.`)
      return commit((emit) => {
        if (before.status === 'paused') return toSchedule(before)
        const schedule = { ...toSchedule(before), status: 'paused' as const, nextAt: null }
        schedules.move(id, 'paused', null)
        fires.drop(id, iso(clock.now()))
        emit('schedule.changed', { scheduleId: id, change: 'paused', schedule })
        return schedule
      })
    },
    async 'schedules.resume'({ commit }, { id }) {
      const before = need(id)
      if (before.status === 'ended') throw new Fault('conflict', `The schedule ${id} has ended; give it another time with schedules.update.`)
      const nextAt = before.status === 'active' ? before.nextAt : isoOrNull(sound(() => firstOf(before, planOf(before))))
      const resumed = commit((emit) => {
        if (before.status === 'active') return toSchedule(before)
        const schedule = { ...toSchedule(before), status: 'active' as const, nextAt }
        schedules.move(id, 'active', nextAt)
        emit('schedule.changed', { scheduleId: id, change: 'resumed', schedule })
        return schedule
      })
      loop.wake()
      return resumed
    },
    async 'schedules.runNow'({ commit, keep }, { id }) {
      const shown = (fireId: string) => {
        const fire = fires.find(fireId)
        if (!fire) throw new Fault('not_found', `The schedule ${id} was deleted meanwhile.`)
        return toFire(fire)
      }
      const schedule = need(id)
      const now = clock.now()
      const { active } = fires.counts(id)
      const { fire, isBegun } = commit((emit) => {
        const taken = flow.take(emit, schedule, 'manual', now, now)
        if (!taken || taken.fate === 'skip')
          throw new Fault('conflict', `The schedule ${id} is at work already (${active}), and its overlap policy lets no further fire begin.`)
        return { fire: shown(taken.id), isBegun: taken.fate === 'start' }
      })
      keep(fire)
      if (!isBegun) return fire
      await ports.log.durable()
      await loop.launch(fire.id)
      const begun = shown(fire.id)
      keep(begun)
      return begun
    },
    async 'schedules.preview'(_context, { id, schedule, quietHours, after, count }) {
      const plan = sound(() => {
        if (schedule) return planOf({ id: '', schedule, quietHours: quietHours ?? null, jitterMs: 0 })
        return planOf(need(id ?? ''))
      })
      return { fires: firesOf(plan, after === undefined ? clock.now() : Date.parse(after), count).map(iso) }
    },
    async 'schedules.runs'(_context, { id, limit, cursor }) {
      need(id)
      const found = fires.list(id, cursor === undefined ? Number.MAX_SAFE_INTEGER : decodePage(cursor, 'seq'), limit)
      const last = found.slice(0, limit).at(-1)
      return { items: found.slice(0, limit).map(toFire), nextCursor: found.length > limit && last ? encodePage({ seq: last.seq }) : null }
    },
  } satisfies RoomHandlers
  return { handlers, loop }
}
