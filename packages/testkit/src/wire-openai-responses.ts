import { callsOf, finishOf, frame, modelOf, pieces, usageOf, whole } from './wire-format.ts'
import type { Frame, Wire } from './wire-format.ts'
import { openaiError } from './wire-openai-error.ts'
import type { Turn, WireRequest } from './wire-script.ts'

const ENCRYPTED = 'ZW5jcnlwdGVkLXJlYXNvbmluZw=='

/** OpenAI Responses (`POST /v1/responses`). Every event carries its `type` twice and a running `sequence_number`, as OpenAI's do. */
export const openaiResponsesWire: Wire = {
  format: 'openai-responses',
  frames(turn, index, request) {
    const frames: Frame[] = []
    const emit = (type: string, data: object, delta = false) => frames.push(frame({ type, sequence_number: frames.length, ...data }, delta, type))
    const open = { ...envelope(index, request), status: 'in_progress', output: [], usage: null }
    emit('response.created', { response: open })
    emit('response.in_progress', { response: open })
    const output = items(turn, index)
    output.forEach((item, output_index) => emitItem(emit, item, output_index))
    const closed = { ...body(turn, index, request), output: output.map(({ done }) => done) }
    emit(finishOf(turn) === 'length' || finishOf(turn) === 'content_filter' ? 'response.incomplete' : 'response.completed', { response: closed })
    return frames
  },
  body,
  error: (fault) => openaiError(fault, 'Your input exceeds the context window of this model. Please adjust your input and try again.'),
  errorEvent: (message) => frame({ type: 'error', sequence_number: 99, code: 'server_overloaded', message, param: null }, false, 'error'),
  textDelta: (text, index) => {
    const data = { sequence_number: 0, item_id: `msg_${index}`, output_index: 0, content_index: 0, delta: text, logprobs: [] }
    return frame({ type: 'response.output_text.delta', ...data }, true, 'response.output_text.delta')
  },
}

interface Item {
  readonly kind: 'reasoning' | 'message' | 'function_call'
  readonly id: string
  readonly text: string
  readonly deltas: readonly string[]
  readonly started: object
  readonly done: object
}
type Emit = (type: string, data: object, delta?: boolean) => void

function items(turn: Turn, index: number): Item[] {
  const list: Item[] = []
  if (turn.reasoning !== undefined) {
    const item = { id: `rs_${index}`, type: 'reasoning', encrypted_content: ENCRYPTED }
    const done = { ...item, summary: [{ type: 'summary_text', text: turn.reasoning }] }
    list.push({ kind: 'reasoning', id: item.id, text: turn.reasoning, deltas: pieces(turn.reasoning), started: { ...item, summary: [] }, done })
  }
  if (turn.text !== undefined) {
    const item = { id: `msg_${index}`, type: 'message', role: 'assistant' }
    const text = whole(turn.text)
    const done = { ...item, status: 'completed', content: [textPart(text)] }
    list.push({ kind: 'message', id: item.id, text, deltas: pieces(turn.text), started: { ...item, status: 'in_progress', content: [] }, done })
  }
  callsOf(turn, index, 'call_').forEach((call, place) => {
    const item = { id: `fc_${index}_${place}`, type: 'function_call', call_id: call.id, name: call.name }
    const done = { ...item, status: 'completed', arguments: call.json }
    const started = { ...item, status: 'in_progress', arguments: '' }
    list.push({ kind: 'function_call', id: item.id, text: call.json, deltas: pieces(call.json, 9), started, done })
  })
  return list
}

function emitItem(emit: Emit, item: Item, output_index: number): void {
  const at = { item_id: item.id, output_index }
  emit('response.output_item.added', { output_index, item: item.started })
  if (item.kind === 'reasoning') {
    const part = { ...at, summary_index: 0 }
    emit('response.reasoning_summary_part.added', { ...part, part: { type: 'summary_text', text: '' } })
    for (const delta of item.deltas) emit('response.reasoning_summary_text.delta', { ...part, delta }, true)
    emit('response.reasoning_summary_text.done', { ...part, text: item.text })
    emit('response.reasoning_summary_part.done', { ...part, part: { type: 'summary_text', text: item.text } })
  }
  if (item.kind === 'message') {
    const part = { ...at, content_index: 0 }
    emit('response.content_part.added', { ...part, part: textPart('') })
    for (const delta of item.deltas) emit('response.output_text.delta', { ...part, delta, logprobs: [] }, true)
    emit('response.output_text.done', { ...part, text: item.text, logprobs: [] })
    emit('response.content_part.done', { ...part, part: textPart(item.text) })
  }
  if (item.kind === 'function_call') {
    for (const delta of item.deltas) emit('response.function_call_arguments.delta', { ...at, delta }, true)
    emit('response.function_call_arguments.done', { ...at, arguments: item.text })
  }
  emit('response.output_item.done', { output_index, item: item.done })
}

function textPart(text: string): object {
  return { type: 'output_text', text, annotations: [], logprobs: [] }
}

function envelope(index: number, request: WireRequest): object {
  return { id: `resp_${index}`, object: 'response', created_at: 1, model: modelOf(request), error: null, incomplete_details: null, metadata: {} }
}

function body(turn: Turn, index: number, request: WireRequest): object {
  const { input, output, cacheRead, cacheWrite } = usageOf(turn)
  const finish = finishOf(turn)
  const reason = finish === 'length' ? 'max_output_tokens' : finish === 'content_filter' ? 'content_filter' : null
  const total = input + cacheRead + cacheWrite
  return {
    ...envelope(index, request),
    status: reason === null ? 'completed' : 'incomplete',
    incomplete_details: reason === null ? null : { reason },
    output: items(turn, index).map(({ done }) => done),
    usage: {
      input_tokens: total,
      input_tokens_details: { cached_tokens: cacheRead, cache_write_tokens: cacheWrite },
      output_tokens: output,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: total + output,
    },
  }
}
