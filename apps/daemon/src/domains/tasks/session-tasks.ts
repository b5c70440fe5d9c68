import { Fault } from '@steward/contract'
import type { LimitsPatch, PermissionMode, Run, Session, SessionTask } from '@steward/contract/daemon'
import { can, type Caller } from '@steward/kernel'
import { decodePlace, encodePage, wrongCursor } from '../../platform/page.ts'
import type { Commit } from '../../platform/storage/event-log.ts'

/** What a session's task is seen from. */
export interface TaskSession extends Pick<
  Session,
  'id' | 'title' | 'model' | 'agentId' | 'permissionMode' | 'budgetUsd' | 'usage' | 'createdAt' | 'updatedAt'
> {
  readonly limits: LimitsPatch
}
export interface TaskPatch {
  readonly model?: string
  readonly agentId?: string
  readonly permissionMode?: PermissionMode
  readonly budgetUsd?: number | null
  readonly limits?: LimitsPatch
}
export interface SessionTaskPorts {
  readonly sessions: {
    find(id: string): TaskSession | undefined
    update(id: string, patch: TaskPatch): void
    /** Last used first, after `before`; none that is archived. */
    list(query: {
      archived: boolean
      status: Session['status'] | undefined
      before: { updatedAt: string; id: string }
      limit: number
    }): readonly TaskSession[]
  }
  /** The newest run of a session. */
  runOf(sessionId: string): Pick<Run, 'id' | 'status' | 'error' | 'startedAt' | 'finishedAt'> | undefined
  /** The run under way in a session, if there is one. */
  activeRun(sessionId: string): string | undefined
  readonly agents: { find(id: string): unknown }
  /** `check` throws Fault `unprocessable` for a model that cannot be called. */
  readonly models: { check(id: string): void }
}
const settingsOf = ({ model, agentId, permissionMode, budgetUsd, limits }: TaskSession): SessionTask['settings'] => ({
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
const newest = { updatedAt: '~', id: '~' }
/** A session's task is a view of its row and of its newest run. Runs read that row before every step, so a change acts on a running one. */
export function createSessionTasks({ sessions, runOf, activeRun, agents, models }: SessionTaskPorts) {
  const need = (id: string): TaskSession => {
    const session = sessions.find(id)
    if (!session) throw new Fault('not_found', `There is no task ${id}.`)
    return session
  }
  const viewOf = (session: TaskSession): SessionTask => {
    const { id, title, usage, createdAt, updatedAt } = session
    const run = runOf(id)
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
  const placeOf = (cursor: string) => {
    const { updatedAt, id } = decodePlace(cursor)
    if (typeof updatedAt !== 'string' || typeof id !== 'string') throw wrongCursor()
    return { updatedAt, id }
  }
  return {
    get: (id: string): SessionTask => viewOf(need(id)),
    /** Throws Fault `conflict` when nothing is under way. */
    running(id: string): string {
      need(id)
      const runId = activeRun(id)
      if (runId === undefined) throw new Fault('conflict', `No run is under way in the task ${id}.`)
      return runId
    },
    /** Last used first. */
    list(status: Session['status'] | undefined, cursor: string | undefined, limit: number) {
      const found = sessions.list({ archived: false, status, before: cursor === undefined ? newest : placeOf(cursor), limit: limit + 1 })
      const shown = found.slice(0, limit)
      const last = shown.at(-1)
      const next = found.length > limit && last ? encodePage({ updatedAt: last.updatedAt, id: last.id }) : null
      return { items: shown.map(viewOf), nextCursor: next }
    },
    update({ commit, caller }: { commit: Commit; caller: Caller }, id: string, settings: TaskPatch): SessionTask {
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
        return viewOf(need(id))
      })
    },
  }
}
export type SessionTasks = ReturnType<typeof createSessionTasks>
