import type { FilePart, ModelMessage, ModelRequest, ToolDescription } from './types.ts'

const charactersPerToken = 3.5
const imageTokens = 1600
const messageOverhead = 4

/** Tokens of a text, estimated: ASCII at 3.5 characters a token, everything else at one token a UTF-16 unit (CJK and emoji cost that much). */
export function estimateText(text: string): number {
  let others = 0
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 127) others++
  return Math.ceil((text.length - others) / charactersPerToken + others)
}

/** Tokens of a list of messages, estimated, files included. */
export function estimateMessages(messages: readonly ModelMessage[]): number {
  let total = 0
  for (const { content } of messages) {
    total += messageOverhead
    for (const part of content) {
      if (part.type === 'file') total += estimateFile(part)
      else if (part.type === 'tool_call') total += estimateText(part.name) + estimateText(JSON.stringify(part.input))
      else total += estimateText(part.text)
    }
  }
  return total
}

/** Tokens of all that a request carries beside its messages: the system prompt, the tools and the output schema. */
export function estimateFrame(request: { system: string; tools: readonly ToolDescription[]; outputSchema?: unknown }): number {
  const schema = request.outputSchema === undefined ? '' : JSON.stringify(request.outputSchema)
  return estimateText(request.system) + estimateText(schema) + (request.tools.length > 0 ? estimateText(JSON.stringify(request.tools)) : 0)
}

/** Input tokens of a whole request, estimated. */
export function estimateRequest(request: ModelRequest): number {
  return estimateFrame(request) + estimateMessages(request.messages)
}

function estimateFile(file: FilePart): number {
  if (file.mediaType.startsWith('image/')) return imageTokens
  const bytes = file.data.length * 0.75
  if (file.mediaType.startsWith('text/')) return Math.ceil(bytes / charactersPerToken)
  return Math.max(imageTokens, Math.ceil(bytes / 16))
}
