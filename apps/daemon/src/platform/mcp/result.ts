import type { CallToolResult, ContentBlock } from '@modelcontextprotocol/client'
import { ToolError } from '../../tools/tool.ts'
import type { ToolAnswer } from '../../tools/tool.ts'
import { createKeptOutput } from '../processes/kept-output.ts'
import { plainJson } from './json.ts'

const deepest = 200
/** Bytes that so many characters of base64 stand for. */
const bytesOf = (base64: string): number => Math.floor((base64.length * 3) / 4)

type Words = { readonly [K in ContentBlock['type']]: (block: Extract<ContentBlock, { type: K }>) => string }
const words: Words = {
  text: ({ text }) => text,
  image: ({ mimeType, data }) => `[image ${mimeType}, ${bytesOf(data)} bytes]`,
  audio: ({ mimeType, data }) => `[audio ${mimeType}, ${bytesOf(data)} bytes]`,
  resource_link: ({ name, uri }) => `[link to ${name}: ${uri}]`,
  resource: ({ resource }) =>
    'text' in resource
      ? `[resource ${resource.uri}]\n${resource.text}`
      : `[resource ${resource.uri}, ${resource.mimeType ?? 'unknown type'}, ${bytesOf(resource.blob)} bytes]`,
}
const wordsOf = <K extends ContentBlock['type']>(block: Extract<ContentBlock, { type: K }>): string => words[block.type as K](block)

/**
 * What a server answered, as a tool's answer of at most `outputBytes`: the structured content, else its text. Images, sounds and binary
 * resources are named, not carried. Throws ToolError `failed` with the server's words when it says that the tool failed.
 */
export function answerOf(result: CallToolResult, outputBytes: number): ToolAnswer {
  const whole = result.content.map((block) => wordsOf(block)).join('\n')
  const text = bounded(whole, outputBytes)
  if (result.isError === true) throw new ToolError('failed', text.trim() === '' ? 'The tool failed and did not say why.' : text)
  if (result.structuredContent === undefined) return { output: text, text }
  const plain = plainJson(result.structuredContent, deepest)
  if (plain === null) throw new ToolError('failed', 'The server answered with a value that is nested too deeply to be read.')
  const json = JSON.stringify(plain.value)
  if (Buffer.byteLength(json) <= outputBytes) return { output: plain.value, ...(text.trim() === '' ? {} : { text }) }
  const cut = bounded(json, outputBytes)
  return { output: cut, text: cut }
}

function bounded(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text
  const kept = createKeptOutput(bytes)
  kept.add(Buffer.from(text))
  return kept.take(bytes).text
}
