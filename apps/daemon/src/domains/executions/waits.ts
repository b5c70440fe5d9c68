import type { ExecutionDeps } from './ports.ts'
import type { ExecutionApproval } from './approval-store.ts'

const retryMs = 1_000
/**
 * Waiting for people. What is waited for lies in the database; whoever settles it rings. An approval that nobody settles in time expires
 * here.
 */
export function createApprovalWaits({ approvals, log, report }: Pick<ExecutionDeps, 'approvals' | 'log' | 'report'>) {
  const bells = new Map<string, Set<() => void>>()
  const ring = (id: string) => {
    for (const bell of bells.get(id) ?? []) bell()
  }
  const settle = (approval: ExecutionApproval, status: 'expired' | 'cancelled', note: string | null) => {
    log.commit((emit) => {
      if (!approvals.settle(approval.id, status, null, note, new Date().toISOString())) return
      emit('approval.settled', { approvalId: approval.id, callId: approval.callId, status, settledBy: null, scope: 'once', note })
    })
    ring(approval.id)
  }
  return {
    ring,
    settle,
    /** Resolves with the approval once it is settled. Rejects with the signal's reason. */
    settled: ({ id, executionId, expiresAt }: ExecutionApproval, signal: AbortSignal): Promise<ExecutionApproval> =>
      new Promise((resolve, reject) => {
        let timer: NodeJS.Timeout | undefined
        const end = () => {
          clearTimeout(timer)
          bells.get(id)?.delete(check)
          if (bells.get(id)?.size === 0) bells.delete(id)
          signal.removeEventListener('abort', aborted)
        }
        const check = () => {
          const now = approvals.find(id)
          if (!now || now.status === 'waiting') return
          end()
          resolve(now)
        }
        const aborted = () => {
          end()
          reject(signal.reason as Error)
        }
        const expire = () => {
          const left = Date.parse(expiresAt) - Date.now()
          if (left > 0) return void (timer = setTimeout(expire, Math.min(left, 2_000_000_000)))
          const now = approvals.find(id)
          try {
            if (now) settle(now, 'expired', 'Nobody answered in time.')
          } catch (error) {
            report(error, { executionId })
            timer = setTimeout(expire, retryMs)
          }
        }
        if (signal.aborted) return aborted()
        signal.addEventListener('abort', aborted, { once: true })
        const mine = bells.get(id) ?? new Set()
        mine.add(check)
        bells.set(id, mine)
        expire()
        check()
      }),
  }
}
export type ApprovalWaits = ReturnType<typeof createApprovalWaits>
