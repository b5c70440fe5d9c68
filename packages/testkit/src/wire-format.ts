import type { Turn, WireFault, WireFormat, WireRequest } from './wire-script.ts'

/** One SSE event, serialised. `delta` marks what a fault's `afterDeltas` counts. */
export interface Frame {
  readonly bytes: Buffer
  readonly delta: boolean
}

/** An answer that is not 200. */
export interface ErrorReply {
  readonly status: number
  readonly body: unknown
}

/** Everything that differs between the vendors. */
export interface Wire {
  readonly format: WireFormat
  /** The whole streamed answer. Pure: the same turn, index and request shape give the same frames. */
  frames(turn: Turn, index: number, request: WireRequest): Frame[]
  /** The same answer to a request that does not stream. */
  body(turn: Turn, index: number, request: WireRequest): unknown
  error(fault: Extract<WireFault, { kind: 'status' | 'overflow' | 'unauthorized' }>): ErrorReply
  errorEvent(message: string): Frame
  textDelta(text: string, index: number, request: WireRequest): Frame
}

/** An SSE event; `name` is left out where the vendor sends none. */
export function frame(data: unknown, delta = false, name?: string): Frame {
  return {
    bytes: Buffer.from(`${name === undefined ? '' : `event: ${name}\n`}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`),
    delta,
  }
}

/** The deltas a text is sent in. Surrogate pairs are not split. */
export function pieces(text: string | readonly string[] | undefined, length = 12): readonly string[] {
  if (text === undefined) return []
  return typeof text === 'string' ? (text.match(new RegExp(`.{1,${length}}`, 'gsu')) ?? []) : text
}

/** A turn's text as one string. */
export function whole(text: string | readonly string[] | undefined): string {
  return typeof text === 'string' ? text : (text ?? []).join('')
}

/** The turn's calls with their ids, which are stable over repetitions of the same step. */
export function callsOf(turn: Turn, index: number, prefix: string): { id: string; name: string; json: string }[] {
  return (turn.calls ?? []).map((call, place) => ({
    id: call.id ?? `${prefix}${index}_${place}`,
    name: call.name,
    json: call.raw ?? JSON.stringify(call.input ?? {}),
  }))
}

/** Token counts with defaults, so that every answer reports some. */
export function usageOf(turn: Turn): { input: number; output: number; cacheRead: number; cacheWrite: number } {
  const { inputTokens = 10, outputTokens = 5, cacheReadTokens = 0, cacheWriteTokens = 0 } = turn.usage ?? {}
  return { input: inputTokens, output: outputTokens, cacheRead: cacheReadTokens, cacheWrite: cacheWriteTokens }
}

/** Why the turn ends, in our own words. */
export function finishOf(turn: Turn): NonNullable<Turn['finish']> {
  return turn.finish ?? (turn.calls?.length ? 'tool_calls' : 'stop')
}

/** The model that was asked for. */
export function modelOf(request: WireRequest): string {
  return typeof request.body['model'] === 'string' ? request.body['model'] : 'unknown'
}
