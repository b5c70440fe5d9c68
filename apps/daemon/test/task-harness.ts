import { Fault, type Answer, type Contract, type Operation, type Sent } from '@steward/contract'
import { operations, type Fire, type Operations } from '@steward/contract/daemon'
import { createCall, type Caller, type CallOptions } from '@steward/kernel'
import { until } from '@steward/testkit'
import { z } from 'zod'
import { createFireStore } from '../src/domains/tasks/fire-store.ts'
import type { TaskPorts, Standing } from '../src/domains/tasks/ports.ts'
import { createAbout } from '../src/domains/tasks/about.ts'
import { createTasksRoom } from '../src/domains/tasks/room.ts'
import { createSessionTasks } from '../src/domains/tasks/session-tasks.ts'
import { createTaskStore } from '../src/domains/tasks/store.ts'
import { machineClock, type Clock } from '../src/platform/clock.ts'
import { createSecretBox } from '../src/platform/secrets/box.ts'
import { agentsMigrations } from '../src/migrations/agents.ts'
import { chatMigrations } from '../src/migrations/chat.ts'
import { settingsMigrations } from '../src/migrations/settings.ts'
import { createLedger } from '../src/platform/storage/ledger.ts'
import { openStore } from '../src/platform/storage/store.ts'
import { createHome, ownerCaller } from './room-harness.ts'

