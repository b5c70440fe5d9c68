import type { Price } from '../../engine/types.ts'

export interface ModelFacts {
  /** `provider/model`. */
  readonly id: string
  readonly contextTokens: number
  readonly maxOutputTokens: number
  /** USD per million tokens. */
  readonly price: Price
  /** True when the model is not in the table and the numbers are a careful guess. */
  readonly estimated: boolean
}

type Row = readonly [id: string, contextTokens: number, maxOutputTokens: number, input: number, output: number, cacheRead: number, cacheWrite: number]

const MILLION = 1_000_000
/**
 * List prices for standard, pay-as-you-go use, from the vendors' public price pages. Where a vendor asks more for long prompts, the context
 * stands here as far as the lower price holds, so that one price is right for every call. Where no price for cache writes is asked, writing
 * costs what input costs; a cache price that is not published stands here as the input's. Gemini 4 Argon and Carbon: the price from December 2026.
 */
const ROWS: readonly Row[] = [
  ['anthropic/claude-fable-5-1', MILLION, 128_000, 10, 50, 0.25, 12.5],
  ['anthropic/claude-fable-5', MILLION, 128_000, 10, 50, 1, 12.5],
  ['anthropic/claude-opus-5-5', MILLION, 128_000, 4, 20, 0.2, 5],
  ['anthropic/claude-opus-5', MILLION, 128_000, 5, 25, 0.5, 6.25],
  ['anthropic/claude-sonnet-5-5', MILLION, 128_000, 2, 10, 0.1, 2.5],
  ['anthropic/claude-sonnet-5', MILLION, 128_000, 2, 10, 0.2, 2.5],
  ['anthropic/claude-haiku-5-5', 100_000, 64_000, 0.1, 0.5, 0.01, 0.125],
  ['anthropic/claude-opus-4-8', MILLION, 128_000, 5, 25, 0.5, 6.25],
  ['anthropic/claude-opus-4-7', MILLION, 128_000, 5, 25, 0.5, 6.25],
  ['anthropic/claude-opus-4-6', MILLION, 128_000, 5, 25, 0.5, 6.25],
  ['anthropic/claude-sonnet-4-6', MILLION, 64_000, 3, 15, 0.3, 3.75],
  ['anthropic/claude-opus-4-5', 200_000, 64_000, 5, 25, 0.5, 6.25],
  ['anthropic/claude-sonnet-4-5', 200_000, 64_000, 3, 15, 0.3, 3.75],
  ['anthropic/claude-haiku-4-5', 200_000, 64_000, 1, 5, 0.1, 1.25],
  ['anthropic/claude-opus-4-1', 200_000, 32_000, 15, 75, 1.5, 18.75],

  ['openai/gpt-6-astra', 272_000, 128_000, 10, 50, 1, 12.5],
  ['openai/gpt-6.1-sol', 272_000, 128_000, 2, 10, 0.1, 2.5],
  ['openai/gpt-6.1-terra', 272_000, 128_000, 1, 5, 0.05, 1.25],
  ['openai/gpt-6-sol', 272_000, 128_000, 2, 10, 0.2, 2.5],
  ['openai/gpt-6-luna', 272_000, 128_000, 0.1, 0.5, 0.01, 0.125],
  ['openai/gpt-5.6', 272_000, 128_000, 4, 20, 0.4, 5],
  ['openai/gpt-5.6-sol', 272_000, 128_000, 4, 20, 0.4, 5],
  ['openai/gpt-5.6-terra', 272_000, 128_000, 2, 12, 0.2, 2.5],
  ['openai/gpt-5.6-luna', 272_000, 128_000, 0.2, 1.2, 0.02, 0.25],
  ['openai/gpt-5.5-pro', 272_000, 128_000, 30, 180, 30, 30],
  ['openai/gpt-5.5', 272_000, 128_000, 5, 30, 0.5, 5],
  ['openai/gpt-5.4-pro', 272_000, 128_000, 30, 180, 30, 30],
  ['openai/gpt-5.4', 272_000, 128_000, 2.5, 15, 0.25, 2.5],
  ['openai/gpt-5.4-mini', 400_000, 128_000, 0.75, 4.5, 0.075, 0.75],
  ['openai/gpt-5.4-nano', 400_000, 128_000, 0.2, 1.25, 0.02, 0.2],
  ['openai/gpt-5.2', 400_000, 128_000, 1.75, 14, 0.175, 1.75],
  ['openai/gpt-5.1', 400_000, 128_000, 1.25, 10, 0.125, 1.25],
  ['openai/gpt-5', 400_000, 128_000, 1.25, 10, 0.125, 1.25],
  ['openai/gpt-5-mini', 400_000, 128_000, 0.25, 2, 0.025, 0.25],
  ['openai/gpt-5-nano', 400_000, 128_000, 0.05, 0.4, 0.005, 0.05],
  ['openai/gpt-4.1', 1_047_576, 32_768, 2, 8, 0.5, 2],
  ['openai/gpt-4.1-mini', 1_047_576, 32_768, 0.4, 1.6, 0.1, 0.4],
  ['openai/gpt-4.1-nano', 1_047_576, 32_768, 0.1, 0.4, 0.025, 0.1],
  ['openai/gpt-4o', 128_000, 16_384, 2.5, 10, 1.25, 2.5],
  ['openai/gpt-4o-mini', 128_000, 16_384, 0.15, 0.6, 0.075, 0.15],
  ['openai/o3', 200_000, 100_000, 2, 8, 0.5, 2],
  ['openai/o4-mini', 200_000, 100_000, 1.1, 4.4, 0.275, 1.1],

  ['google/gemini-4-argon', 1_048_576, 65_536, 4, 20, 0.2, 4],
  ['google/gemini-4-carbon', 1_048_576, 65_536, 4, 20, 0.2, 4],
  ['google/gemini-4-hydrogen', 1_048_576, 65_536, 1.5, 7.5, 1.5, 1.5],
  ['google/gemini-3.8-flash', 1_048_576, 65_536, 0.75, 3.75, 0.075, 0.75],
  ['google/gemini-3.7-flash', 1_048_576, 65_536, 0.75, 3.75, 0.075, 0.75],
  ['google/gemini-3.6-flash', 1_048_576, 65_536, 0.75, 3.75, 0.075, 0.75],
  ['google/gemini-3.5-flash', 1_048_576, 65_536, 1.5, 9, 0.15, 1.5],
  ['google/gemini-3.5-flash-lite', 1_048_576, 65_536, 0.3, 2.5, 0.03, 0.3],
  ['google/gemini-3.1-pro-preview', 200_000, 65_536, 2, 12, 0.2, 2],
  ['google/gemini-3-pro-preview', 200_000, 65_536, 2, 12, 0.2, 2],
  ['google/gemini-3-flash-preview', 1_048_576, 65_536, 0.5, 3, 0.05, 0.5],
  ['google/gemini-2.5-pro', 200_000, 65_536, 1.25, 10, 0.125, 1.25],
  ['google/gemini-2.5-flash', 1_048_576, 65_536, 0.3, 2.5, 0.03, 0.3],
  ['google/gemini-2.5-flash-lite', 1_048_576, 65_536, 0.1, 0.4, 0.01, 0.1],
]

