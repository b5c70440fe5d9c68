import { useRead } from '../platform/operations.ts'

/** How many approvals and questions wait for a person; at most two hundred are counted. */
export function useWaiting(): number {
  const approvals = useRead('approvals.list', { limit: 200 })
  const questions = useRead('questions.list', { limit: 200 })
  return (approvals.data?.items.length ?? 0) + (questions.data?.items.length ?? 0)
}
