/** The words of the engine. Nothing here knows storage, vendors, doors or the clock of the machine: they are handed in as ports. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

export interface TextPart {
  readonly type: 'text'
  readonly text: string
}
export interface FilePart {
  readonly type: 'file'
  readonly fileId: string
  readonly name: string
  readonly mediaType: string
  /** The bytes as base64; loaded by the host when the request is built. */
  readonly data: string
}
export interface ReasoningPart {
  readonly type: 'reasoning'
  readonly text: string
  /** What the provider wants back with it (a signature, for example). Opaque. */
  readonly metadata?: Json
}
export interface ToolCallPart {
  readonly type: 'tool_call'
  readonly callId: string
  readonly name: string
  readonly input: Json
}
export interface ToolResultPart {
  readonly type: 'tool_result'
  readonly callId: string
  readonly name: string
  /** What the model reads. */
  readonly text: string
  readonly isError: boolean
}
export type ModelMessage =
  | { readonly role: 'user'; readonly content: readonly (TextPart | FilePart)[] }
  | { readonly role: 'assistant'; readonly content: readonly (TextPart | ReasoningPart | ToolCallPart)[] }
  | { readonly role: 'tool'; readonly content: readonly ToolResultPart[] }

/** Tokens of one model call. `inputTokens` counts only what was neither read from nor written to the provider's cache. */
export interface TokenUsage {
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cacheReadTokens: number
  readonly cacheWriteTokens: number
}
/** USD per million tokens. */
export interface Price {
  readonly input: number
  readonly output: number
  readonly cacheRead: number
  readonly cacheWrite: number
}
export interface ToolDescription {
  /** The name the model sees: the tool's id with `_` for `.` (`files_read`). */
  readonly name: string
  readonly description: string
  /** JSON Schema of the input, converted once at start-up. */
  readonly inputSchema: Json
}
export interface ModelRequest {
  readonly system: string
  readonly messages: readonly ModelMessage[]
  readonly tools: readonly ToolDescription[]
  readonly maxOutputTokens: number
  readonly thinking?: boolean
  readonly effort?: 'low' | 'medium' | 'high'
  /** JSON Schema that the final answer must fit. */
  readonly outputSchema?: Json
}
export type FinishReason = 'stop' | 'tool_calls' | 'length' | 'content_filter' | 'other'
export type ModelPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'reasoning'; readonly text: string }
  | { readonly type: 'reasoning_end'; readonly metadata?: Json }
  | { readonly type: 'tool_call'; readonly callId: string; readonly name: string; readonly input: Json }
  | { readonly type: 'finish'; readonly reason: FinishReason; readonly usage: TokenUsage }

/** One model, ready to be called. `stream` throws ModelError and nothing else of its own; an abort ends the iteration by throwing the signal's reason. */
export interface Model {
  readonly id: string
  readonly contextTokens: number
  readonly maxOutputTokens: number
  readonly price: Price
  stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelPart>
}
export type ModelErrorKind = 'rate_limited' | 'overloaded' | 'network' | 'malformed' | 'overflow' | 'auth' | 'refused'
/** A model call that failed. `retryAfterMs` is what the provider asked for; `message` holds the provider's own words. */
export class ModelError extends Error {
  override readonly name = 'ModelError'
  readonly kind: ModelErrorKind
  readonly status: number | undefined
  readonly retryAfterMs: number | undefined
  constructor(kind: ModelErrorKind, message: string, more: { status?: number | undefined; retryAfterMs?: number | undefined; cause?: unknown } = {}) {
    super(message, { cause: more.cause })
    this.kind = kind
    this.status = more.status
    this.retryAfterMs = more.retryAfterMs
  }
}

