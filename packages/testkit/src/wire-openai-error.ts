import type { ErrorReply, Wire } from './wire-format.ts'

const TYPES: Readonly<Record<number, { type: string; code: string | null }>> = {
  400: { type: 'invalid_request_error', code: null },
  401: { type: 'invalid_request_error', code: 'invalid_api_key' },
  403: { type: 'invalid_request_error', code: 'unsupported_country_region_territory' },
  404: { type: 'invalid_request_error', code: 'model_not_found' },
  429: { type: 'requests', code: 'rate_limit_exceeded' },
}

/** OpenAI's error shape, shared by its two APIs; only the words for a full context differ. */
export function openaiError(fault: Parameters<Wire['error']>[0], overflow: string): ErrorReply {
  if (fault.kind === 'unauthorized')
    return failure(401, 'Incorrect API key provided. You can find your API key at https://platform.openai.com/account/api-keys.')
  if (fault.kind === 'overflow') {
    return { status: 400, body: { error: { message: overflow, type: 'invalid_request_error', param: 'messages', code: 'context_length_exceeded' } } }
  }
  return failure(fault.status, fault.message ?? `The request failed with status ${fault.status}.`)
}

function failure(status: number, message: string): ErrorReply {
  const { type, code } = TYPES[status] ?? { type: 'server_error', code: null }
  return { status, body: { error: { message, type, param: null, code } } }
}
