import { untilAborted } from './abort.ts'
import { costOf, type Reservation } from './budget.ts'
import { asModelError, isUnbilled } from './retry.ts'
import type { Run } from './run.ts'
import { estimateText } from './tokens.ts'
import {
  type EngineEvent,
  type FinishReason,
  type Model,
  ModelError,
  type ModelPart,
  type ModelRequest,
  type ReasoningPart,
  type TextPart,
  type TokenUsage,
  type ToolCallPart,
} from './types.ts'

/** A model call that failed, and how long to wait before the next try (null: none with this model). */
export interface Broken {
  readonly error: ModelError
  readonly waitMs: number | null
}
type Content = (TextPart | ReasoningPart | ToolCallPart)[]
interface Answer {
  content: Content
  shown: string
  began: boolean
  firstTokenAt: number | null
  finish: { reason: FinishReason; usage: TokenUsage } | null
}

/**
 * One request to a model as lines of the ledger: requested, each delta as it comes, then finished or broken. The stream is read no faster than the
 * lines are taken. A stop of the run breaks it at once, also when the provider hangs. Returns null for a finished call.
 */
export async function* streamModel(
  run: Run,
  model: Model,
  request: ModelRequest,
  reservation: Reservation,
  waitMs: (error: ModelError) => number | null,
): AsyncGenerator<EngineEvent, Broken | null> {
  const { ports } = run
  const step = run.state().step + 1
  const messageId = ports.newId('message')
  yield { type: 'step.requested', step, messageId, model: model.id, request, reservedUsd: reservation.reservedUsd }
  const startedAt = ports.now()
  const answer: Answer = { content: [], shown: '', began: false, firstTokenAt: null, finish: null }
  try {
    for await (const part of partsOf(model, request, run.signal)) {
      answer.began = true
      if (part.type === 'text' || part.type === 'reasoning') {
        if (part.text === '') continue
        answer.firstTokenAt ??= ports.now()
        answer.shown += part.text
        yield { type: part.type, messageId, text: part.text }
      }
      collect(answer, part, () => ports.newId('call'))
      if (answer.finish) break
    }
    const { finish, content } = answer
    if (!finish) throw new ModelError('network', 'The answer ended before it was complete.')
    if (finish.reason === 'other' && !says(content)) throw new ModelError('network', 'The model ended its answer without a word.')
    yield {
      type: 'step.finished',
      step,
      messageId,
      model: model.id,
      content,
      reason: finish.reason,
      usage: finish.usage,
      costUsd: costOf(finish.usage, model.price),
      durationMs: ports.now() - startedAt,
      firstTokenMs: answer.firstTokenAt === null ? null : answer.firstTokenAt - startedAt,
      elapsedMs: run.clock.elapsedMs(),
    }
    return null
  } catch (thrown) {
    const error = asModelError(thrown)
    const stopped = run.halted() !== null
    const broken = { error, waitMs: stopped ? null : waitMs(error) }
    yield {
      type: 'step.broken',
      step,
      messageId,
      error: { kind: stopped ? 'stopped' : error.kind, message: stopped ? 'The run was stopped.' : error.message, status: error.status ?? null },
      waitMs: broken.waitMs,
      chargedUsd: chargeOf(answer, error, stopped, model, reservation),
      elapsedMs: run.clock.elapsedMs(),
    }
    return broken
  }
}

/** The parts of a model's stream. Ends by throwing as soon as the signal is aborted; a stream that is left early is closed, without waiting for it. */
export async function* partsOf(model: Model, request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelPart> {
  signal.throwIfAborted()
  const iterator = model.stream(request, signal)[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await untilAborted(iterator.next(), signal)
      if (next.done) return
      yield next.value
    }
  } finally {
    // A hung provider must not hold the run up: closing is asked for, its outcome cannot matter any more.
    iterator.return?.().then(undefined, () => undefined)
  }
}

/** What a broken call is charged: its real cost if the provider told it, else the input and an estimate of what was shown. */
function chargeOf(answer: Answer, error: ModelError, stopped: boolean, model: Model, reservation: Reservation): number {
  if (answer.finish) return costOf(answer.finish.usage, model.price)
  if (!answer.began && !stopped && isUnbilled(error)) return 0
  return reservation.inputUsd + (estimateText(answer.shown) * model.price.output) / 1_000_000
}

const says = (content: Content): boolean => content.some((part) => part.type === 'tool_call' || (part.type === 'text' && part.text.trim() !== ''))

/** Adds a part to the answer: deltas of one kind run together, calls get an id of ours (a provider's may come twice). */
function collect(answer: Answer, part: ModelPart, newCallId: () => string): void {
  const { content } = answer
  const last = content.at(-1)
  if (part.type === 'text' || part.type === 'reasoning') {
    const joined = last?.type === part.type && !('metadata' in last)
    if (joined) content[content.length - 1] = { ...last, text: last.text + part.text }
    else content.push({ type: part.type, text: part.text })
  } else if (part.type === 'reasoning_end') {
    if (part.metadata === undefined) return
    if (last?.type === 'reasoning' && !('metadata' in last)) content[content.length - 1] = { ...last, metadata: part.metadata }
    else content.push({ type: 'reasoning', text: '', metadata: part.metadata })
  } else if (part.type === 'tool_call') content.push({ type: 'tool_call', callId: newCallId(), name: part.name, input: part.input })
  else answer.finish = { reason: part.reason, usage: part.usage }
}