/** Limits of one run; every one is enforced by the engine. `outputBytes` bounds one tool's output, `budgetUsd` null means none. */
export interface RunLimits {
  readonly steps: number
  readonly toolCalls: number
  readonly minutes: number
  readonly outputBytes: number
  readonly tokens: number
  readonly budgetUsd: number | null
}
/** Read again before every step, so that a change takes effect in a running run. */
export interface RunSettings {
  readonly model: string
  readonly fallbackModel: string | null
  readonly system: string
  readonly thinking?: boolean
  readonly effort?: 'low' | 'medium' | 'high'
  readonly outputSchema?: Json
  readonly limits: RunLimits
}

/** A call that the model asked for, checked and judged. `targets` decide what may run beside what. */
export interface PreparedCall {
  readonly callId: string
  readonly name: string
  readonly input: Json
  /** Set when the call cannot run at all: an unknown tool or an input that does not fit. The model reads it. */
  readonly invalid?: string
  readonly access: 'read' | 'write'
  /** May be run again after a crash without harm. */
  readonly repeatable: boolean
  /** Things it touches (`path:/a/b`, `command`, `host:x`); equal or containing paths conflict unless both read. */
  readonly targets: readonly string[]
  readonly decision:
    | { readonly action: 'allow' }
    | { readonly action: 'deny'; readonly reason: string }
    | { readonly action: 'ask'; readonly reason: string; readonly preview: Json }
}
/** What came of a call. `output` is the tool's own value, `text` what the model reads. */
export interface CallOutcome {
  readonly status: 'completed' | 'failed' | 'denied' | 'unknown' | 'cancelled'
  readonly output: Json
  readonly text: string
}
export type Settlement =
  | { readonly action: 'approve' }
  | { readonly action: 'reject'; readonly reason: string }
  | { readonly action: 'result'; readonly outcome: CallOutcome }

/** Where a run stands, rebuilt from its ledger. A fresh run has no `open` calls and step 0. */
export interface RunState {
  readonly messages: readonly ModelMessage[]
  readonly step: number
  /** Calls of the last step without an outcome, in the order the model gave them. */
  readonly open: readonly OpenCall[]
  readonly spent: { readonly costUsd: number; readonly tokens: number; readonly toolCalls: number; readonly elapsedMs: number }
  /** Signatures of the calls so far, newest last, for the guard against repetition. */
  readonly recentCalls: readonly string[]
  /** What else the ledger tells; absent for a fresh run. `rebuildState` fills it. */
  readonly progress?: RunProgress
}
/** What decides how a run goes on after a crash, beside its conversation. */
export interface RunProgress {
  /** A model call that was requested and neither finished nor broke; `text` is what it has shown. */
  readonly pending: { readonly messageId: string; readonly reservedUsd: number; readonly inputTokens: number; readonly text: string } | null
  /** The last message is one that broke off; the model must be told before it goes on. */
  readonly interrupted: boolean
  /** How the last step ended when it asked for no calls; null while there is more to do. */
  readonly ended: FinishReason | null
  /** The text of the answer so far, across continuations. */
  readonly answer: string
  /** Index of the newest message of a person; compaction keeps it word for word. */
  readonly askedAt: number
  /** What the provider counted for the first `messages` messages; null when not known. */
  readonly counted: { readonly tokens: number; readonly messages: number } | null
  readonly lengthNotes: number
  readonly outputNotes: number
  /** Signatures of calls the model was already warned about. */
  readonly nudged: readonly string[]
  readonly compactedByForce: boolean
}
/** `stage` is how far its ledger got: asked (nothing decided), waiting (an approval is open), approved, started (it may have had its effect). */
export interface OpenCall extends ToolCallPart {
  readonly stage: 'asked' | 'waiting' | 'approved' | 'started'
}

