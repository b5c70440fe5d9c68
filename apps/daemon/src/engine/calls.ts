import { untilAborted } from './abort.ts'
import { dispatch, type Entry } from './dispatch.ts'
import { callsOf } from './messages.ts'
import type { Run } from './run.ts'
import type { CallOutcome, EngineEvent, OpenCall, PreparedCall, RunLimits } from './types.ts'

const unknownWords =
  'The outcome of this call is unknown: Steward was interrupted after the call had started, and it may or may not have had its effect. Verify what happened before you repeat it.'

/**
 * Brings every open call to an outcome: prepares all in order, answers those that may not run, hands the rest to the dispatcher. A call that had
 * started before a crash runs again only if it is repeatable; otherwise the model is told that its outcome is unknown. When the run is stopped,
 * what is still open is cancelled.
 */
export async function* callTools(run: Run, limits: RunLimits): AsyncGenerator<EngineEvent> {
  const excess = excessCalls(run, limits)
  const entries: Entry[] = []
  for (const call of run.state().open) {
    if (run.halted()) break
    if (call.stage !== 'started' && excess.has(call.callId)) {
      yield answer(call, 'failed', `limit: the run reached its limit of ${limits.toolCalls} tool calls, this one was not run.`)
      continue
    }
    const prepared = await prepare(run, call)
    if (prepared === null) break
    const refusal = refuse(call, prepared)
    if (refusal) yield answer(call, refusal.status, refusal.text)
    else entries.push({ call: prepared, stage: call.stage })
  }
  yield* dispatch(run, entries, limits.outputBytes)
  for (const call of run.state().open) yield answer(call, ...leftOver(run, call))
}

/** Those calls of the last batch that go beyond the limit; counted from the batch, so that a restart finds the same ones. */
function excessCalls(run: Run, limits: RunLimits): ReadonlySet<string> {
  const { spent, messages } = run.state()
  const over = spent.toolCalls - limits.toolCalls
  const asking = messages.findLast((message) => message.role === 'assistant')
  if (over <= 0 || !asking) return new Set()
  return new Set(
    callsOf(asking.content)
      .slice(-over)
      .map((call) => call.callId),
  )
}

/** The judged call, or null when the run was stopped meanwhile. A host that fails to judge a call is an invalid call to the model. */
async function prepare(run: Run, call: OpenCall): Promise<PreparedCall | null> {
  const { callId, name, input } = call
  try {
    return await untilAborted(run.ports.prepare({ type: 'tool_call', callId, name, input }), run.signal)
  } catch (error) {
    if (run.halted()) return null
    const invalid = `The call could not be prepared: ${error instanceof Error ? error.message : String(error)}`
    return { callId, name, input, invalid, access: 'write', repeatable: false, targets: [], decision: { action: 'deny', reason: invalid } }
  }
}

/** Why a prepared call may not run; null when it may, or when a person is to be asked. */
function refuse(call: OpenCall, prepared: PreparedCall): { status: CallOutcome['status']; text: string } | null {
  if (call.stage === 'started' && (prepared.invalid !== undefined || !prepared.repeatable)) return { status: 'unknown', text: unknownWords }
  if (prepared.invalid !== undefined) return { status: 'failed', text: prepared.invalid }
  if (prepared.decision.action === 'deny') return { status: 'denied', text: prepared.decision.reason }
  return null
}

function leftOver(run: Run, call: OpenCall): [CallOutcome['status'], string] {
  const why = run.halted() === 'minutes' ? 'the run reached its time limit' : 'the run was cancelled'
  if (call.stage !== 'started') return ['cancelled', `Not run: ${why}.`]
  return ['cancelled', `Stopped while it ran, because ${why}. It may have had a part of its effect: verify before you repeat it.`]
}

function answer(call: OpenCall, status: CallOutcome['status'], text: string): EngineEvent {
  return { type: 'call.finished', callId: call.callId, name: call.name, outcome: { status, output: null, text }, durationMs: 0 }
}
