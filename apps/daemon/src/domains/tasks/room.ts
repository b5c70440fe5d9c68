import { Fault } from '@steward/contract'
import type { LimitsPatch, PermissionMode, Run, Session, Task } from '@steward/contract/daemon'
import { can } from '@steward/kernel'
import type { RoomHandlers } from '../../platform/context.ts'

export interface TaskSession extends Pick<
  Session,
  'id' | 'title' | 'model' | 'agentId' | 'permissionMode' | 'budgetUsd' | 'usage' | 'createdAt' | 'updatedAt'
> {
  readonly limits: LimitsPatch
}
interface TaskPatch {
  readonly model?: string
  readonly agentId?: string
  readonly permissionMode?: PermissionMode
  readonly budgetUsd?: number | null
  readonly limits?: LimitsPatch
}
export interface TaskPorts {
  readonly sessions: { find(id: string): TaskSession | undefined; update(id: string, patch: TaskPatch): void }
  /** The newest run of a session. */
  runOf(sessionId: string): Pick<Run, 'id' | 'status' | 'error' | 'startedAt' | 'finishedAt'> | undefined
  readonly agents: { find(id: string): unknown }
  /** `check` throws Fault `unprocessable` for a model that cannot be called. */
  readonly models: { check(id: string): void }
}
const settingsOf = ({ model, agentId, permissionMode, budgetUsd, limits }: TaskSession): Task['settings'] => ({
  model,
  agentId,
  permissionMode,
  budgetUsd,
  limits,
})
/** A patch without the fields that were not sent; a limit that was not sent keeps its value. */
function given<T extends object>(patch: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> }
}
/** Tasks: a session's task is a view of its row and of its newest run. Runs read that row before every step, so a change acts on a running one. */
export function createTasksRoom({ sessions, runOf, agents, models }: TaskPorts) {
  const need = (id: string): TaskSession => {
    const session = sessions.find(id)
    if (!session) throw new Fault('not_found', `There is no task ${id}.`)
    return session
  }
  const view = (id: string): Task => {
    const session = need(id)
    const run = runOf(id)
    const { title, usage, createdAt, updatedAt } = session
    return {
      id,
      kind: 'session',
      title,
      status: run?.status ?? 'idle',
      runId: run?.id ?? null,
      settings: settingsOf(session),
      error: run?.error ?? null,
      usage,
      createdAt,
      updatedAt,
      startedAt: run?.startedAt ?? null,
      finishedAt: run?.finishedAt ?? null,
    }
  }
  const handlers = {
    async 'tasks.get'(_context, { id }) {
      return view(id)
    },
    async 'tasks.update'({ commit, caller }, { id, settings }) {
      need(id)
      const { limits, ...patch } = given(settings)
      const { model, agentId, permissionMode } = patch
      if ((permissionMode === 'auto' || permissionMode === 'accept-edits') && !can(caller, 'permissions:write'))
        throw new Fault('forbidden', `The permission mode ${permissionMode} needs the scope permissions:write, which this credential does not hold.`)
      if (model !== undefined) models.check(model)
      if (agentId !== undefined && agents.find(agentId) === undefined)
        throw new Fault('unprocessable', `There is no agent ${agentId}; \`steward agents list\` shows them.`)
      return commit((emit) => {
        const before = need(id)
        sessions.update(id, { ...patch, ...(limits === undefined ? {} : { limits: { ...before.limits, ...given(limits) } }) })
        emit('task.updated', { settings: settingsOf(need(id)) }, { sessionId: id })
        return view(id)
      })
    },
  } satisfies RoomHandlers
  return { handlers }
}