/** What the engine asks of its host. */
export interface EnginePorts {
  settings(): RunSettings
  model(id: string): Promise<Model>
  tools(): readonly ToolDescription[]
  prepare(call: ToolCallPart): Promise<PreparedCall>
  /** Runs an allowed or approved call; never throws for a tool that failed. */
  execute(call: PreparedCall, signal: AbortSignal): Promise<CallOutcome>
  /** Waits for a person's decision about a waiting call. */
  settled(callId: string, signal: AbortSignal): Promise<Settlement>
  /** Messages sent to steer the run since the last step, taken once. */
  steering(): readonly ModelMessage[]
  newId(kind: 'message' | 'call'): string
  now(): number
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

export type StopReason =
  | 'answered'
  | 'steps'
  | 'tool_calls'
  | 'minutes'
  | 'tokens'
  | 'budget'
  | 'repetition'
  | 'cancelled'
  | 'model_error'
  | 'output_refused'
/**
 * A line of the ledger. The consumer makes each durable before it takes the next: that is what makes a line durable before the deed it announces.
 * `text` and `reasoning` are the exception: they are deltas and must be cheap.
 */
export type EngineEvent =
  | {
      readonly type: 'step.requested'
      readonly step: number
      readonly messageId: string
      readonly model: string
      readonly request: ModelRequest
      readonly reservedUsd: number
    }
  | { readonly type: 'text'; readonly messageId: string; readonly text: string }
  | { readonly type: 'reasoning'; readonly messageId: string; readonly text: string }
  /** The stream broke or was refused, or was `stopped` by a cancel or a limit. What was shown stays as an interrupted message; a new message id follows. `waitMs` null: no further try with this model. */
  | {
      readonly type: 'step.broken'
      readonly step: number
      readonly messageId: string
      readonly error: { kind: ModelErrorKind | 'stopped'; message: string; status: number | null }
      readonly waitMs: number | null
      readonly chargedUsd: number
      readonly elapsedMs?: number
    }
  | {
      readonly type: 'step.finished'
      readonly step: number
      readonly messageId: string
      readonly model: string
      readonly content: readonly (TextPart | ReasoningPart | ToolCallPart)[]
      readonly reason: FinishReason
      readonly usage: TokenUsage
      readonly costUsd: number
      readonly durationMs: number
      readonly firstTokenMs: number | null
      /** Running time of the whole run so far, without the time spent waiting for a person. */
      readonly elapsedMs?: number
    }
  | { readonly type: 'call.waiting'; readonly call: PreparedCall }
  | { readonly type: 'call.settled'; readonly callId: string; readonly settlement: Settlement }
  | { readonly type: 'call.started'; readonly call: PreparedCall }
  | {
      readonly type: 'call.finished'
      readonly callId: string
      readonly name: string
      readonly outcome: CallOutcome
      readonly durationMs: number
      readonly elapsedMs?: number
    }
  /** A message the engine adds for the model (a nudge, a note after a crash, a steering message, a repair request). */
  | { readonly type: 'noted'; readonly message: ModelMessage; readonly why: 'steered' | 'repetition' | 'interrupted' | 'output_schema' | 'length' }
  /** A summary is about to be asked for; `compacted` follows. A crash between them charges the reservation. */
  | { readonly type: 'compaction.requested'; readonly model: string; readonly request: ModelRequest; readonly reservedUsd: number }
  /** The messages before `keptFrom` (an index into the current list) are replaced by `summary`; the ledger keeps the originals. */
  | {
      readonly type: 'compacted'
      readonly summary: string
      readonly keptFrom: number
      readonly beforeTokens: number
      readonly afterTokens: number
      readonly forced: boolean
      readonly usage: TokenUsage
      readonly costUsd: number
      readonly model: string
    }
  | {
      readonly type: 'finished'
      readonly status: 'completed' | 'failed' | 'cancelled'
      readonly stop: StopReason
      readonly message: string | null
      readonly output?: Json
    }
/** An event of a log, as those see it who act on it. */
export interface Happening {
  readonly log: 'chat' | 'agents' | 'settings'
  readonly seq: number
  readonly id: string
  readonly name: string
  readonly at: string
  readonly sessionId: string | null
  readonly runId: string | null
  readonly data: Readonly<Record<string, unknown>>
}
