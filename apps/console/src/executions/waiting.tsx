import { ApprovalCard } from '../decisions/approval-card.tsx'
import { useRead } from '../platform/operations.ts'
import { executions as words } from '../text/executions.ts'

/** The approvals that an execution waits for, to be settled in place. */
export function Waiting({ executionId }: { readonly executionId: string }) {
  const { data } = useRead('approvals.list', { executionId, limit: 50 })
  if (data === undefined || data.items.length === 0) return null
  return (
    <section aria-label={words.approvals} className="flex flex-col gap-2">
      {data.items.map((approval) => (
        <ApprovalCard key={approval.id} approval={approval} />
      ))}
    </section>
  )
}
