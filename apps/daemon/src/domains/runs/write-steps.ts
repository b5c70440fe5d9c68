import { textOf } from '../../engine/messages.ts'
import { newId } from '../../platform/ids.ts'
import { placeOf } from './history.ts'
import { nothing, type Sheet, type WritersOf } from './ledger-sheet.ts'
import type { RunDeps } from './ports.ts'
import { createTextWriter } from './text-writer.ts'

type Steps = 'step.requested' | 'text' | 'reasoning' | 'step.broken' | 'step.finished' | 'noted' | 'compaction.requested' | 'compacted' | 'finished'
/** What is written for model steps, their words, notes to the model, compaction and the end. */
export function stepWriters(deps: RunDeps, sheet: Sheet): WritersOf<Steps> {
  const { runs, ledger, calls, sessions, messages, live } = deps
  const { run, place, record, setStatus, usage, commit, closeCut, toolId, steered, reset } = sheet
  return {
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
      sheet.text = createTextWriter(deps, run.sessionId, event.messageId)
      return deps.log.durable()
    },
    text: (event) => sheet.text?.push('text', event.text),
    reasoning: (event) => sheet.text?.push('reasoning', event.text),
    'step.broken'(event) {
      const shown = sheet.text?.finish() ?? { text: '', reasoning: '' }
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
      sheet.text?.finish()
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
      reset()
      commit((emit) => {
        const { type: _type, ...rest } = event
        record(event.type, rest)
        sessions.update(run.sessionId, {
          compaction: { summary: event.summary, position: placeOf(rows, sheet.now.messages.length - event.keptFrom) },
        })
        const compacted = { summary: event.summary, beforeTokens: event.beforeTokens, afterTokens: event.afterTokens, forced: event.forced }
        deps.marks.insert(run.sessionId, (rows.at(-1)?.position ?? 0) + 1, new Date().toISOString(), { kind: 'compacted', ...compacted })
        emit('conversation.compacted', compacted, place)
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
}
