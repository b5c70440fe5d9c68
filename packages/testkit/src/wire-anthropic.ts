import { callsOf, finishOf, frame, modelOf, pieces, usageOf, whole } from './wire-format.ts'
import type { Frame, Wire } from './wire-format.ts'
import type { Turn } from './wire-script.ts'

const STOP = { stop: 'end_turn', tool_calls: 'tool_use', length: 'max_tokens', content_filter: 'refusal' } as const
const TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  529: 'overloaded_error',
}
const SIGNATURE = 'c2lnbmF0dXJlLW9mLXRoZS10aG91Z2h0'

const event = (type: string, data: object = {}, delta = false): Frame => frame({ type, ...data }, delta, type)

/** Anthropic Messages (`POST /v1/messages`), API version 2023-06-01. */
export const anthropicWire: Wire = {
  format: 'anthropic',
  frames(turn, index, request) {
    const usage = usageOf(turn)
    const input = {
      input_tokens: usage.input,
      cache_creation_input_tokens: usage.cacheWrite,
      cache_read_input_tokens: usage.cacheRead,
    }
    const message = { ...envelope(index, modelOf(request)), content: [], stop_reason: null, usage: { ...input, output_tokens: 1 } }
    const frames = [event('message_start', { message }), event('ping')]
    let block = 0
    const add = (start: object, deltas: readonly object[]): void => {
      frames.push(event('content_block_start', { index: block, content_block: start }))
      for (const delta of deltas) frames.push(event('content_block_delta', { index: block, delta }, !('signature' in delta)))
      frames.push(event('content_block_stop', { index: block }))
      block += 1
    }
    if (turn.reasoning !== undefined) {
      const thoughts = pieces(turn.reasoning).map((thinking) => ({ type: 'thinking_delta', thinking }))
      add({ type: 'thinking', thinking: '', signature: '' }, [...thoughts, { type: 'signature_delta', signature: SIGNATURE }])
    }
    if (turn.text !== undefined) {
      add(
        { type: 'text', text: '' },
        pieces(turn.text).map((text) => ({ type: 'text_delta', text })),
      )
    }
    for (const call of callsOf(turn, index, 'toolu_')) {
      const deltas = ['', ...pieces(call.json, 9)].map((partial_json) => ({ type: 'input_json_delta', partial_json }))
      add({ type: 'tool_use', id: call.id, name: call.name, input: {} }, deltas)
    }
    frames.push(
      event('message_delta', { delta: { stop_reason: STOP[finishOf(turn)], stop_sequence: null }, usage: { output_tokens: usage.output } }),
      event('message_stop'),
    )
    return frames
  },
  body(turn, index, request) {
    const usage = usageOf(turn)
    return {
      ...envelope(index, modelOf(request)),
      content: content(turn, index),
      stop_reason: STOP[finishOf(turn)],
      usage: {
        input_tokens: usage.input,
        output_tokens: usage.output,
        cache_creation_input_tokens: usage.cacheWrite,
        cache_read_input_tokens: usage.cacheRead,
      },
    }
  },
  error(fault) {
    if (fault.kind === 'unauthorized') return failure(401, 'invalid x-api-key')
    if (fault.kind === 'overflow') return failure(400, 'prompt is too long: 250000 tokens > 200000 maximum')
    return failure(fault.status, fault.message ?? (fault.status === 529 ? 'Overloaded' : `The request failed with status ${fault.status}.`))
  },
  errorEvent: (message) => event('error', { error: { type: 'overloaded_error', message } }),
  textDelta: (text) => event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } }, true),
}

function envelope(index: number, model: string): object {
  return { id: `msg_${index}`, type: 'message', role: 'assistant', model, stop_sequence: null }
}

function content(turn: Turn, index: number): object[] {
  return [
    ...(turn.reasoning === undefined ? [] : [{ type: 'thinking', thinking: turn.reasoning, signature: SIGNATURE }]),
    ...(turn.text === undefined ? [] : [{ type: 'text', text: whole(turn.text) }]),
    ...callsOf(turn, index, 'toolu_').map(({ id, name, json }) => ({ type: 'tool_use', id, name, input: JSON.parse(json) as unknown })),
  ]
}

function failure(status: number, message: string): { status: number; body: object } {
  return { status, body: { type: 'error', error: { type: TYPES[status] ?? 'api_error', message }, request_id: 'req_wire' } }
}
