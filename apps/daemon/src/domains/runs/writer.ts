import { createHash } from 'node:crypto'
import type { Approval, RunStatus } from '@steward/contract/daemon'
import { textOf } from '../../engine/messages.ts'
import { applyEvent, type Ledger } from '../../engine/rebuild.ts'
import type { EngineEvent, ModelMessage } from '../../engine/types.ts'
import { newId } from '../../platform/ids.ts'
import type { Emit } from '../../platform/storage/event-log.ts'
import { placeOf } from './history.ts'
import type { RunDeps, UsageLine } from './ports.ts'
import type { RunRecord } from './store.ts'
import { createTextWriter, type TextWriter } from './text-writer.ts'

type Of<T extends EngineEvent['type']> = Extract<EngineEvent, { type: T }>
const nothing: UsageLine = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, costUsd: 0 }

export interface WriterOptions {
  readonly run: RunRecord
  readonly state: Ledger
  readonly nextLine: number
  readonly toolId: (modelName: string) => string
  /** The stored message behind a steering message, so that it is not stored twice. */
  readonly steered: WeakMap<ModelMessage, string>
  readonly suggestion: (callId: string) => unknown
}

/**
 * Writes down what the engine says: each line of the ledger with the rows and events that tell of it, in one transaction. Resolves when the
 * engine may go on: for a line that announces a deed that is when the line is on disk.
 */
