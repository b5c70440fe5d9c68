import type { Price, RunLimits, RunState, StopReason, TokenUsage } from './types.ts'

/** An answer shorter than this is not worth asking for. */
const leastOutputTokens = 256
const perMillion = 1_000_000

/** A run that must end, and the sentence that says why. */
export interface Stop {
  readonly stop: StopReason
  readonly message: string
}
/** What a model call may cost at worst. `inputUsd` is the part that is owed even when nothing came back. */
export interface Reservation {
  readonly maxOutputTokens: number
  readonly inputUsd: number
  readonly reservedUsd: number
}

/** No tokens at all. */
export const noUsage: TokenUsage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 }

/** What a model call cost, in USD. */
export function costOf(usage: TokenUsage, price: Price): number {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = usage
  return (
    (inputTokens * price.input + outputTokens * price.output + cacheReadTokens * price.cacheRead + cacheWriteTokens * price.cacheWrite) / perMillion
  )
}

/** All tokens of a model call, those from and to the cache included. */
export const totalTokens = (usage: TokenUsage): number => usage.inputTokens + usage.outputTokens + usage.cacheReadTokens + usage.cacheWriteTokens

/**
 * Reserves the worst case of a model call: all input at the dearest input price, all output there may be. The output is lowered to what the context and
 * the rest of the budget allow; null when the budget does not even allow a short answer.
 */
export function reserve(
  model: { contextTokens: number; maxOutputTokens: number; price: Price },
  inputTokens: number,
  leftUsd: number | null,
): Reservation | null {
  const inputUsd = (inputTokens * Math.max(model.price.input, model.price.cacheWrite, model.price.cacheRead)) / perMillion
  const room = Math.min(model.maxOutputTokens, Math.max(leastOutputTokens, model.contextTokens - inputTokens))
  const outputPrice = model.price.output / perMillion
  const affordable = leftUsd === null || outputPrice === 0 ? room : Math.min(room, Math.floor((leftUsd - inputUsd) / outputPrice))
  if (leftUsd !== null && inputUsd > leftUsd) return null
  if (affordable < Math.min(leastOutputTokens, room)) return null
  return { maxOutputTokens: affordable, inputUsd, reservedUsd: inputUsd + affordable * outputPrice }
}

/** What is left of the run's budget in USD; null when it has none. */
export const leftUsd = (limits: RunLimits, spent: RunState['spent']): number | null =>
  limits.budgetUsd === null ? null : limits.budgetUsd - spent.costUsd

/** The limit that forbids another step, or null. `elapsedMs` is running time, waiting for people left out. */
export function reachedLimit(limits: RunLimits, state: RunState, elapsedMs: number): Stop | null {
  if (state.spent.toolCalls > limits.toolCalls) return limitStop('tool_calls', limits)
  if (state.step >= limits.steps) return limitStop('steps', limits)
  if (elapsedMs >= limits.minutes * 60_000) return limitStop('minutes', limits)
  if (state.spent.tokens >= limits.tokens) return limitStop('tokens', limits)
  if (limits.budgetUsd !== null && state.spent.costUsd > limits.budgetUsd) return limitStop('budget', limits)
  return null
}

/** The stop for a limit, in a sentence that names the limit and says how to go on. */
export function limitStop(stop: 'steps' | 'tool_calls' | 'minutes' | 'tokens' | 'budget', limits: RunLimits): Stop {
  const words = {
    steps: `its limit of ${limits.steps} steps (limits.steps)`,
    tool_calls: `its limit of ${limits.toolCalls} tool calls (limits.toolCalls)`,
    minutes: `its limit of ${limits.minutes} minutes of running time (limits.minutes)`,
    tokens: `its limit of ${limits.tokens} tokens (limits.tokens)`,
    budget: `its budget of ${limits.budgetUsd} USD (budgetUsd): another model call could cost more than is left`,
  }
  return { stop, message: `The run stopped at ${words[stop]} before it was done. Raise it in the task's settings and send a message to go on.` }
}
