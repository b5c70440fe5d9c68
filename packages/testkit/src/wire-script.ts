/** The one script format that every wire format is served from. */

export type WireFormat = 'anthropic' | 'openai-chat' | 'openai-responses'

/** A model call as it arrived: the parsed body is kept whole. `at` is `performance.now()` of its arrival. */
export interface WireRequest {
  readonly format: WireFormat
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>>
  readonly at: number
}

export interface WireUsage {
  /** Tokens neither read from nor written to the cache. */
  readonly inputTokens?: number
  readonly outputTokens?: number
  readonly cacheReadTokens?: number
  readonly cacheWriteTokens?: number
}

export interface WireCall {
  readonly name: string
  readonly input?: unknown
  /** Sent as it is in place of `input`, for arguments that are no JSON. */
  readonly raw?: string
  /** Made from the turn's index and the call's place when absent, so that a repeated step gets the same id. */
  readonly id?: string
}

/**
 * What goes wrong with a turn. `times`: only for the first so many requests of that turn index; then the turn is answered as written.
 * `afterDeltas` counts deltas of text, reasoning and tool input.
 */
export type WireFault = { readonly times?: number } & (
  | { readonly kind: 'status'; readonly status: number; readonly message?: string; readonly retryAfter?: string | number }
  | { readonly kind: 'overflow' }
  | { readonly kind: 'unauthorized' }
  /** An error event inside a stream that began well: what vendors send when they are overloaded in mid-answer. */
  | { readonly kind: 'error-event'; readonly afterDeltas: number; readonly message?: string }
  /** The socket is destroyed. */
  | { readonly kind: 'cut'; readonly afterDeltas: number }
  /** The stream ends cleanly, but without its closing events. */
  | { readonly kind: 'unfinished'; readonly afterDeltas: number }
  /** An SSE event whose data is not JSON. */
  | { readonly kind: 'malformed'; readonly afterDeltas?: number }
  /** Nothing more until `release(gate)`, or until the promise settles. Without `afterDeltas` not even headers are sent. */
  | { readonly kind: 'hang'; readonly gate: string | Promise<unknown>; readonly afterDeltas?: number }
  /** Text deltas without end, one every `deltaMs` (default 1). */
  | { readonly kind: 'endless' }
)

/** One answer of the model. A text array is sent delta by delta, a plain string in pieces of about 12 characters. */
export interface Turn {
  readonly text?: string | readonly string[]
  readonly reasoning?: string
  readonly calls?: readonly WireCall[]
  readonly usage?: WireUsage
  /** Defaults to `tool_calls` when there are calls, else `stop`. */
  readonly finish?: 'stop' | 'tool_calls' | 'length' | 'content_filter'
  /** Wait before the first byte, ms. */
  readonly firstByteMs?: number
  /** Wait before each delta, ms. */
  readonly deltaMs?: number
  readonly fault?: WireFault
}

/** Chooses the answer by what the request holds, so that a step asked again after a crash gets the same answer. */
export type Script = (request: WireRequest) => Turn

type Item = Readonly<Record<string, unknown>>

/** How many assistant turns the request already holds. Neighbouring assistant entries count as one. */
export function turnIndex(request: WireRequest): number {
  let turns = 0
  let inside = false
  for (const item of items(request)) {
    const assistant = isAssistant(item)
    if (assistant && !inside) turns += 1
    inside = assistant
  }
  return turns
}

/** All tool results of the conversation, in order. `isError` is known to Anthropic's format alone and false elsewhere. */
export function toolResults(request: WireRequest): { callId: string; text: string; isError: boolean }[] {
  return items(request).flatMap((item) => {
    if (item['role'] === 'tool') return [{ callId: String(item['tool_call_id']), text: textOf(item['content']), isError: false }]
    if (item['type'] === 'function_call_output') return [{ callId: String(item['call_id']), text: textOf(item['output']), isError: false }]
    return parts(item['content'])
      .filter((part) => part['type'] === 'tool_result')
      .map((part) => ({ callId: String(part['tool_use_id']), text: textOf(part['content']), isError: part['is_error'] === true }))
  })
}

/** The text of the last user message that has any; empty when there is none. */
export function lastUserText(request: WireRequest): string {
  return (
    items(request)
      .filter((item) => item['role'] === 'user')
      .map((item) => textOf(item['content']))
      .findLast((text) => text !== '') ?? ''
  )
}

/** Answers by `turnIndex`: the n-th turn to a conversation that holds n assistant turns. A conversation that goes on beyond them is refused. */
export function script(turns: readonly Turn[]): Script {
  return (request) => {
    const index = turnIndex(request)
    return (
      turns[index] ?? { fault: { kind: 'status', status: 400, message: `The script has ${turns.length} turns and was asked for turn ${index}.` } }
    )
  }
}

function items(request: WireRequest): readonly Item[] {
  const list = request.format === 'openai-responses' ? request.body['input'] : request.body['messages']
  if (typeof list === 'string') return [{ role: 'user', content: list }]
  return parts(list)
}

function isAssistant(item: Item): boolean {
  return item['role'] === 'assistant' || item['type'] === 'function_call' || item['type'] === 'reasoning' || item['type'] === 'item_reference'
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  return parts(content)
    .map((part) => (typeof part['text'] === 'string' ? part['text'] : ''))
    .join('')
}

function parts(value: unknown): readonly Item[] {
  return Array.isArray(value) ? value.filter((part): part is Item => typeof part === 'object' && part !== null) : []
}
