import type { RunApproval, Question } from '@steward/contract/daemon'
import type { Json, Settlement } from '../../engine/types.ts'
import type { RunDeps } from './ports.ts'

type Answers = NonNullable<Question['answers']>
const retryMs = 1_000
/**
 * Waiting for people. What is waited for lies in the database; the log wakes whoever waits, so an answer from any door counts, also one
 * given while the daemon was away.
 */
export function createWaits({
  approvals,
  questions,
  calls,
  log,
  commit,
  report,
}: Pick<RunDeps, 'approvals' | 'questions' | 'calls' | 'log' | 'commit' | 'report'>) {
  const until = <T>(look: () => T | undefined, signal: AbortSignal, expiresAt?: string, expire?: () => boolean): Promise<T> =>
    new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined
      const end = () => {
        stop()
        clearTimeout(timer)
        signal.removeEventListener('abort', aborted)
      }
      const check = () => {
        const found = look()
        if (found === undefined) return
        end()
        resolve(found)
      }
      const aborted = () => {
        end()
        reject(signal.reason as Error)
      }
      const stop = log.listen((fresh) => {
        if (fresh.some(({ name }) => name === 'approval.settled' || name === 'question.settled')) check()
      })
      signal.addEventListener('abort', aborted, { once: true })
      if (signal.aborted) return aborted()
      if (expiresAt !== undefined && expire) {
        const wait = () => {
          const left = Date.parse(expiresAt) - Date.now()
          if (left > 0 || !expire()) timer = setTimeout(wait, Math.min(left > 0 ? left : retryMs, 2_000_000_000))
        }
        wait()
      }
      check()
    })
  const expireNow = (approval: RunApproval) =>
    commit((emit) => {
      if (!approvals.settle(approval.id, 'expired', null, 'Nobody answered in time.', new Date().toISOString())) return
      const place = { sessionId: approval.sessionId, runId: approval.runId }
      emit(
        'approval.settled',
        { approvalId: approval.id, callId: approval.callId, status: 'expired', settledBy: null, scope: 'once', note: 'Nobody answered in time.' },
        place,
      )
    })
  /** False when it could not be written down: then it expires a little later. */
  const expire = (approval: RunApproval): boolean => {
    try {
      expireNow(approval)
      return true
    } catch (error) {
      report(error, { runId: approval.runId })
      return false
    }
  }
  const toSettlement = (approval: RunApproval): Settlement | undefined => {
    if (approval.status === 'waiting') return undefined
    if (approval.status === 'approved') return { action: 'approve' }
    const call = calls.find(approval.callId)
    if (approval.status === 'cancelled' && call?.text !== null && call?.text !== undefined)
      return { action: 'result', outcome: { status: 'completed', output: call.output as Json, text: call.text } }
    return {
      action: 'reject',
      reason: approval.note ?? (approval.status === 'expired' ? 'Nobody answered in time.' : 'The person rejected this call.'),
    }
  }
  return {
    approval(callId: string, signal: AbortSignal): Promise<Settlement> {
      const approval = approvals.find(callId)
      if (!approval) return Promise.reject(new TypeError(`The call ${callId} waits for an approval that is not there.`))
      const look = () => {
        const now = approvals.find(callId)
        return now && toSettlement(now)
      }
      return until(look, signal, approval.expiresAt, () => expire(approval))
    },
    answer(callId: string, signal: AbortSignal): Promise<Answers> {
      return until(() => questions.find(callId)?.answers ?? undefined, signal)
    },
  }
}
export type Waits = ReturnType<typeof createWaits>
