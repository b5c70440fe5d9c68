import type { ModelRequest } from '../../engine/types.ts'
import type { ProviderSettings } from './providers.ts'
import { usesResponses } from './providers.ts'

interface Thinking {
  readonly maxOutputTokens: number
  readonly reasoning?: 'none' | 'low' | 'medium' | 'high'
  readonly providerOptions: {
    readonly anthropic?: { readonly thinking: { readonly type: 'enabled'; readonly budgetTokens: number } }
    readonly openai?: { readonly store: false; readonly strictJsonSchema: false; readonly reasoningSummary?: 'auto' }
  }
}

/** Claude models up to 4.5 think within a budget of tokens; later ones by effort. */
const BUDGETED = /claude-(?:3(?:\D|$)|\w+-4(?!-[6-9](?:\D|$)))/
const SHARE = { low: 0.2, medium: 0.4, high: 0.7 } as const
const LEAST_BUDGET = 1024

/**
 * How a request's `thinking` and `effort` are said to the provider. Effort alone means thinking with that effort; thinking alone means medium.
 * Promises that thinking and answer together stay within `maxOutputTokens`, because that is what the run's budget has reserved.
 */
export function toThinking(
  request: Pick<ModelRequest, 'thinking' | 'effort' | 'maxOutputTokens'>,
  provider: ProviderSettings,
  modelId: string,
): Thinking {
  const { thinking, effort, maxOutputTokens } = request
  const wanted = thinking === false ? 'none' : (effort ?? (thinking ? 'medium' : undefined))
  const openai = usesResponses(provider)
    ? { store: false as const, strictJsonSchema: false as const, ...(thinking ? { reasoningSummary: 'auto' as const } : {}) }
    : undefined
  const base = { maxOutputTokens, providerOptions: openai === undefined ? {} : { openai } }
  if (wanted === undefined) return base
  if (provider.kind === 'anthropic' && BUDGETED.test(modelId)) {
    // The SDK adds the budget on top of what it is given, so the answer's share is handed over.
    const budgetTokens = wanted === 'none' ? 0 : Math.max(LEAST_BUDGET, Math.floor(maxOutputTokens * SHARE[wanted]))
    if (budgetTokens === 0 || budgetTokens >= maxOutputTokens) return base
    return { maxOutputTokens: maxOutputTokens - budgetTokens, providerOptions: { anthropic: { thinking: { type: 'enabled', budgetTokens } } } }
  }
  // Many compatible servers refuse the word `none`; there silence means the server's default.
  if (provider.kind === 'openai-compatible' && wanted === 'none') return base
  return { ...base, reasoning: wanted }
}
