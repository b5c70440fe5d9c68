import type * as Sdk from 'ai'
import type { LanguageModelUsage, OutputInterface, TextStreamPart, ToolSet } from 'ai'
import { ModelError } from '../../engine/types.ts'
import type { FinishReason, Json, Model, ModelPart, ModelRequest, Price, TokenUsage } from '../../engine/types.ts'
import { toModelError } from './model-errors.ts'
import { asSchema, toInstructions, toSdkMessages, toToolSet } from './prompt.ts'
import { languageModel, loadSdk } from './providers.ts'
import type { ProviderSettings } from './providers.ts'
import { toThinking } from './thinking.ts'

export interface AiSdkModelSettings {
  readonly provider: ProviderSettings
  /** The vendor's name of the model. */
  readonly modelId: string
  /** What we call it, `provider/model`; default: the provider's kind and `modelId`. */
  readonly id?: string
  readonly contextTokens: number
  readonly maxOutputTokens: number
  readonly price: Price
}

/**
 * A model of a vendor, called through the AI SDK. One call of `stream` is one HTTP request: no retry, no tool is run, no second step.
 * The vendor's package is loaded at the first call. Leaving the iteration early, or an abort, closes the connection.
 * Throws only ModelError, or the signal's reason after an abort.
 */
export function createAiSdkModel(settings: AiSdkModelSettings): Model {
  const { provider, modelId, contextTokens, maxOutputTokens, price } = settings
  return {
    id: settings.id ?? `${provider.kind}/${modelId}`,
    contextTokens,
    maxOutputTokens,
    price,
    async *stream(request, signal) {
      signal.throwIfAborted()
      const left = new AbortController()
      const reader = createPartReader()
      let finished = false
      try {
        for await (const part of await open(provider, modelId, request, AbortSignal.any([signal, left.signal]))) {
          if (part.type === 'error') throw part.error
          for (const ours of reader.read(part)) {
            finished ||= ours.type === 'finish'
            yield ours
          }
        }
      } catch (error) {
        signal.throwIfAborted()
        throw toModelError(error, provider.apiKey)
      } finally {
        if (!finished) left.abort()
      }
      signal.throwIfAborted()
      if (!finished) throw new ModelError('network', "The model's answer ended before it was complete.")
    },
  }
}

async function open(
  provider: ProviderSettings,
  modelId: string,
  request: ModelRequest,
  abortSignal: AbortSignal,
): Promise<AsyncIterable<TextStreamPart<ToolSet>>> {
  const [sdk, model] = await Promise.all([loadSdk(), languageModel(provider, modelId)])
  const instructions = toInstructions(request)
  const output = request.outputSchema === undefined ? undefined : jsonText(sdk, request.outputSchema)
  const { stream } = sdk.streamText({
    model,
    abortSignal,
    maxRetries: 0,
    messages: toSdkMessages(request.messages, provider.kind),
    ...toThinking(request, provider, modelId),
    ...(instructions === undefined ? {} : { instructions }),
    ...(request.tools.length === 0 ? {} : { tools: toToolSet(request.tools, sdk) }),
    ...(output === undefined ? {} : { output }),
    telemetry: { isEnabled: false },
    // Errors come as stream parts; without this the SDK writes them to the console too.
    onError: () => {},
  })
  return stream
}

/** Asks for JSON that fits the schema but leaves the text alone: the engine checks and repairs it. */
function jsonText(sdk: typeof Sdk, schema: Json): OutputInterface<string, string, never> {
  return { ...sdk.Output.text(), responseFormat: Promise.resolve({ type: 'json', schema: asSchema(schema) }) }
}

const REASONS: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  'tool-calls': 'tool_calls',
  length: 'length',
  'content-filter': 'content_filter',
}

/** Turns the SDK's parts into ours. It keeps state for one stream: metadata of open reasoning, and a call whose input was no JSON. */
function createPartReader(): { read(part: TextStreamPart<ToolSet>): ModelPart[] } {
  const metadata = new Map<string, Json>()
  let broken: string | undefined
  return {
    read(part) {
      if ((part.type === 'reasoning-start' || part.type === 'reasoning-delta' || part.type === 'reasoning-end') && part.providerMetadata) {
        metadata.set(part.id, part.providerMetadata as Json)
      }
      if (part.type === 'text-delta') return part.text === '' ? [] : [{ type: 'text', text: part.text }]
      if (part.type === 'reasoning-delta') return part.text === '' ? [] : [{ type: 'reasoning', text: part.text }]
      if (part.type === 'reasoning-end') {
        const known = metadata.get(part.id)
        return [known === undefined ? { type: 'reasoning_end' } : { type: 'reasoning_end', metadata: known }]
      }
      if (part.type === 'tool-call') {
        if (part.invalid && typeof part.input === 'string') {
          broken = part.toolName
          return []
        }
        // Parsed from JSON by the SDK.
        return [{ type: 'tool_call', callId: part.toolCallId, name: part.toolName, input: part.input as Json }]
      }
      if (part.type === 'finish-step') return [finish(part, broken)]
      return []
    },
  }
}

function finish(part: Extract<TextStreamPart<ToolSet>, { type: 'finish-step' }>, broken: string | undefined): ModelPart {
  // The SDK's word for a stream that ended without the vendor's closing event.
  if (part.finishReason === 'interrupted') throw new ModelError('network', "The model's answer ended before it was complete.")
  const reason = REASONS[part.finishReason] ?? 'other'
  // At the token limit a call is cut in the middle: that is the limit's fault, and the engine knows what to do about it.
  if (broken !== undefined && reason !== 'length') throw new ModelError('malformed', `The model called ${broken} with an input that is not JSON.`)
  return { type: 'finish', reason, usage: toUsage(part.usage) }
}

function toUsage({ inputTokens = 0, inputTokenDetails, outputTokens = 0 }: LanguageModelUsage): TokenUsage {
  const { noCacheTokens, cacheReadTokens = 0, cacheWriteTokens = 0 } = inputTokenDetails
  return {
    inputTokens: noCacheTokens ?? Math.max(0, inputTokens - cacheReadTokens - cacheWriteTokens),
    outputTokens,
    cacheReadTokens,
    cacheWriteTokens,
  }
}
