import type { RunStatus } from '@steward/contract/daemon'
import type { Ledger } from '../../engine/rebuild.ts'
import type { EngineEvent, ModelMessage } from '../../engine/types.ts'
import type { Emit } from '../../platform/storage/event-log.ts'
import type { RunDeps, UsageLine } from './ports.ts'
import type { RunRecord } from './store.ts'
import type { TextWriter } from './text-writer.ts'

export type Of<T extends EngineEvent['type']> = Extract<EngineEvent, { type: T }>
/** What is written down for the engine events of these types. */
export type WritersOf<T extends EngineEvent['type']> = { readonly [K in T]: (event: Of<K>) => void | Promise<void> }
export const nothing: UsageLine = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: 0 }

export interface WriterOptions {
  readonly run: RunRecord
  readonly state: Ledger
  readonly nextLine: number
  readonly toolId: (modelName: string) => string
  /** The stored message behind a steering message, so that it is not stored twice. */
  readonly steered: WeakMap<ModelMessage, string>
  readonly suggestion: (callId: string) => unknown
}

/** The open page of one run's ledger: where its next line goes, what the run's status is, and how a line is committed with its rows and events. */
export function createSheet(deps: RunDeps, { run, state, nextLine, toolId, steered, suggestion }: WriterOptions) {
  const { runs, ledger, sessions, messages, approvals } = deps
  const place = { sessionId: run.sessionId, runId: run.id }
  let line = nextLine
  let status: RunStatus = 'running'
  let resets = 0

  const record = (event: EngineEvent['type'] | 'resumed', data: object) => ledger.append(run.id, line++, new Date().toISOString(), event, data)
  const setStatus = (emit: Emit, next: RunStatus, more: { stop?: string | null; message?: string | null } = {}) => {
    if (next === status) return
    emit('status', { status: next, previous: status, stop: more.stop ?? null, message: more.message ?? null, resumes: run.resumes }, place)
    status = next
    if (next === 'running' || next === 'waiting') {
      runs.setStatus(run.id, next)
      sessions.update(run.sessionId, { status: next })
    }
  }
  const usage = (
    emit: Emit,
    model: string,
    spent: UsageLine,
    more: { turns?: number; tools?: number; compactions?: number; durationMs?: number; stopReason?: string | null },
  ) => {
    runs.spend(run.id, spent)
    sessions.spend(run.sessionId, spent)
    const total = runs.find(run.id)?.usage ?? nothing
    emit(
      'usage',
      {
        agentId: run.agentId,
        model,
        ...spent,
        turns: 0,
        tools: 0,
        compactions: 0,
        durationMs: 0,
        stopReason: null,
        ...more,
        resetMarker: run.resumes + resets,
        total,
      },
      place,
    )
  }
  /** Commits a line; a line counter that ran ahead of a failed commit is set back. */
  const commit = (write: (emit: Emit) => void) => {
    const before = line
    const was = status
    try {
      deps.commit(write)
    } catch (error) {
      line = before
      status = was
      throw error
    }
  }
  const anyWaiting = (except: string) => approvals.waitingOfRun(run.id).some(({ callId }) => callId !== except)

  /** A message that was cut off: its shown words stay, an empty one goes. */
  function closeCut(emit: Emit, messageId: string, shown: { text: string; reasoning: string }, model: string) {
    if (shown.text === '' && shown.reasoning === '') return messages.remove(messageId)
    const reasoning = shown.reasoning || null
    messages.close(messageId, 'interrupted', shown.text, reasoning, null, model)
    emit(
      'message.final',
      { messageId, role: 'assistant', text: shown.text, reasoning, toolCalls: [], model, reason: 'interrupted', interrupted: true },
      place,
    )
  }
  return {
    run,
    place,
    toolId,
    steered,
    suggestion,
    record,
    setStatus,
    usage,
    commit,
    anyWaiting,
    closeCut,
    /** What the ledger tells so far. */
    now: state,
    text: undefined as TextWriter | undefined,
    status: () => status,
    begunAs: (begun: RunStatus) => void (status = begun),
    /** Says that the run's figures begin anew. */
    reset: () => void resets++,
  }
}
export type Sheet = ReturnType<typeof createSheet>
