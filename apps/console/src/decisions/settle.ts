import { useState } from 'react'
import { say, sayFault } from '../parts/toast.tsx'
import { call } from '../platform/daemon.ts'
import { useRead } from '../platform/operations.ts'
import { decisions as words } from '../text/decisions.ts'
import type { Approval } from './deed.ts'
import { isEdited, ruleSent, type RuleDraft } from './rule.ts'

export type Verdict = { readonly decision: 'approve' | 'reject'; readonly scope?: 'once' | 'session' | 'always'; readonly reason?: string }

/** The sentence of how an approval ended, and by whom; `me` is who reads it. */
export function outcomeOf({ status, settledBy }: Pick<Approval, 'status' | 'settledBy'>, me: string | undefined): string {
  const outcome = words.outcomes[status]
  if (settledBy === null || (status !== 'approved' && status !== 'rejected')) return outcome
  return words.outcomeBy(outcome, settledBy === me ? words.you : settledBy)
}
/** Where the call of an approval would run: the folder of its session or execution; null while that is not known. */
export function usePlace({ sessionId, executionId }: Pick<Approval, 'sessionId' | 'executionId'>): {
  readonly sessionId: string | null
  readonly workspace: string | null
} {
  const session = useRead('sessions.get', { id: sessionId ?? '' }, { enabled: sessionId !== null })
  const execution = useRead('executions.get', { id: executionId ?? '' }, { enabled: executionId !== null })
  return { sessionId, workspace: session.data?.workspace.path ?? execution.data?.workspace ?? null }
}
/** Settles an approval. A late answer is told with who was first. `sent` is the verdict that is on its way or done. */
export function useSettle(approval: Approval, onSettled?: () => void) {
  const whoami = useRead('tokens.whoami', {})
  const [sent, setSent] = useState<Verdict['decision'] | null>(null)
  const doing = async (decision: Verdict['decision'], deed: () => Promise<{ settled: boolean }>) => {
    if (sent !== null) return
    setSent(decision)
    try {
      const { settled } = await deed()
      if (!settled) say(words.late(outcomeOf(await call('approvals.get', { id: approval.id }), whoami.data?.id)))
      onSettled?.()
    } catch (error) {
      setSent(null)
      sayFault(error)
    }
  }
  const settle = (verdict: Verdict) => doing(verdict.decision, () => call('approvals.settle', { id: approval.id, ...verdict }))
  /** Allows the call and writes a rule: the suggested one by the settlement itself, a changed one by itself first. */
  const allowAlways = (draft: RuleDraft, suggested: RuleDraft, place: { sessionId: string | null; workspace: string | null }) =>
    isEdited(draft, suggested)
      ? doing('approve', async () => {
          await call('permissions.add', ruleSent(draft, place, Date.now()))
          const answer = await call('approvals.settle', { id: approval.id, decision: 'approve' })
          if (!answer.settled) say(words.ruleKept)
          return answer
        })
      : settle({ decision: 'approve', scope: 'always' })
  const scopes = whoami.data?.scopes ?? []
  return {
    sent,
    settle,
    allowAlways,
    me: whoami.data?.id,
    mayWriteRules: scopes.some((scope) => ['*', 'permissions:*', 'permissions:write', '*:write', '*:*'].includes(scope)),
  }
}
