import { Fault } from '@steward/contract'
import type { Execution } from '@steward/contract/daemon'
import type { RoomHandlers } from '../../platform/context.ts'
import type { ExecutionDeps } from './ports.ts'
import type { ExecutionRunner } from './runner.ts'
import type { ExecutionRecord } from './store.ts'

/** A person's word on a step whose outcome nobody knows. */
export function createResume(
  deps: ExecutionDeps,
  need: (id: string) => ExecutionRecord,
  shown: (id: string) => Execution,
  runner: Pick<ExecutionRunner, 'pump'>,
) {
  const { executions, steps } = deps
  return {
    async 'executions.resume'({ commit }, { id, outcome, stepId, outputs }) {
      const execution = need(id)
      if (execution.status !== 'interrupted')
        throw new Fault('conflict', `The execution ${id} is ${execution.status}; only an interrupted one is taken up by a person.`)
      const unknown = steps.all(execution.seq).filter(({ status }) => status === 'unknown')
      const row = stepId === undefined && unknown.length === 1 ? unknown[0] : unknown.find(({ step }) => step === stepId)
      if (!row) {
        const places = unknown.map(({ step }) => step)
        throw new Fault('unprocessable', `Say with stepId which step you mean: ${places.join(', ')}.`, { steps: places })
      }
      const at = new Date().toISOString()
      const ended = { ...row, sealed: null, retryAt: null, finishedAt: at }
      const error = { code: 'failed', message: 'A person said that it failed.' }
      const answer = commit((emit) => {
        const now =
          outcome === 'done'
            ? { ...ended, status: 'completed' as const, outputs: deps.redact(outputs ?? null), error: null }
            : outcome === 'failed'
              ? { ...ended, status: 'failed' as const, outputs: null, error }
              : { ...row, status: 'retrying' as const, retryAt: at }
        steps.put(execution.seq, now)
        const told = {
          id: row.step,
          toolId: row.toolId,
          status: now.status,
          attempts: row.attempts,
          error: now.error && { stepId: row.step, ...now.error },
        }
        emit('execution.progress', { executionId: id, status: 'interrupted', step: told, approvalId: null })
        if (unknown.length === 1) {
          executions.reopen(execution.seq)
          emit('execution.progress', { executionId: id, status: 'queued', step: null, approvalId: null })
        }
        return shown(id)
      })
      runner.pump()
      return answer
    },
  } satisfies RoomHandlers
}