/** Every model whose price is known, in the order of the table: the vendor's newest and largest first. */
export const knownModels: readonly ModelFacts[] = ROWS.map(([id, contextTokens, maxOutputTokens, input, output, cacheRead, cacheWrite]) => ({
  id,
  contextTokens,
  maxOutputTokens,
  price: { input, output, cacheRead, cacheWrite },
  estimated: false,
}))

const byId: ReadonlyMap<string, ModelFacts> = new Map(knownModels.map((model) => [model.id, model]))
const GUESS = { contextTokens: 128_000, maxOutputTokens: 8192, estimated: true } as const
const FREE: Price = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }
/** Providers that run on the user's own machines. */
const LOCAL: ReadonlySet<string> = new Set(['ollama', 'lmstudio', 'llamacpp', 'vllm', 'local'])
const DATED = /(-\d{4}-\d{2}-\d{2}|[-@]\d{8}|-latest|-0)$/

/**
 * Context, output limit and price of `provider/model`. A dated name (`…-20251001`, `…-latest`) has its model's facts. An unknown model gets a
 * context of 128k and the price of its provider's dearest known model, of all known models where the provider is unknown too, so that a
 * budget errs on the safe side; models of local servers cost nothing.
 */
export function modelFacts(id: string): ModelFacts {
  const known = byId.get(id) ?? byId.get(id.replace(DATED, ''))
  if (known) return { ...known, id }
  const provider = id.split('/', 1)[0] ?? ''
  if (LOCAL.has(provider)) return { id, ...GUESS, price: FREE }
  const siblings = knownModels.filter((model) => model.id.startsWith(`${provider}/`))
  const dearest = (siblings.length > 0 ? siblings : knownModels).reduce((one, other) => (other.price.output > one.price.output ? other : one))
  return { id, ...GUESS, price: dearest.price }
}
