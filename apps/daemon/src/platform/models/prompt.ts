import type * as Sdk from 'ai'
import type { ModelMessage as SdkMessage, SystemModelMessage, ToolSet } from 'ai'
import type { FilePart, Json, ModelMessage, ModelRequest, ToolDescription } from '../../engine/types.ts'
import type { ProviderKind } from './providers.ts'

type ProviderOptions = NonNullable<SystemModelMessage['providerOptions']>
type UserPart = Exclude<Extract<SdkMessage, { role: 'user' }>['content'], string>[number]
type AssistantPart = Exclude<Extract<SdkMessage, { role: 'assistant' }>['content'], string>[number]

/** Anthropic's prompt caching: what stands before a marked place is kept for 5 minutes. Other providers ignore the mark. */
const CACHE = { providerOptions: { anthropic: { cacheControl: { type: 'ephemeral' } } } } as const satisfies { providerOptions: ProviderOptions }

/** The system text, marked as a place to cache up to (tools included: they come before it). Undefined when empty. */
export function toInstructions({ system }: ModelRequest): SystemModelMessage | undefined {
  return system === '' ? undefined : { role: 'system', content: system, ...CACHE }
}

/**
 * Our messages as the SDK's. Empty texts and messages are left out, for vendors refuse them. The last two user or tool messages are marked
 * for caching: the older one is where the previous step's cache ends and is read, the newer one where this step's is written.
 */
export function toSdkMessages(messages: readonly ModelMessage[], kind: ProviderKind): SdkMessage[] {
  const converted = messages.map((message) => toSdkMessage(message, kind)).filter((message) => message.content.length > 0)
  const marked = converted.filter(({ role }) => role !== 'assistant').slice(-2)
  return converted.map((message) => (marked.includes(message) ? { ...message, ...CACHE } : message))
}

function toSdkMessage(message: ModelMessage, kind: ProviderKind): SdkMessage {
  if (message.role === 'user') {
    return { role: 'user', content: message.content.map((part) => (part.type === 'file' ? toFile(part) : part)).filter(hasText) }
  }
  if (message.role === 'assistant') return { role: 'assistant', content: message.content.map(toAssistantPart).filter(hasText) }
  return {
    role: 'tool',
    content: message.content.map(({ callId, name, text, isError }) => ({
      type: 'tool-result',
      toolCallId: callId,
      toolName: name,
      // Only Anthropic has a mark for errors; for the others the SDK would wrap the text in JSON.
      output: { type: isError && kind === 'anthropic' ? 'error-text' : 'text', value: text },
    })),
  }
}

function toAssistantPart(part: Extract<ModelMessage, { role: 'assistant' }>['content'][number]): AssistantPart {
  if (part.type === 'tool_call') return { type: 'tool-call', toolCallId: part.callId, toolName: part.name, input: part.input }
  if (part.type === 'text') return { type: 'text', text: part.text }
  const providerOptions = toProviderOptions(part.metadata)
  return { type: 'reasoning', text: part.text, ...(providerOptions === undefined ? {} : { providerOptions }) }
}

/** Reasoning without text may still carry what the provider wants back. */
function hasText(part: UserPart | AssistantPart): boolean {
  return part.type !== 'text' || part.text !== ''
}

function toProviderOptions(metadata: Json | undefined): ProviderOptions | undefined {
  if (!isObject(metadata)) return undefined
  return Object.fromEntries(Object.entries(metadata).filter((entry): entry is [string, { [key: string]: Json }] => isObject(entry[1])))
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const TEXT_TYPES = /^(text\/|application\/(json|xml|yaml|x-yaml|toml|javascript|typescript|x-sh|sql|x-ndjson)|.*\+(json|xml)$)/

/** Images and PDFs go as they are; text is put into the message; of anything else the model learns only that it is there. */
function toFile({ name, mediaType, data }: FilePart): UserPart {
  if (mediaType.startsWith('image/') || mediaType === 'application/pdf')
    return { type: 'file', data: { type: 'data', data }, mediaType, filename: name }
  const bytes = Buffer.from(data, 'base64')
  if (TEXT_TYPES.test(mediaType)) return { type: 'text', text: `<file name=${JSON.stringify(name)}>\n${bytes.toString('utf8')}\n</file>` }
  return {
    type: 'text',
    text: `[The file ${JSON.stringify(name)} (${mediaType}, ${bytes.length} bytes) is attached; its content cannot be shown here.]`,
  }
}

const toolSets = new WeakMap<readonly ToolDescription[], ToolSet>()

/**
 * The tools for the SDK, converted once for each array. No tool can be executed by the SDK, and the schemas are not strict: the engine
 * checks every input itself, and strict mode refuses schemas with optional properties.
 */
export function toToolSet(tools: readonly ToolDescription[], sdk: Pick<typeof Sdk, 'jsonSchema' | 'tool'>): ToolSet {
  const known = toolSets.get(tools)
  if (known) return known
  const made: ToolSet = Object.fromEntries(
    tools.map(({ name, description, inputSchema }) => [
      name,
      sdk.tool({ description, inputSchema: sdk.jsonSchema(asSchema(inputSchema)), strict: false }),
    ]),
  )
  toolSets.set(tools, made)
  return made
}

/** A JSON Schema for the SDK. Its type is wider than the SDK's; the vendor is the judge of it. */
export function asSchema(schema: Json): Parameters<typeof Sdk.jsonSchema>[0] {
  return (isObject(schema) ? schema : {}) as Parameters<typeof Sdk.jsonSchema>[0]
}
