import type { Provider } from '@steward/contract/daemon'

export interface Preset {
  readonly id: string
  readonly kind: Provider['kind']
  /** Where it is reached when nothing else is said; null: the vendor's own address, which the SDK knows. */
  readonly baseUrl: string | null
  /** Environment variables of its key and its address, the first that is set counts. */
  readonly keyVariables: readonly string[]
  readonly urlVariables: readonly string[]
  /** Runs on the user's own machines: it needs an address and no key. */
  readonly keyless?: true
  /** Where such a server listens on this machine when nobody has said otherwise. */
  readonly usualUrl?: string
  /** The variable by which such a server is told where to listen, and its own command where to ask. */
  readonly hostVariable?: string
}
const compatible = (id: string, baseUrl: string, name: string): Preset => ({
  id,
  kind: 'openai-compatible',
  baseUrl,
  keyVariables: [`${name}_API_KEY`],
  urlVariables: [`${name}_BASE_URL`],
})
const own = (id: string, name: string, usualPort: number, hostVariable?: string): Preset => ({
  id,
  kind: 'openai-compatible',
  baseUrl: null,
  keyVariables: [`${name}_API_KEY`],
  urlVariables: [`${name}_BASE_URL`],
  keyless: true,
  usualUrl: `http://127.0.0.1:${usualPort}/v1`,
  ...(hostVariable === undefined ? {} : { hostVariable }),
})
/** Providers that are known by name, in the order in which a default is looked for. */
export const presets: readonly Preset[] = [
  { id: 'anthropic', kind: 'anthropic', baseUrl: null, keyVariables: ['ANTHROPIC_API_KEY'], urlVariables: ['ANTHROPIC_BASE_URL'] },
  { id: 'openai', kind: 'openai', baseUrl: null, keyVariables: ['OPENAI_API_KEY'], urlVariables: ['OPENAI_BASE_URL'] },
  {
    id: 'google',
    kind: 'google',
    baseUrl: null,
    keyVariables: ['GOOGLE_GENERATIVE_AI_API_KEY', 'GEMINI_API_KEY'],
    urlVariables: ['GOOGLE_GENERATIVE_AI_BASE_URL', 'GEMINI_BASE_URL'],
  },
  compatible('openrouter', 'https://openrouter.ai/api/v1', 'OPENROUTER'),
  compatible('groq', 'https://api.groq.com/openai/v1', 'GROQ'),
  compatible('mistral', 'https://api.mistral.ai/v1', 'MISTRAL'),
  compatible('deepseek', 'https://api.deepseek.com/v1', 'DEEPSEEK'),
  compatible('xai', 'https://api.x.ai/v1', 'XAI'),
  own('ollama', 'OLLAMA', 11_434, 'OLLAMA_HOST'),
  own('lmstudio', 'LMSTUDIO', 1_234),
]
/**
 * Where a model server is looked for: where its own variable says that it listens, else at its usual port; undefined for a vendor. The variable holds an address, a host,
 * a port or both (`:11500`, `0.0.0.0`, `https://models.lan`), as Ollama reads its own.
 */
export function usualAddress({ usualUrl, hostVariable = '' }: Preset, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const said = env[hostVariable]?.trim() ?? ''
  if (usualUrl === undefined || said === '') return usualUrl
  const hasScheme = /^https?:\/\//.test(said)
  const url = URL.parse(hasScheme ? said : `http://${said.startsWith(':') ? '127.0.0.1' : ''}${said}`)
  if (url === null) return usualUrl
  // What listens at every address answers at this machine's own.
  if (url.hostname === '0.0.0.0' || url.hostname === '[::]') url.hostname = '127.0.0.1'
  if (url.port === '' && !hasScheme) url.port = new URL(usualUrl).port
  return `${url.origin}/v1`
}
