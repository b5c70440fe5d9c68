import { Fault } from '@steward/contract'
import type { PermissionMode } from '@steward/contract/daemon'
import { can, type Caller } from '@steward/kernel'
import type { RoomHandlers } from '../../platform/context.ts'
import { openWorkspace, workspaceRules } from '../../platform/files/workspace.ts'
import { newId } from '../../platform/ids.ts'
import type { SessionDeps } from './ports.ts'
import { toSession, type SessionRecord, type SessionStore } from './store.ts'

export const noUsage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: 0 }
/** Refuses a mode that acts without asking to callers who may not change permissions. */
function checkMode(caller: Caller, mode: PermissionMode | undefined): void {
  if ((mode === 'auto' || mode === 'accept-edits') && !can(caller, 'permissions:write'))
    throw new Fault('forbidden', `The permission mode ${mode} needs the scope permissions:write, which this credential does not hold.`)
}
export function createCreate(store: SessionStore, deps: SessionDeps) {
  const agentFor = (id: string | undefined) => {
    const agent = id === undefined ? deps.agents.findDefault() : deps.agents.find(id)
    if (!agent) throw new Fault('unprocessable', `There is no agent ${id}; \`steward agents list\` shows them.`)
    return agent
  }
  return {
    async 'sessions.create'({ commit, caller }, { title, agentId, model, workspace, permissionMode, budgetUsd }) {
      if (workspace !== undefined && 'repositoryUrl' in workspace)
        throw new Fault('unprocessable', 'Cloning a repository is not built yet; clone it yourself and give the folder as workspace.path.')
      checkMode(caller, permissionMode)
      const agent = agentFor(agentId)
      if (model !== undefined) deps.models.check(model)
      const folder = await openWorkspace(workspace?.path, caller, workspaceRules(deps))
      const at = new Date().toISOString()
      const record: SessionRecord = {
        id: newId('ses'),
        title,
        agentId: agent.id,
        model: model ?? deps.models.modelFor(agent.model),
        workspace: { path: folder },
        permissionMode: permissionMode ?? agent.permissionMode ?? deps.setting('runs.permissionMode'),
        budgetUsd: budgetUsd ?? null,
        status: 'idle',
        archived: false,
        parentId: null,
        createdAt: at,
        updatedAt: at,
        usage: noUsage,
        limits: {},
        runId: null,
        todos: [],
        compaction: null,
      }
      const session = toSession(record)
      return commit((emit) => {
        store.insert(record)
        emit('session.created', { session }, { sessionId: session.id })
        return session
      })
    },
  } satisfies RoomHandlers
}
