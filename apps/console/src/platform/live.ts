import type { StreamItem, WireEvent } from '@steward/contract'
import type { EventData, OperationName } from '@steward/contract/daemon'
import type { QueryClient } from '@tanstack/react-query'
import { connectionState, everything, watchConnection } from './daemon.ts'

/** Which reads an event makes stale, by the first word of its name, or by the whole of it. */
export const stale: Readonly<Record<string, readonly OperationName[]>> = {
  session: ['sessions.list', 'sessions.get', 'sessions.search', 'sessions.overview', 'tasks.list'],
  status: [
    'sessions.list',
    'sessions.get',
    'runs.list',
    'runs.get',
    'system.status',
    'approvals.list',
    'questions.list',
    'usage.totals',
    'usage.runs',
  ],
  message: [],
  usage: ['usage.totals', 'usage.runs', 'sessions.get', 'sessions.overview', 'runs.list'],
  'tool.result': ['sessions.overview', 'runs.list'],
  'todo.updated': ['sessions.overview'],
  'checkpoint.created': ['sessions.overview'],
  approval: ['approvals.list', 'approvals.get', 'sessions.list'],
  question: ['questions.list', 'sessions.list'],
  // What is asked of executions.start as a read is a dry run.
  permission: ['permissions.list', 'executions.start'],
  task: ['tasks.list', 'tasks.get', 'tasks.runs', 'tasks.preview', 'tasks.progress', 'sessions.get'],
  agent: ['agents.list', 'agents.get'],
  app: ['apps.list', 'apps.get', 'tools.list', 'executions.start'],
  skill: ['skills.list', 'skills.get', 'skills.tags', 'skills.trash'],
  plan: ['plans.list'],
  execution: ['history.list', 'executions.get', 'executions.steps', 'system.status'],
  'execution.started': ['history.list', 'executions.get', 'executions.steps', 'plans.get', 'plans.list', 'system.status'],
  workflow: ['workflows.list', 'workflows.get', 'workflows.versions'],
  memory: ['memory.list', 'memory.get', 'memory.search'],
  hook: ['hooks.list', 'hooks.get', 'hooks.deliveries'],
  file: ['files.list'],
  secret: ['secrets.list'],
  backup: ['backups.list'],
  setting: ['settings.list', 'settings.get', 'config.get', 'models.list'],
  provider: ['providers.list', 'models.list', 'auth.list'],
  auth: ['auth.list', 'auth.get', 'models.list', 'providers.list'],
  price: ['models.list'],
  token: ['tokens.list'],
  login: ['logins.list'],
  call: ['audit.list'],
}
/** Events that no read tells of: a conversation follows them by itself. Whoever adds one to the contract says here or above what it means (live.test.ts). */
export const touchesNothing: ReadonlySet<string> = new Set(['error', 'step.started', 'tool.call', 'tool.started', 'conversation.compacted'])
/** So long events are gathered before what they touch is asked again: many come together. */
const gatherMs = 120
type Listener = (item: StreamItem) => void
const listeners = new Set<Listener>()
/** Hears everything that happens, passing signals too, in order. A `reset` means that something may have been missed. Answers how to stop. */
export function listen(listener: Listener): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** Which reads an event makes stale. */
function staleBy({ name, data }: WireEvent): readonly OperationName[] {
  // One of perhaps thousands of steps: the list of all executions is as it was.
  if (name === 'execution.progress' && (data as EventData<'execution.progress'>).step !== null) return ['executions.get', 'executions.steps']
  return stale[name] ?? stale[name.split('.')[0] ?? ''] ?? []
}
/** Follows the daemon for as long as the page is open, and asks again whatever it says has changed. */
export async function follow(queries: QueryClient, signal: AbortSignal): Promise<void> {
  const waiting = new Set<OperationName>()
  const asking = new Set<OperationName>()
  let timer: ReturnType<typeof setTimeout> | undefined
  /** What is being asked again just now waits for its answer: a storm of events would cancel it time after time. */
  const askAgain = async (name: OperationName) => {
    waiting.delete(name)
    asking.add(name)
    await queries.invalidateQueries({ queryKey: [name] })
    asking.delete(name)
    if (waiting.has(name)) touch([])
  }
  const touch = (names: readonly OperationName[]) => {
    for (const name of names) waiting.add(name)
    timer ??= setTimeout(() => {
      timer = undefined
      for (const name of waiting) if (!asking.has(name)) void askAgain(name)
    }, gatherMs)
  }
  const missed = () => {
    for (const listener of listeners) listener({ reset: '' })
    void queries.invalidateQueries()
  }
  // Before its first cursor a stream begins anew where the log ends: whatever was said meanwhile is read again.
  let wasAway = false
  const unwatch = watchConnection(() => {
    const { connected } = connectionState()
    if (connected && wasAway) missed()
    wasAway = !connected
  })
  signal.addEventListener('abort', unwatch, { once: true })
  for await (const item of everything(signal)) {
    if ('reset' in item) missed()
    else for (const listener of listeners) listener(item)
    if ('event' in item) touch(staleBy(item.event))
  }
}
