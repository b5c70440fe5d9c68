import { Fault } from '@steward/contract'
import type { Approval, Rule } from '@steward/contract/daemon'
import { can } from '@steward/kernel'
import type { RoomHandlers } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import { decodePlace, encodePage, type OrderedPart } from '../../platform/page.ts'
import type { ApprovalStore } from './store.ts'

/** Approvals that lie with executions, in another database: found and listed here, settled by executions.settle. */
export interface ExecutionApprovals {
  find(id: string): (Approval & { readonly workspace: string }) | undefined
  list(query: OrderedPart & { status: string; executionId?: string | undefined }): readonly Approval[]
}
export interface ApprovalPorts {
  readonly rules: { find(id: string): Rule | undefined; insert(rule: Rule): void }
  readonly ofExecutions: ExecutionApprovals
  workspaceOf(sessionId: string): string | undefined
}
interface Suggested {
  readonly tool: string
  readonly pattern?: string
}
/** People's decisions about single calls: durable, bound to exactly one call, first answer wins. */
export function createApprovalsRoom(store: ApprovalStore, { rules, ofExecutions, workspaceOf }: ApprovalPorts) {
  /** The rule that settling for more than one call writes. */
  const ruleFor = (id: string, suggested: unknown, decision: 'approve' | 'reject', place: { sessionId: string | null; workspace: string | null }) => {
    const { tool, pattern } = suggested as Suggested
    const rule: Rule = {
      id,
      tool,
      pattern: pattern ?? null,
      action: decision === 'approve' ? 'allow' : 'deny',
      level: place.sessionId === null ? 'workspace' : 'session',
      ...place,
      createdAt: new Date().toISOString(),
      expiresAt: null,
    }
    return rule
  }
  const handlers = {
    async 'approvals.list'(_context, { sessionId, executionId, status, order, cursor, limit }) {
      const beyond = cursor === undefined ? undefined : String(decodePlace(cursor)['id'] ?? '')
      const query = { status, order, beyond, limit: limit + 1 }
      const ofRuns = executionId === undefined ? store.list({ ...query, sessionId }) : []
      const ofOthers = sessionId === undefined ? ofExecutions.list({ ...query, executionId }) : []
      const rows = [...ofRuns, ...ofOthers].toSorted((one, other) => (one.id < other.id === (order === 'oldest') ? -1 : 1))
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      return { items, nextCursor: rows.length > limit && last ? encodePage({ id: last.id }) : null }
    },
    async 'approvals.get'(_context, { id }) {
      const approval = store.find(id) ?? ofExecutions.find(id)
      if (!approval) throw new Fault('not_found', `There is no approval ${id}.`)
      return approval
    },
    async 'approvals.settle'({ commit, caller, call }, { id, decision, scope, reason }) {
      if (scope !== 'once' && !can(caller, 'permissions:write'))
        throw new Fault('forbidden', `Settling for more than this call writes a rule, which needs the scope permissions:write.`)
      const approval = store.find(id)
      if (!approval) {
        const other = ofExecutions.find(id)
        if (!other) throw new Fault('not_found', `There is no approval ${id}.`)
        // The rule first, under an id that a second try finds again; then the call, in the database of executions.
        const ruleId = other.id.replace(/^apr_/, 'rule_')
        if (scope === 'always' && other.status === 'waiting' && other.suggested !== null && !rules.find(ruleId))
          commit((emit) => {
            const rule = ruleFor(ruleId, other.suggested, decision, { sessionId: null, workspace: other.workspace })
            rules.insert(rule)
            emit('permission.added', { rule })
            return { settled: true }
          })
        const answer = await call('executions.settle', { id: other.id, decision, ...(reason === undefined ? {} : { reason }) })
        return commit(() => answer)
      }
      const place = { sessionId: approval.sessionId, runId: approval.runId }
      const at = new Date().toISOString()
      const status = decision === 'approve' ? 'approved' : 'rejected'
      return commit((emit) => {
        if (!store.settle(approval.id, status, caller.id, reason ?? null, at)) return { settled: false }
        emit(
          'approval.settled',
          { approvalId: approval.id, callId: approval.callId, status, settledBy: caller.id, scope, note: reason ?? null },
          place,
        )
        const workspace = workspaceOf(approval.sessionId)
        if (scope === 'once' || !approval.suggested || workspace === undefined) return { settled: true }
        const of = scope === 'session' ? { sessionId: approval.sessionId, workspace: null } : { sessionId: null, workspace }
        const rule = ruleFor(newId('rule'), approval.suggested, decision, of)
        rules.insert(rule)
        emit('permission.added', { rule }, place)
        return { settled: true }
      })
    },
  } satisfies RoomHandlers
  return { handlers }
}
