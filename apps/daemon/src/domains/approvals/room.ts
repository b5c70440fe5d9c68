import { Fault } from '@steward/contract'
import type { Rule } from '@steward/contract/daemon'
import { can } from '@steward/kernel'
import type { RoomHandlers } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import type { ApprovalStore } from './store.ts'

export interface ApprovalPorts {
  readonly rules: { insert(rule: Rule): void }
  workspaceOf(sessionId: string): string | undefined
}
interface Suggested {
  readonly tool: string
  readonly pattern?: string
}
/** People's decisions about single calls: durable, bound to exactly one call, first answer wins. */
export function createApprovalsRoom(store: ApprovalStore, { rules, workspaceOf }: ApprovalPorts) {
  const found = (id: string) => {
    const approval = store.find(id)
    if (!approval) throw new Fault('not_found', `There is no approval ${id}.`)
    return approval
  }
  const handlers = {
    async 'approvals.list'(_context, query) {
      return store.list(query)
    },
    async 'approvals.get'(_context, { id }) {
      return found(id)
    },
    async 'approvals.settle'({ commit, caller }, { id, decision, scope, reason }) {
      const approval = found(id)
      const place = { sessionId: approval.sessionId, runId: approval.runId }
      const at = new Date().toISOString()
      const status = decision === 'approve' ? 'approved' : 'rejected'
      if (scope !== 'once' && !can(caller, 'permissions:write'))
        throw new Fault('forbidden', `Settling for more than this call writes a rule, which needs the scope permissions:write.`)
      return commit((emit) => {
        if (!store.settle(approval.id, status, caller.id, reason ?? null, at)) return { settled: false }
        emit(
          'approval.settled',
          { approvalId: approval.id, callId: approval.callId, status, settledBy: caller.id, scope, note: reason ?? null },
          place,
        )
        const suggested = approval.suggested as Suggested | null
        const workspace = workspaceOf(approval.sessionId)
        if (scope === 'once' || !suggested || workspace === undefined) return { settled: true }
        const rule: Rule = {
          id: newId('rule'),
          tool: suggested.tool,
          pattern: suggested.pattern ?? null,
          action: decision === 'approve' ? 'allow' : 'deny',
          level: scope === 'session' ? 'session' : 'workspace',
          sessionId: scope === 'session' ? approval.sessionId : null,
          workspace: scope === 'session' ? null : workspace,
          createdAt: at,
          expiresAt: null,
        }
        rules.insert(rule)
        emit('permission.added', { rule }, place)
        return { settled: true }
      })
    },
  } satisfies RoomHandlers
  return { handlers }
}