export function createWriter(deps: RunDeps, { run, state, nextLine, toolId, steered, suggestion }: WriterOptions) {
  const { runs, ledger, calls, sessions, messages, approvals, live } = deps
  const place = { sessionId: run.sessionId, runId: run.id }
  let now = state
  let line = nextLine
  let text: TextWriter | undefined
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

  const writers: { [T in EngineEvent['type']]: (event: Of<T>) => void | Promise<void> } = {
    'step.requested'(event) {
      commit((emit) => {
        const { request, type: _type, ...rest } = event
        record(event.type, { ...rest, request: ledger.saveRequest(deps.redact(request)) })
        messages.insert({
          id: event.messageId,
          ...place,
          position: sessions.nextPosition(run.sessionId),
          role: 'assistant',
          status: 'streaming',
          delivery: 'queue',
          text: '',
          reasoning: null,
          model: event.model,
          parts: null,
          origin: null,
          synthetic: false,
          createdAt: new Date().toISOString(),
        })
        runs.count(run.id, { steps: 1, model: event.model })
        emit('step.started', { step: event.step, messageId: event.messageId, model: event.model, reservedUsd: event.reservedUsd }, place)
      })
      live.begin(run.sessionId, run.id, event.messageId)
      text = createTextWriter(deps, run.sessionId, event.messageId)
      return deps.log.durable()
    },
    text: (event) => text?.push('text', event.text),
    reasoning: (event) => text?.push('reasoning', event.text),
    'step.broken'(event) {
      const shown = text?.finish() ?? { text: '', reasoning: '' }
      const model = messages.find(event.messageId)?.model ?? run.model
      commit((emit) => {
        const { type: _type, ...rest } = event
        record(event.type, { ...rest, error: { ...event.error, message: deps.redact(event.error.message) } })
        closeCut(emit, event.messageId, shown, model)
        usage(emit, model, { ...nothing, costUsd: event.chargedUsd }, {})
        runs.count(run.id, { elapsedMs: event.elapsedMs ?? 0 })
        if (event.error.kind !== 'stopped')
          emit('error', { kind: event.error.kind, message: deps.redact(event.error.message), retryInMs: event.waitMs }, place)
      })
      live.end(run.sessionId)
    },
    'step.finished'(event) {
      text?.finish()
      const words = textOf(event.content)
      const reasoning = event.content.map((part) => (part.type === 'reasoning' ? part.text : '')).join('') || null
      const asked = event.content.filter((part) => part.type === 'tool_call')
      const content = event.content.map((part) => (part.type === 'tool_call' ? { ...part, input: deps.redact(part.input) } : part))
      commit((emit) => {
        const { content: _content, type: _type, ...rest } = event
        record(event.type, rest)
        messages.close(event.messageId, 'final', words, reasoning, content, event.model)
        const toolCalls = asked.map((part, ordinal) => {
          const call = {
            id: part.callId,
            ...place,
            messageId: event.messageId,
            toolId: toolId(part.name),
            input: deps.redact(part.input),
            status: 'asked' as const,
            output: null,
            text: null,
            createdAt: new Date().toISOString(),
            startedAt: null,
            finishedAt: null,
          }
          calls.insert(call, ordinal)
          return call
        })
        runs.count(run.id, { elapsedMs: event.elapsedMs ?? 0 })
        emit(
          'message.final',
          {
            messageId: event.messageId,
            role: 'assistant',
            text: words,
            reasoning,
            toolCalls: toolCalls.map((call) => ({ id: call.id, toolId: call.toolId, input: call.input })),
            model: event.model,
            reason: event.reason,
            interrupted: false,
          },
          place,
        )
        for (const call of toolCalls) emit('tool.call', { call }, place)
        usage(emit, event.model, { ...event.usage, costUsd: event.costUsd }, { turns: 1, durationMs: event.durationMs })
      })
      live.end(run.sessionId)
    },
    'call.waiting'({ call }) {
      const decision = call.decision
      const at = new Date()
      const input = deps.redact(call.input)
      const approval: Approval = {
        id: newId('apr'),
        ...place,
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
    noted(event) {
      const known = steered.get(event.message)
      commit((emit) => {
        const position = sessions.nextPosition(run.sessionId)
        if (known !== undefined) {
          messages.take(known, run.id, position)
          emit('message.taken', { messageId: known, position }, place)
          record('noted', { why: event.why, messageId: known })
          return
        }
        const messageId = newId('msg')
        const words = event.message.content.map((part) => (part.type === 'text' ? part.text : '')).join('')
        const createdAt = new Date().toISOString()
        const message = {
          id: messageId,
          ...place,
          position,
          role: 'user' as const,
          status: 'final' as const,
          text: words,
          reasoning: null,
          model: null,
          origin: null,
          synthetic: true,
          createdAt,
        }
        messages.insert({ ...message, delivery: 'queue', parts: null })
        emit('message.created', { message: { ...message, attachments: [], toolCalls: [] } }, place)
        record('noted', { why: event.why, messageId })
      })
    },
    'compaction.requested'(event) {
      commit(() => {
        const { request, type: _type, ...rest } = event
        record(event.type, { ...rest, request: ledger.saveRequest(deps.redact(request)) })
      })
      return deps.log.durable()
    },
    compacted(event) {
      const session = sessions.find(run.sessionId)
      const rows = messages.between(run.sessionId, session?.compaction?.position ?? 0, Number.MAX_SAFE_INTEGER)
      resets++
      commit((emit) => {
        const { type: _type, ...rest } = event
        record(event.type, rest)
        sessions.update(run.sessionId, { compaction: { summary: event.summary, position: placeOf(rows, now.messages.length - event.keptFrom) } })
        emit(
          'conversation.compacted',
          { summary: event.summary, beforeTokens: event.beforeTokens, afterTokens: event.afterTokens, forced: event.forced },
          place,
        )
        usage(emit, event.model, { ...event.usage, costUsd: event.costUsd }, { compactions: 1 })
      })
    },
    finished(event) {
      const message = event.message === null ? null : deps.redact(event.message)
      commit((emit) => {
        record('finished', { status: event.status, stop: event.stop, message, output: event.output ?? null })
        for (const left of messages.streaming(run.id)) closeCut(emit, left.id, messages.shown(left.id), left.model ?? run.model)
        runs.finish(
          run.id,
          { status: event.status, stop: event.stop, error: event.status === 'completed' ? null : message, output: event.output },
          new Date().toISOString(),
        )
        usage(emit, run.model, nothing, { stopReason: event.stop })
        if (event.status === 'failed') emit('error', { kind: event.stop, message: message ?? 'The run failed.', retryInMs: null }, place)
        setStatus(emit, event.status, { stop: event.stop, message })
        const next = runs.active(run.sessionId)
        sessions.update(run.sessionId, { status: next ? (next.status as 'queued' | 'running' | 'waiting') : 'idle' })
      })
      live.end(run.sessionId)
    },
  }
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
    async write(event: EngineEvent): Promise<void> {
      await (writers[event.type] as (event: EngineEvent) => void | Promise<void>)(event)
      now = applyEvent(now, event)
    },
    /**
     * Closes what a crash left open, in one transaction: half-written messages keep the words that were shown, the model call in flight is charged
     * what it had reserved, and the taking-up is counted.
     */
    takeUp(counts: boolean, charge: { model: string; costUsd: number } | null) {
      commit((emit) => {
        record('resumed', { resumes: counts ? runs.resume(run.id) : run.resumes, counts })
        for (const left of messages.streaming(run.id)) closeCut(emit, left.id, messages.shown(left.id), left.model ?? run.model)
        if (charge !== null && charge.costUsd > 0) usage(emit, charge.model, { ...nothing, costUsd: charge.costUsd }, {})
      })
    },
    status: () => status,
    setWaiting(waiting: boolean) {
      commit((emit) => setStatus(emit, waiting ? 'waiting' : anyWaiting('') ? 'waiting' : 'running'))
    },
    begunAs: (begun: RunStatus) => void (status = begun),
    stop: () => text?.stop(),
  }
}
/** Binds an approval to exactly one call: SHA-256 over the tool and its input. */
export const hashOf = (tool: string, input: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify([tool, input]))
    .digest('hex')