/** A clock that moves when it is told to, and the timers that were set on it. */
export function createFakeClock(start: string) {
  let now = Date.parse(start)
  const timers = new Set<{ time: number; ring: () => void }>()
  return {
    now: () => now,
    at(time: number, ring: () => void) {
      const timer = { time, ring }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    timers,
    set: (at: string | number) => void (now = typeof at === 'number' ? at : Date.parse(at)),
    /** Rings the earliest timer that is due by then, at its time. False when none is. */
    ring(by: number): boolean {
      const [first] = [...timers].toSorted((a, b) => a.time - b.time)
      if (!first || first.time > by) return false
      timers.delete(first)
      now = Math.max(now, first.time)
      first.ring()
      return true
    },
  }
}
export type FakeClock = ReturnType<typeof createFakeClock>
const outside = ['sessions.create', 'runs.start', 'runs.cancel', 'runs.steer', 'executions.start', 'executions.cancel'] as const
const verbs = [
  'create',
  'get',
  'list',
  'update',
  'delete',
  'pause',
  'resume',
  'runNow',
  'cancel',
  'steer',
  'progress',
  'preview',
  'runs',
  'rotateSecret',
]
const own = verbs.map((verb) => `tasks.${verb}` as Name)
type Name = Extract<keyof Operations, `tasks.${string}`>
export interface Made {
  readonly name: string
  readonly input: any
  readonly caller: Caller
}
export interface TaskHarnessOptions {
  readonly home?: string
  readonly clock?: FakeClock
  /** Whether the loop is begun; true unless said. */
  readonly begins?: boolean
  /** Stands between the room and the front door; a test hangs or breaks a call here. */
  readonly between?: (name: string, made: () => Promise<{ value: unknown }>) => Promise<{ value: unknown }>
}
/**
 * The tasks room over real databases, called and calling through the kernel with its idempotency keys. Sessions, runs and executions are stood
 * in for: what was asked of them is in `made`, how they stand is what a test says with `end`.
 */
export async function createTaskHarness({ home: given, clock, begins = true, between = (_name, made) => made() }: TaskHarnessOptions = {}) {
  const temporary = given === undefined ? createHome() : undefined
  const home = given ?? temporary?.home ?? ''
  const agents = await openStore(home, 'agents', agentsMigrations)
  const chat = await openStore(home, 'chat', chatMigrations)
  const settings = await openStore(home, 'settings', settingsMigrations)
  const made: Made[] = []
  const standings = new Map<string, Standing>()
  const listeners = new Set<(id: string) => void>()
  const reported: unknown[] = []
  const refusals = new Map<string, Fault>()
  const end = (id: string, status: string, error: Standing['error'] = null) => {
    standings.set(id, { status, error })
    for (const listener of listeners) listener(id)
  }
  let count = 0
  const handler = (name: (typeof outside)[number]) => async (context: any, input: any) => {
    made.push({ name, input, caller: context.caller })
    const refusal = refusals.get(name)
    if (refusal) throw refusal
    const n = `${Date.now().toString(36)}${count++}`
    const answer =
      { 'sessions.create': { id: `ses_${n}` }, 'runs.start': { runId: `run_${n}` }, 'executions.start': { id: `exe_${n}` } }[name as string] ?? {}
    for (const id of Object.values(answer)) standings.set(id, { status: 'running', error: null })
    const value = context.commit(() => answer)
    if (name.endsWith('.cancel')) end(input.id, 'cancelled')
    return value
  }
  const ports: TaskPorts = {
    log: agents.log,
    logs: { chat: chat.log, agents: agents.log, settings: settings.log },
    box: createSecretBox(Buffer.alloc(32, 7)),
    doing(runId, executionId) {
      const standing = standings.get(runId ?? executionId ?? '')
      return standing && { status: standing.status, steps: 1, tools: [], costUsd: 0 }
    },
    clock: (clock ?? machineClock) satisfies Clock,
    call: (caller, name, input, options) => between(name, () => call(caller, name, input, options)),
    run: (id) => standings.get(id),
    execution: (id) => standings.get(id),
    listen(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    redact: (value) => JSON.parse(JSON.stringify(value).replaceAll('hunter2', '[redacted]')),
    report: (error) => void reported.push(error),
  }
  const [tasks, fires] = [createTaskStore(agents.db), createFireStore(agents.db)]
  const sessions = createSessionTasks({
    sessions: { find: () => undefined, update: () => undefined, list: () => [] },
    runOf: () => undefined,
    activeRun: () => undefined,
    agents: { find: () => undefined },
    models: { check: () => undefined },
  })
  const about = createAbout(tasks, fires, { session: () => undefined })
  const room = createTasksRoom({ db: agents.db, reader: 'tasks', tasks, fires, about, sessions }, ports)
  const loose = (op: Operation): Operation => ({ ...op, output: z.any() })
  const contract = Object.fromEntries([
    ...own.map((name) => [name, operations[name]]),
    ...outside.map((name) => [name, loose(operations[name] as Operation)]),
  ])
  const handlers = { ...room.handlers, ...Object.fromEntries(outside.map((name) => [name, handler(name)])) }
  const ledger = createLedger({ agents, chat } as never, { refused: () => undefined, wasRead: () => undefined })
  const call = createCall(contract as Contract, handlers as never, ledger, (error) => void reported.push(error))
  if (begins) room.begin()

  const one = (sql: string, ...values: string[]) => agents.db.prepare(sql).get(...values) !== undefined
  const isIdle = (at: string) =>
    !one('SELECT 1 FROM schedules WHERE next_at <= ?', at) &&
    !one('SELECT 1 FROM schedule_fires WHERE retry_at <= ? OR deadline_at <= ?', at, at) &&
    !one(`SELECT 1 FROM schedule_fires WHERE status = 'starting'`) &&
    (!one('SELECT 1 FROM schedules WHERE next_at IS NOT NULL') || (clock?.timers.size ?? 1) > 0)
  const harness = {
    home,
    agents,
    room,
    made,
    standings,
    reported,
    /** What an outside operation refuses with, by its name. */
    refusals,
    /** Says how a run or an execution stands now. */
    end,
    async ask<N extends Name>(name: N, input: Sent<Operations[N]>, options: CallOptions & { caller?: Caller } = {}): Promise<Answer<Operations[N]>> {
      return (await call(options.caller ?? ownerCaller, name, input, options)).value as Answer<Operations[N]>
    },
    async refusal(name: Name, input: unknown, caller = ownerCaller): Promise<Fault> {
      const fault: unknown = await call(caller, name, input).catch((error: unknown) => error)
      if (fault instanceof Fault) return fault
      throw new Error(`${name} was expected to be refused.`)
    },
    /** Resolves when all that is due now has been done. */
    idle: () =>
      until(async () => isIdle(new Date(clock?.now() ?? Date.now()).toISOString()), { timeoutMs: 10_000, what: 'all that is due to be done' }),
    /** Moves the fake clock there, stopping at every timer. */
    async to(at: string) {
      await harness.idle()
      while (clock?.ring(Date.parse(at))) await harness.idle()
      clock?.set(at)
    },
    /** The fires of a task, oldest first. */
    async fires(id: string): Promise<Fire[]> {
      return (await harness.ask('tasks.runs', { id, limit: 200 })).items.toReversed()
    },
    /** The names and data of the events of tasks, in order. */
    async events(name = 'task.') {
      await agents.log.durable()
      const all = agents.log.read(0, 100_000).map((event) => ({ name: event.name as string, data: (JSON.parse(event.json) as { data: any }).data }))
      return all.filter((event) => event.name.startsWith(name))
    },
    /** Lets go of the databases as a crash would. */
    async crash() {
      clock?.timers.clear()
      await Promise.all([agents.close(), chat.close(), settings.close()])
    },
    async close() {
      await room.stop()
      await Promise.all([agents.close(), chat.close(), settings.close()])
      temporary?.dispose()
    },
  }
  return harness
}
export type TaskHarness = Awaited<ReturnType<typeof createTaskHarness>>
