import { Fault } from '@steward/contract'
import type { Outcome } from '@steward/contract/daemon'
import type { Caller } from '@steward/kernel'
import type { RoomHandlers } from '../../platform/context.ts'
import { createExport } from './export.ts'
import { createForesee } from './foresee.ts'
import type { ExecutionDeps } from './ports.ts'
import { createResume } from './resume.ts'
import { createExecutionRunner } from './runner.ts'
import { createStart } from './start.ts'
import { toExecution } from './store.ts'

/** Executions: plans, single tools and workflows carried out, and their history. */
export function createExecutionsRoom(deps: ExecutionDeps) {
  const { executions, steps, approvals } = deps
  const runner = createExecutionRunner(deps)
  const start = createStart(deps)
  const foresee = createForesee(deps)
  const need = (id: string) => {
    const execution = executions.find(id)
    if (!execution) throw new Fault('not_found', `There is no execution ${id}.`)
    return execution
  }
  const shown = (id: string) => toExecution(need(id), approvals.waitingOf(id)[0]?.id ?? null)
  const outcomeOf = (id: string): Outcome => {
    const standing = executions.standing(id)
    if (!standing) throw new Fault('not_found', `There is no execution ${id}.`)
    const { status, outputs, errors } = standing
    if (status === 'queued' || status === 'running') return { id, status }
    const approvalId = status === 'waiting' ? approvals.waitingOf(id)[0]?.id : undefined
    return {
      id,
      status,
      outputs,
      ...(errors === null ? {} : { errors: [...errors] }),
      ...(approvalId === undefined ? {} : { approvalId }),
    }
  }
  /** What was done is told, also where the disk has no room for the newer answer: a twin gets the first one, which is as true. */
  const keepIfItCan = (keep: () => void) => {
    try {
      keep()
    } catch (error) {
      if (!(error instanceof Fault && error.code === 'unavailable')) throw error
    }
  }
  /** Executing a plan again gives what came of it the first time. */
  const earlier = (planId: string | undefined, caller: Caller) => {
    const found = planId === undefined ? undefined : executions.ofPlan(planId)
    return found?.caller === caller.id ? found : undefined
  }
  const handlers = {
    ...createExport(executions),
    ...createResume(deps, need, shown, runner),
    async 'executions.start'({ commit, keep, caller, signal }, { waitMs, dryRun, ...sent }) {
      const before = earlier(sent.planId, caller)
      if (before && !dryRun) {
        await runner.rest(before.id, waitMs, signal)
        return outcomeOf(before.id)
      }
      const work = await start.resolve(sent, caller)
      if (dryRun) return foresee(work, caller)
      const refusal = start.refusal(work, caller)
      if (refusal) {
        start.insert(deps.log.commit, work, caller, refusal)
        throw refusal.fault
      }
      // While the workspace was opened an equal call may have executed the plan.
      const twin = earlier(sent.planId, caller)
      const id = twin?.id ?? start.insert(commit, work, caller, null).id
      runner.pump()
      await runner.rest(id, waitMs, signal)
      const outcome = outcomeOf(id)
      keepIfItCan(() => keep(outcome))
      return outcome
    },
    async 'executions.get'(_context, { id }) {
      return shown(id)
    },
    async 'executions.steps'(_context, { id, ...page }) {
      return steps.list(need(id).seq, page)
    },
    async 'executions.wait'({ signal }, { id, waitMs }) {
      need(id)
      await runner.rest(id, waitMs, signal)
      await deps.log.durable()
      return outcomeOf(id)
    },
    async 'executions.cancel'({ commit, keep }, { id }) {
      need(id)
      commit(() => shown(id))
      await runner.cancel(id)
      const cancelled = shown(id)
      keepIfItCan(() => keep(cancelled))
      return cancelled
    },
    async 'executions.settle'({ commit, caller }, { id, decision, reason }) {
      const approval = approvals.find(id)
      if (!approval) throw new Fault('not_found', `There is no approval ${id}.`)
      const status = decision === 'approve' ? 'approved' : 'rejected'
      const settled = commit((emit) => {
        if (!approvals.settle(approval.id, status, caller.id, reason ?? null, new Date().toISOString())) return { settled: false }
        const { id: approvalId, callId, executionId } = approval
        emit('approval.settled', { approvalId, callId, status, settledBy: caller.id, scope: 'once', note: reason ?? null })
        if (executions.wake(executionId)) emit('execution.progress', { executionId, status: 'running', step: null, approvalId: null })
        return { settled: true }
      })
      if (settled.settled) runner.waits.ring(approval.id)
      return settled
    },
    async 'history.list'(_context, query) {
      return executions.list(query)
    },
  } satisfies RoomHandlers
  return {
    handlers,
    runner,
    counts: executions.counts,
  }
}
