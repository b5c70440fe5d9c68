import { Fault } from '@steward/contract'
import { holds, type Caller } from '@steward/kernel'
import type { Plan } from '../../engine/schedule/plan.ts'
import { newId } from '../../platform/ids.ts'
import type { RoomHandlers } from '../../platform/context.ts'
import type { Commit, Emit } from '../../platform/storage/event-log.ts'
import type { FireStore } from './fire-store.ts'
import type { Flow } from './flow.ts'
import type { Loop } from './loop.ts'
import type { TaskPorts } from './ports.ts'
import { scopesOf } from './start.ts'
import { settableOf, toTask, webhookOf, type Settable, type TaskRecord, type TaskStore } from './store.ts'
import type { Triggers } from './triggers.ts'
import type { Webhooks } from './webhooks.ts'
import { iso, isoOrNull, planOf, sound } from './when.ts'

/** A once-task whose time is no longer past than this fires at once. */
const hardlyPastMs = 60_000
export interface ChangeParts {
  readonly tasks: TaskStore
  readonly fires: FireStore
  readonly flow: Flow
  readonly loop: Loop
  readonly triggers: Triggers
  readonly webhooks: Webhooks
  /** Throws Fault `not_found`, or `unprocessable` for the view of a session. */
  need(id: string): TaskRecord
}
/** Making, changing, pausing and deleting of stored tasks. */
export function createChanges({ tasks, fires, flow, loop, triggers, webhooks, need }: ChangeParts, { clock, log, redact }: TaskPorts) {
  const firstOf = ({ schedule }: Pick<TaskRecord, 'schedule'>, plan: Plan | null): number | null => {
    if (schedule === null || plan === null) return null
    const first = plan(clock.now() - (schedule.kind === 'once' ? hardlyPastMs : 0))
    if (first !== null) return first
    const words = schedule.kind === 'once' ? `schedule.at: ${schedule.at} is past` : 'schedule: It would never fire'
    throw new Fault('unprocessable', `${words}; give a time to come.`, { issues: [{ path: 'schedule', message: 'It never fires.' }] })
  }
  /** Refuses what its owner may not do, and what would keep a secret in clear. */
  const check = (settings: Settable, caller: Caller): void => {
    const { target, budgetUsd, triggers: by } = settings
    for (const scope of scopesOf(settings))
      if (!holds(caller.scopes, scope))
        throw new Fault(
          'forbidden',
          `A task acts as whoever makes it: for ${scope === 'events:read' ? 'its triggers' : `a ${target.kind}`} it needs the scope ${scope}, which this credential does not hold.`,
        )
    if (budgetUsd !== null && target.kind !== 'prompt')
      throw new Fault('unprocessable', `budgetUsd: Only a prompt costs money; a ${target.kind} has no budget.`)
    if (JSON.stringify(redact(target)) !== JSON.stringify(target))
      throw new Fault('unprocessable', 'target: It holds a secret, which would be kept in clear. Let an app use the secret by its name instead.')
    triggers.check(by)
  }
  const owned = (caller: Caller) => ({ owner: caller.id, ownerKind: caller.kind, scopes: caller.scopes })
  /** With the address of its webhook, which stays while it has one. */
  const webhooked = (settings: Settable, before: TaskRecord | undefined) => {
    const has = settings.triggers.some(({ kind }) => kind === 'webhook')
    const webhookId = has ? (before?.webhookId ?? webhooks.newId()) : null
    return { webhookId, webhook: webhookOf(webhookId), webhookSecret: has ? (before?.webhookSecret ?? null) : null }
  }
  const hears = ({ triggers: by }: Settable) => by.some(({ kind }) => kind === 'event')
  const tell = (emit: Emit, record: TaskRecord, change: 'created' | 'updated' | 'paused' | 'resumed') => {
    const task = toTask(record)
    emit('task.changed', { taskId: record.id, change, task })
    return task
  }
  /** Waits for calls that are being made with what the task says now, so that they find what they made after a crash. */
  const settled = async (id: string): Promise<void> => {
    for (const fire of fires.starting(id)) await loop.launch(fire.id)
  }
  return {
    async 'tasks.create'({ commit, caller }, { start, ...settings }) {
      const now = clock.now()
      check(settings, caller)
      const id = newId('task')
      const at = iso(now)
      const bare = { ...settings, ...webhooked(settings, undefined), ...owned(caller), id, kind: 'stored' as const, since: null }
      const made: TaskRecord = { ...bare, status: 'active', nextAt: null, createdAt: at, updatedAt: at }
      const nextAt = isoOrNull(sound(() => firstOf(made, planOf(made))))
      const begun: string[] = []
      const task = commit((emit) => {
        const record = { ...made, nextAt, since: hears(settings) ? triggers.arm() : null }
        tasks.insert(record)
        const shown = tell(emit, record, 'created')
        const taken = start ? flow.take(emit, record, 'manual', now, now) : undefined
        if (taken) begun.push(taken.id)
        return shown
      })
      triggers.refresh()
      if (begun.length > 0) await log.durable()
      for (const fireId of begun) loop.enqueue(fireId)
      loop.wake()
      return task
    },
    /** `tasks.update` of a stored task. */
    async update({ commit, caller }: { commit: Commit; caller: Caller }, id: string, given: Partial<Settable>) {
      need(id)
      await settled(id)
      const before = need(id)
      const settings = { ...settableOf(before), ...given }
      check(settings, caller)
      const record = { ...before, ...settings, ...webhooked(settings, before), ...owned(caller), updatedAt: iso(clock.now()) }
      const moves = [given.schedule, given.quietHours, given.jitterMs].some((value) => value !== undefined)
      const plan = sound(() => planOf(record))
      const next = moves ? isoOrNull(firstOf(record, plan)) : before.nextAt
      const wakes = before.status === 'ended' && (moves || settings.triggers.length > 0)
      const status = wakes ? ('active' as const) : before.status
      const task = commit((emit) => {
        const since = hears(settings) ? (given.triggers === undefined ? (before.since ?? triggers.arm()) : triggers.arm()) : null
        const whole = { ...record, since, status, nextAt: status === 'active' ? next : null }
        tasks.update(whole)
        return tell(emit, whole, 'updated')
      })
      triggers.refresh()
      loop.wake()
      return task
    },
    async 'tasks.delete'({ commit }, { id }) {
      need(id)
      await settled(id)
      commit((emit) => {
        tasks.remove(id)
        emit('task.changed', { taskId: id, change: 'deleted', task: null })
        return null
      })
      triggers.refresh()
      return null
    },
    async 'tasks.pause'({ commit }, { id }) {
      const before = need(id)
      if (before.status === 'ended') throw new Fault('conflict', `The task ${id} has ended; there is nothing to pause.`)
      const task = commit((emit) => {
        if (before.status === 'paused') return toTask(before)
        tasks.move(id, 'paused', null)
        fires.drop(id, iso(clock.now()))
        return tell(emit, { ...before, status: 'paused', nextAt: null }, 'paused')
      })
      triggers.refresh()
      return task
    },
    async 'tasks.resume'({ commit }, { id }) {
      const before = need(id)
      if (before.status === 'ended') throw new Fault('conflict', `The task ${id} has ended; give it another time with tasks.update.`)
      const nextAt = before.status === 'active' ? before.nextAt : isoOrNull(sound(() => firstOf(before, planOf(before))))
      const task = commit((emit) => {
        if (before.status === 'active') return toTask(before)
        tasks.move(id, 'active', nextAt)
        if (before.since !== null) tasks.arm(id, triggers.arm())
        return tell(emit, { ...before, status: 'active', nextAt }, 'resumed')
      })
      triggers.refresh()
      loop.wake()
      return task
    },
    async 'tasks.rotateSecret'({ commit }, { id }) {
      const { webhookId } = need(id)
      const webhook = webhookOf(webhookId)
      if (webhookId === null || webhook === null)
        throw new Fault('unprocessable', `No webhook sets the task ${id} off; give it a trigger of the kind webhook first.`)
      const { shown, sealed } = webhooks.newSecret(webhookId)
      return commit(() => {
        tasks.keepSecret(id, sealed)
        return { ...webhook, secret: shown }
      })
    },
  } satisfies RoomHandlers & { update: unknown }
}
