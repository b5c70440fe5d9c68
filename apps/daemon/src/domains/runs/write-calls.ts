import type { RunApproval } from '@steward/contract/daemon'
import { newId } from '../../platform/ids.ts'
import { hashOf } from '../../tools/permissions/approved.ts'
import { nothing, type Sheet, type WritersOf } from './ledger-sheet.ts'
import type { RunDeps } from './ports.ts'

/** What is written for tool calls, from the question whether they may run to what came of them. */
export function callWriters(deps: RunDeps, sheet: Sheet): WritersOf<'call.waiting' | 'call.settled' | 'call.started' | 'call.finished'> {
  const { runs, calls, approvals } = deps
  const { run, place, record, setStatus, usage, commit, anyWaiting, toolId, suggestion } = sheet
  return {
    'call.waiting'({ call }) {
      const decision = call.decision
      const at = new Date()
      const input = deps.redact(call.input)
      const approval: RunApproval = {
        id: newId('apr'),
        ...place,
        executionId: null,
        callId: call.callId,
        toolId: toolId(call.name),
        input,
        hash: hashOf(toolId(call.name), call.input),
        reason: decision.action === 'ask' ? decision.reason : '',
        preview: decision.action === 'ask' ? deps.redact(decision.preview) : null,
        suggested: (suggestion(call.callId) ?? null) as never,
        status: 'waiting',
        settledBy: null,
        note: null,
        createdAt: at.toISOString(),
        expiresAt: new Date(at.getTime() + deps.setting('runs.approvalMinutes') * 60_000).toISOString(),
        settledAt: null,
      }
      commit((emit) => {
        record('call.waiting', { callId: call.callId })
        calls.setStatus(call.callId, 'waiting')
        approvals.insert(approval)
        emit('approval.asked', { approval }, place)
        setStatus(emit, 'waiting')
      })
    },
    'call.settled'({ callId, settlement }) {
      commit((emit) => {
        record('call.settled', { callId, settlement })
        if (settlement.action === 'approve') calls.setStatus(callId, 'approved')
        if (!anyWaiting(callId)) setStatus(emit, 'running')
      })
    },
    'call.started'({ call }) {
      commit((emit) => {
        record('call.started', { callId: call.callId })
        calls.start(call.callId, deps.redact(call.input), new Date().toISOString())
        emit('tool.started', { callId: call.callId, toolId: toolId(call.name) }, place)
      })
      return deps.log.durable()
    },
    'call.finished'({ callId, name, outcome, durationMs, elapsedMs }) {
      const output = deps.redact(outcome.output)
      const words = deps.redact(outcome.text)
      commit((emit) => {
        record('call.finished', { callId, name, status: outcome.status, durationMs, elapsedMs })
        const waiting = approvals.waitingOfRun(run.id).find((approval) => approval.callId === callId)
        if (waiting && approvals.settle(waiting.id, 'cancelled', null, null, new Date().toISOString()))
          emit('approval.settled', { approvalId: waiting.id, callId, status: 'cancelled', settledBy: null, scope: 'once', note: null }, place)
        calls.finish(callId, outcome.status, output, words, new Date().toISOString())
        runs.count(run.id, { toolCalls: 1, elapsedMs: elapsedMs ?? 0 })
        emit('tool.result', { callId, toolId: toolId(name), status: outcome.status, output, text: words, durationMs }, place)
        usage(emit, run.model, nothing, { tools: 1 })
      })
    },
  }
}
