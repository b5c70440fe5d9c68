import { createAbout } from './domains/tasks/about.ts'
import { createFireStore } from './domains/tasks/fire-store.ts'
import type { Doing, Standing } from './domains/tasks/ports.ts'
import { createSessionTasks } from './domains/tasks/session-tasks.ts'
import { createTaskStore } from './domains/tasks/store.ts'
import type { WebhookRequest } from './domains/tasks/webhooks.ts'
import type { ExecutionStore } from './domains/executions/store.ts'
import type { StepStore } from './domains/executions/step-store.ts'
import type { WorkParts } from './app-parts.ts'
import type { Happening } from './engine/types.ts'
import { lazyRoom } from './lazy-room.ts'
import { machineClock } from './platform/clock.ts'
import { forgetWatch } from './platform/log-watch.ts'

/** Whose place in the logs the tasks' reader saves. */
const reader = 'tasks'
const atWork: ReadonlySet<string> = new Set(['started', 'waiting', 'retrying', 'running', 'asked', 'approved'])

/** A part of the composition root: tasks, wired to the sessions, runs and executions that they are views of, or that they start. */
export function wireTasks(
  { stores, conversations, box, call, redact, reporter }: WorkParts,
  work: { readonly executions: ExecutionStore; readonly steps: StepStore },
) {
  const report = reporter('scheduler')
  const { runs, calls } = conversations
  const { executions, steps } = work
  const { agents, chat, settings } = stores
  const logs = { chat: chat.log, agents: agents.log, settings: settings.log }
  const tasks = createTaskStore(agents.db)
  const fires = createFireStore(agents.db)
  const session = (id: string) => conversations.sessions().find(id)
  const about = createAbout(tasks, fires, { session })
  const run = (id: string): Standing | undefined => {
    const found = runs.find(id)
    return found && { status: found.status, error: found.error === null ? null : { code: 'failed', message: found.error } }
  }
  const execution = (id: string): Standing | undefined => {
    const standing = executions.standing(id)
    return standing && { status: standing.status, error: standing.errors?.[0] ?? null }
  }
  const doing = (runId: string | null, executionId: string | null): Doing | undefined => {
    if (runId !== null) {
      const found = runs.find(runId)
      const tools = calls.openOfRun(runId).map(({ toolId }) => toolId)
      return found && { status: found.status, steps: found.steps, tools, costUsd: found.usage.costUsd }
    }
    const found = executionId === null ? undefined : executions.find(executionId)
    if (!found) return undefined
    const rows = steps.all(found.seq)
    const tools = rows.flatMap(({ toolId, status }) => (toolId !== null && atWork.has(status) ? [toolId] : []))
    return { status: found.status, steps: rows.length, tools, costUsd: 0 }
  }
  /** Hears of what may be the end of a fire, or its rest. */
  const listen = (changed: (id: string) => void) => {
    const deaf = [
      chat.log.listen((fresh) => {
        for (const { name, runId } of fresh) if (name === 'status' && runId !== null) changed(runId)
      }),
      agents.log.listen((fresh) => {
        for (const { name, json } of fresh)
          if (name === 'execution.completed' || name === 'execution.failed' || (name === 'execution.progress' && json.includes('"step":null')))
            changed((JSON.parse(json) as { data: { executionId: string } }).data.executionId)
      }),
    ]
    return () => {
      for (const stop of deaf) stop()
    }
  }
  let begun = false
  const room = lazyRoom(['tasks'], async () => {
    const { createTasksRoom } = await import('./domains/tasks/room.ts')
    const sessions = createSessionTasks({
      sessions: conversations.sessions(),
      runOf: (sessionId) => runs.list({ sessionId, limit: 1 }).items[0],
      activeRun: (sessionId) => runs.active(sessionId)?.id,
      agents: conversations.agents,
      models: conversations.models,
    })
    const ports = { log: agents.log, logs, clock: machineClock, box, call, run, execution, doing, listen, redact, report }
    const made = createTasksRoom({ db: agents.db, reader, tasks, fires, about, sessions }, ports)
    if (begun) made.begin()
    return made
  })
  const loaded = async () => (room.loaded() === undefined ? undefined : room.load())
  return {
    handlers: room.handlers,
    /** Pruned after `history.days`. */
    kept: [fires],
    /** A signed request to a task's webhook. */
    receive: async (request: WebhookRequest) => (await room.load()).receive(request),
    /** Whose doing an event is, once that can be told. */
    async about(event: Happening) {
      await (await loaded())?.noted()
      return about(event)
    },
    /** Fires a task in somebody's name, once for each key. */
    fireFor: async (...asked: Parameters<Awaited<ReturnType<typeof room.load>>['fireFor']>) => (await room.load()).fireFor(...asked),
    /** The time of the first thing that is due at the clock of tasks, which may be past; null where nothing is, and before anything has begun. By the stores alone. */
    nextDue: () => (begun ? ([tasks.earliest(), fires.earliest()].filter((at) => at !== null).toSorted()[0] ?? null) : null),
    /** Takes up what an earlier daemon left, if it left anything. */
    begin(): void {
      begun = true
      const hears = tasks.listening().length > 0
      if (!hears) forgetWatch(agents.db, agents.log.commit, reader)
      if (hears || tasks.earliest() !== null || fires.isOpen()) room.load().catch(report)
    },
    stop: async () => (await loaded())?.stop(),
  }
}
