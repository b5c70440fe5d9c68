import { realpathSync } from 'node:fs'
import { Fault } from '@steward/contract'
import type { Rule } from '@steward/contract/daemon'
import type { RoomHandlers } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import type { RuleStore } from './store.ts'

/** The stored permission rules. */
export function createPermissionsRoom(store: RuleStore, sessionExists: (id: string) => boolean) {
  const handlers = {
    async 'permissions.list'(_context, query) {
      return store.list(query)
    },
    async 'permissions.add'({ commit }, sent) {
      if (sent.level === 'session' && (sent.sessionId === undefined || !sessionExists(sent.sessionId)))
        throw new Fault('unprocessable', 'A rule of level session needs the id of a session that is there.')
      if (sent.level === 'workspace' && sent.workspace === undefined)
        throw new Fault('unprocessable', 'A rule of level workspace needs the folder of the workspace.')
      const rule: Rule = {
        id: newId('rule'),
        tool: sent.tool,
        pattern: sent.pattern ?? null,
        action: sent.action,
        level: sent.level,
        sessionId: sent.level === 'session' ? (sent.sessionId ?? null) : null,
        workspace: sent.level === 'workspace' && sent.workspace !== undefined ? realFolder(sent.workspace) : null,
        createdAt: new Date().toISOString(),
        expiresAt: sent.expiresAt ?? null,
      }
      return commit((emit) => {
        store.insert(rule)
        emit('permission.added', { rule })
        return rule
      })
    },
    async 'permissions.remove'({ commit }, { id }) {
      return commit((emit) => {
        if (!store.remove(id)) throw new Fault('not_found', `There is no permission rule ${id}.`)
        emit('permission.removed', { ruleId: id })
        return null
      })
    },
  } satisfies RoomHandlers
  return { handlers }
}
function realFolder(folder: string): string {
  try {
    return realpathSync(folder)
  } catch (error) {
    throw new Fault('unprocessable', `There is no folder ${folder}.`, undefined, { cause: error })
  }
}
