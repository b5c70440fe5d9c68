import type * as Sdk from 'ai'
import type { EmbeddingModel, LanguageModel } from 'ai'
import { Fault } from '@steward/contract'
import { ModelError } from '../../engine/types.ts'

export type ProviderKind = 'anthropic' | 'openai' | 'openai-compatible' | 'google'

/** How to reach a provider. `api` is heeded for `openai` alone: default `responses`, but `chat` when a base URL is set. */
export interface ProviderSettings {
  readonly kind: ProviderKind
  /** With or without the version segment (`/v1`). */
  readonly baseUrl?: string
  readonly apiKey?: string
  readonly api?: 'chat' | 'responses'
}

const OFFICIAL = {
  anthropic: { name: 'Anthropic', url: 'https://api.anthropic.com/v1', version: 'v1', variable: 'ANTHROPIC_API_KEY' },
  openai: { name: 'OpenAI', url: 'https://api.openai.com/v1', version: 'v1', variable: 'OPENAI_API_KEY' },
  google: { name: 'Google', url: 'https://generativelanguage.googleapis.com/v1beta', version: 'v1beta', variable: 'GOOGLE_GENERATIVE_AI_API_KEY' },
} as const

/**
 * The base URL as the SDKs want it: without a trailing slash, with a version segment. One is added only where no segment looks like a
 * version, so `https://host/v1beta/openai` stays as it is. Throws ModelError `refused` for what is no http(s) URL.
 */
export function normaliseBaseUrl(kind: ProviderKind, baseUrl: string): string {
  const url = URL.parse(baseUrl.trim())
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new ModelError('refused', `The base URL "${baseUrl}" is not an http or https address. Correct it in the provider's settings.`)
  }
  const path = url.pathname.replace(/\/+$/, '')
  const versioned = path.split('/').some((segment) => /^v\d/.test(segment))
  const version = kind === 'google' ? OFFICIAL.google.version : 'v1'
  return `${url.origin}${versioned ? path : `${path}/${version}`}${url.search}`
}

/** The AI SDK's core, with its warnings on stderr switched off. */
export async function loadSdk(): Promise<typeof Sdk> {
  globalThis.AI_SDK_LOG_WARNINGS = false
  return import('ai')
}

/**
 * The SDK's model object. Nothing is read from the environment: base URL and key are always given, so that a setting is the whole truth.
 * Throws ModelError `auth` when a key is needed and missing.
 */
export async function languageModel(provider: ProviderSettings, modelId: string): Promise<Exclude<LanguageModel, string>> {
  const make = await loaders[provider.kind]()
  return make(provider, modelId)
}

/**
 * The SDK's embedding model, by the same rules. Throws Fault `unprocessable` for a provider that has none, ModelError `auth` or `refused` as above.
 */
export async function embeddingModel(provider: ProviderSettings, modelId: string): Promise<Exclude<EmbeddingModel, string>> {
  switch (provider.kind) {
    case 'anthropic':
      throw new Fault('unprocessable', 'Anthropic has no embedding models. Name one of another provider in `memory.embeddingModel`.')
    case 'openai': {
      const { createOpenAI } = await import('@ai-sdk/openai')
      return createOpenAI({ baseURL: baseUrlOf('openai', provider), apiKey: keyOf('openai', provider) }).embedding(modelId)
    }
    case 'google': {
      const { createGoogle } = await import('@ai-sdk/google')
      return createGoogle({ baseURL: baseUrlOf('google', provider), apiKey: keyOf('google', provider) }).embedding(modelId)
    }
    case 'openai-compatible': {
      const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible')
      return createOpenAICompatible(compatible(provider)).embeddingModel(modelId)
    }
  }
}
/** What the SDK wants to know of an OpenAI-compatible provider. */
function compatible({ baseUrl, apiKey }: ProviderSettings) {
  if (baseUrl === undefined) throw new ModelError('refused', 'An OpenAI-compatible provider needs a base URL. Set one in its settings.')
  return { name: 'compatible', baseURL: normaliseBaseUrl('openai-compatible', baseUrl), ...(apiKey === undefined ? {} : { apiKey }) }
}

type Make = (provider: ProviderSettings, modelId: string) => Exclude<LanguageModel, string>

const loaders: Readonly<Record<ProviderKind, () => Promise<Make>>> = {
  anthropic: async () => {
    const { createAnthropic } = await import('@ai-sdk/anthropic')
    return (provider, modelId) => createAnthropic({ baseURL: baseUrlOf('anthropic', provider), apiKey: keyOf('anthropic', provider) })(modelId)
  },
  openai: async () => {
    const { createOpenAI } = await import('@ai-sdk/openai')
    return (provider, modelId) => {
      const openai = createOpenAI({ baseURL: baseUrlOf('openai', provider), apiKey: keyOf('openai', provider) })
      return usesResponses(provider) ? openai.responses(modelId) : openai.chat(modelId)
    }
  },
  'openai-compatible': async () => {
    const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible')
    return (provider, modelId) => createOpenAICompatible({ ...compatible(provider), includeUsage: true, supportsStructuredOutputs: true })(modelId)
  },
  google: async () => {
    const { createGoogle } = await import('@ai-sdk/google')
    return (provider, modelId) => createGoogle({ baseURL: baseUrlOf('google', provider), apiKey: keyOf('google', provider) })(modelId)
  },
}

/** Whether calls go to OpenAI's Responses API rather than to chat completions. */
export function usesResponses({ kind, api, baseUrl: custom }: ProviderSettings): boolean {
  return kind === 'openai' && (api ?? (custom === undefined ? 'responses' : 'chat')) === 'responses'
}

function baseUrlOf(kind: keyof typeof OFFICIAL, { baseUrl: custom }: ProviderSettings): string {
  return custom === undefined ? OFFICIAL[kind].url : normaliseBaseUrl(kind, custom)
}

function keyOf(kind: keyof typeof OFFICIAL, { apiKey }: ProviderSettings): string {
  if (apiKey) return apiKey
  const { name, variable } = OFFICIAL[kind]
  throw new ModelError('auth', `There is no API key for ${name}. Add one to the provider's settings, or set ${variable}.`)
}
