import { callsOf, finishOf, frame, modelOf, pieces, usageOf, whole } from './wire-format.ts'
import type { Wire } from './wire-format.ts'
import { openaiError } from './wire-openai-error.ts'
import type { Turn, WireRequest } from './wire-script.ts'

/** OpenAI chat completions (`POST /v1/chat/completions`), with `reasoning_content` as the compatible vendors send it. */
export const openaiChatWire: Wire = {
  format: 'openai-chat',
  frames(turn, index, request) {
    const chunk = (delta: object, isDelta = true, finish: string | null = null) =>
      frame({ ...envelope('chat.completion.chunk', index, request), choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }] }, isDelta)
    const frames = [chunk({ role: 'assistant', content: turn.text === undefined ? null : '' }, false)]
    for (const text of pieces(turn.reasoning)) frames.push(chunk({ reasoning_content: text }))
    for (const text of pieces(turn.text)) frames.push(chunk({ content: text }))
    callsOf(turn, index, 'call_').forEach((call, place) => {
      const opening = { index: place, id: call.id, type: 'function', function: { name: call.name, arguments: '' } }
      frames.push(chunk({ tool_calls: [opening] }, false))
      for (const piece of pieces(call.json, 9)) frames.push(chunk({ tool_calls: [{ index: place, function: { arguments: piece } }] }))
    })
    frames.push(chunk({}, false, finishOf(turn)))
    if (wantsUsage(request)) frames.push(frame({ ...envelope('chat.completion.chunk', index, request), choices: [], usage: usage(turn) }))
    frames.push(frame('[DONE]'))
    return frames
  },
  body(turn, index, request) {
    const calls = callsOf(turn, index, 'call_').map(({ id, name, json }) => ({ id, type: 'function', function: { name, arguments: json } }))
    const message = {
      role: 'assistant',
      content: turn.text === undefined ? null : whole(turn.text),
      ...(turn.reasoning === undefined ? {} : { reasoning_content: turn.reasoning }),
      ...(calls.length > 0 ? { tool_calls: calls } : {}),
    }
    const choice = { index: 0, message, logprobs: null, finish_reason: finishOf(turn) }
    return { ...envelope('chat.completion', index, request), choices: [choice], usage: usage(turn) }
  },
  error: (fault) =>
    openaiError(
      fault,
      "This model's maximum context length is 128000 tokens. However, your messages resulted in 130000 tokens. Please reduce the length of the messages.",
    ),
  errorEvent: (message) => frame({ error: { message, type: 'server_error', param: null, code: 'server_overloaded' } }),
  textDelta: (text, index, request) =>
    frame({ ...envelope('chat.completion.chunk', index, request), choices: [{ index: 0, delta: { content: text }, finish_reason: null }] }, true),
}

function envelope(object: string, index: number, request: WireRequest): object {
  return { id: `chatcmpl-${index}`, object, created: 1, model: modelOf(request), system_fingerprint: 'fp_wire' }
}

function wantsUsage(request: WireRequest): boolean {
  const options = request.body['stream_options']
  return typeof options === 'object' && options !== null && 'include_usage' in options && options.include_usage === true
}

function usage(turn: Turn): object {
  const { input, output, cacheRead, cacheWrite } = usageOf(turn)
  const prompt = input + cacheRead + cacheWrite
  return {
    prompt_tokens: prompt,
    completion_tokens: output,
    total_tokens: prompt + output,
    prompt_tokens_details: { cached_tokens: cacheRead, cache_write_tokens: cacheWrite },
    completion_tokens_details: { reasoning_tokens: 0 },
  }
}
