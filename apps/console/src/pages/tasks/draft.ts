import { sentAmount } from '../../parts/amount.ts'
import type { InputOf } from '../../platform/daemon.ts'
import { cronOf, inUnits, plainCron, units, zoneHere, type Schedule, type StoredTask, type Unit } from './schedule-words.ts'

export type TaskInput = InputOf<'tasks.create'>
export type TriggerInput = NonNullable<TaskInput['triggers']>[number]
type Target = StoredTask['target']
export type Choice = 'none' | 'daily' | 'weekdays' | 'weekly' | 'every' | 'once' | 'cron'
/** What a person has written into the form of a task. Numbers stay text until they are sent, so that half a number can be written. */
export interface Draft {
  readonly name: string
  readonly kind: Target['kind']
  readonly text: string
  readonly agentId: string
  readonly workflowId: string
  readonly toolId: string
  readonly inputs: Readonly<Record<string, unknown>>
  readonly folder: string
  readonly choice: Choice
  readonly time: string
  readonly days: readonly number[]
  readonly number: string
  readonly unit: Unit
  /** Where an interval is counted from; it is kept as it was. */
  readonly anchor: string | undefined
  /** By the clock of this device, as `datetime-local` has it. */
  readonly at: string
  readonly expression: string
  readonly zone: string
  readonly triggers: readonly TriggerInput[]
  readonly missed: StoredTask['missed']
  readonly overlap: 'skip' | 'queue' | 'parallel'
  readonly parallel: string
  readonly retryMax: string
  readonly retrySeconds: string
  readonly timeoutMinutes: string
  readonly budgetUsd: string
  readonly jitterSeconds: string
  readonly quiet: boolean
  readonly quietFrom: string
  readonly quietTo: string
  readonly quietZone: string
}
const two = (value: number) => String(value).padStart(2, '0')
/** A moment as `datetime-local` wants it, by the clock of this device. */
function localTime(at: string | number): string {
  const time = new Date(at)
  const seconds = time.getSeconds() === 0 ? '' : `:${two(time.getSeconds())}`
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}T${two(time.getHours())}:${two(time.getMinutes())}${seconds}`
}
export function emptyDraft(now: number = Date.now(), zone = zoneHere()): Draft {
  return {
    name: '',
    kind: 'prompt',
    text: '',
    agentId: '',
    workflowId: '',
    toolId: '',
    inputs: {},
    folder: '',
    choice: 'daily',
    time: '07:00',
    days: [1],
    number: '15',
    unit: 'minute',
    anchor: undefined,
    at: localTime(Math.ceil(now / 3_600_000) * 3_600_000),
    expression: '0 7 * * *',
    zone,
    triggers: [],
    missed: 'one',
    overlap: 'skip',
    parallel: '2',
    retryMax: '0',
    retrySeconds: '30',
    timeoutMinutes: '',
    budgetUsd: '',
    jitterSeconds: '0',
    quiet: false,
    quietFrom: '22:00',
    quietTo: '06:00',
    quietZone: zone,
  }
}
function targetDraft(target: Target): Partial<Draft> {
  const folder = { folder: target.workspace?.path ?? '' }
  if (target.kind === 'prompt') return { kind: 'prompt', text: target.text, agentId: target.agentId ?? '', ...folder }
  if (target.kind === 'workflow') return { kind: 'workflow', workflowId: target.workflowId, inputs: target.inputs, ...folder }
  return { kind: 'tool', toolId: target.toolId, inputs: target.inputs, ...folder }
}
function scheduleDraft(schedule: Schedule | null): Partial<Draft> {
  if (schedule === null) return { choice: 'none' }
  if (schedule.kind === 'once') return { choice: 'once', at: localTime(schedule.at) }
  if (schedule.kind === 'interval') {
    const { number, unit } = inUnits(schedule.everyMs)
    return { choice: 'every', number: String(number), unit, anchor: schedule.anchor }
  }
  const { expression, zone } = schedule
  const plain = plainCron(expression)
  if (!plain) return { choice: 'cron', expression, zone }
  return { choice: plain.kind, time: plain.time, expression, zone, ...(plain.kind === 'weekly' ? { days: plain.days } : {}) }
}
/** A task as its form shows it. */
export function draftOf(task: StoredTask): Draft {
  const { overlap, quietHours, timeoutMs, budgetUsd } = task
  return {
    ...emptyDraft(),
    name: task.name,
    ...targetDraft(task.target),
    ...scheduleDraft(task.schedule),
    triggers: task.triggers,
    missed: task.missed,
    overlap: typeof overlap === 'string' ? overlap : 'parallel',
    ...(typeof overlap === 'string' ? {} : { parallel: String(overlap.parallel) }),
    retryMax: String(task.retry.max),
    retrySeconds: String(task.retry.backoffMs / 1_000),
    timeoutMinutes: timeoutMs === null ? '' : String(timeoutMs / 60_000),
    budgetUsd: budgetUsd === null ? '' : String(budgetUsd),
    jitterSeconds: String(task.jitterMs / 1_000),
    quiet: quietHours !== null,
    ...(quietHours === null ? {} : { quietFrom: quietHours.from, quietTo: quietHours.to, quietZone: quietHours.zone }),
  }
}
function targetOf({ kind, text, agentId, workflowId, toolId, inputs, folder }: Draft): TaskInput['target'] {
  const workspace = folder.trim() === '' ? {} : { workspace: { path: folder.trim() } }
  if (kind === 'prompt') return { kind, text, ...(agentId === '' ? {} : { agentId }), ...workspace }
  const values = inputs as Extract<Target, { kind: 'tool' }>['inputs']
  return kind === 'workflow' ? { kind, workflowId, inputs: values, ...workspace } : { kind, toolId, inputs: values, ...workspace }
}
/** When it fires by the clock; null: by no clock. What cannot be is left to the daemon to refuse, with its place. */
export function scheduleOf(draft: Draft): Schedule | null {
  const { choice, time, days, number, unit, anchor, at, expression, zone } = draft
  if (choice === 'none') return null
  if (choice === 'once') return { kind: 'once', at: Number.isNaN(Date.parse(at)) ? at : new Date(at).toISOString() }
  if (choice === 'every') return { kind: 'interval', everyMs: Math.round(Number(number) * units[unit]), ...(anchor === undefined ? {} : { anchor }) }
  if (choice === 'cron') return { kind: 'cron', expression: expression.trim(), zone }
  return { kind: 'cron', expression: cronOf(choice === 'weekly' ? { kind: choice, time, days } : { kind: choice, time }), zone }
}
export const quietOf = ({ quiet, quietFrom, quietTo, quietZone }: Draft) => (quiet ? { from: quietFrom, to: quietTo, zone: quietZone } : null)
/** What is sent to the daemon. */
export function inputOf(draft: Draft): Omit<TaskInput, 'start'> {
  const { overlap, parallel, retryMax, retrySeconds, timeoutMinutes, budgetUsd, jitterSeconds } = draft
  return {
    name: draft.name,
    target: targetOf(draft),
    schedule: scheduleOf(draft),
    triggers: [...draft.triggers],
    missed: draft.missed,
    overlap: overlap === 'parallel' ? { parallel: Number(parallel) } : overlap,
    retry: { max: Number(retryMax), backoffMs: Math.round(Number(retrySeconds) * 1_000) },
    timeoutMs: sentAmount(timeoutMinutes, 60_000),
    budgetUsd: sentAmount(budgetUsd),
    quietHours: quietOf(draft),
    jitterMs: Math.round(Number(jitterSeconds) * 1_000),
  }
}
/** What a person has changed of a task: the rest stays as it is, also what could not be set anew, such as a time that is past. */
export function changesOf(task: StoredTask, draft: Draft): Partial<Omit<TaskInput, 'start'>> {
  const before: Readonly<Record<string, unknown>> = { ...inputOf(draftOf(task)) }
  return Object.fromEntries(Object.entries(inputOf(draft)).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name])))
}
