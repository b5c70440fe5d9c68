import { summaryHeading } from './notes.ts'
import { userText } from './messages.ts'
import { estimateMessages, estimateText } from './tokens.ts'
import type { ModelMessage } from './types.ts'

const keptShare = 0.3
const wordsOfOnePart = 4000

/**
 * Where to cut: the index from which messages are kept, or null when a cut would remove nothing worth it. The newest messages that fit 0.3 of the
 * context are kept, at least the last one with all that belongs to it; a cut never parts a call from its result.
 */
export function planCut(messages: readonly ModelMessage[], askedAt: number, contextTokens: number): number | null {
  let kept = messages.length
  let tokens = 0
  for (let index = messages.length - 1; index > 0; index--) {
    const message = messages[index]
    if (!message) break
    tokens += estimateMessages([message])
    if (kept < messages.length && tokens > contextTokens * keptShare) break
    if (message.role !== 'tool') kept = index
  }
  const removed = messages.slice(0, kept).filter((message, index) => index !== askedAt && !isSummary(message))
  return kept < messages.length && removed.length > 0 ? kept : null
}

/** The conversation with the messages before `keptFrom` replaced by a summary. The user's newest message stays word for word, wherever it stood. */
export function compactMessages(
  messages: readonly ModelMessage[],
  askedAt: number,
  summary: string,
  keptFrom: number,
): { messages: readonly ModelMessage[]; askedAt: number } {
  const first = userText(`${summaryHeading}\n\n${summary}`)
  const asked = messages[askedAt]
  const kept = messages.slice(keptFrom)
  if (askedAt >= keptFrom || asked?.role !== 'user' || isSummary(asked))
    return { messages: [first, ...kept], askedAt: Math.max(0, askedAt - keptFrom + 1) }
  return { messages: [first, asked, ...kept], askedAt: 1 }
}

/** The messages as plain text for the one who summarises, at most about `tokens` long: the middle goes first. */
export function transcript(messages: readonly ModelMessage[], tokens: number): string {
  const text = messages.flatMap((message) => message.content.map((part) => `[${message.role}] ${clip(describe(part), wordsOfOnePart)}`)).join('\n\n')
  return clip(text, Math.floor((tokens * text.length) / Math.max(1, estimateText(text))))
}

function isSummary(message: ModelMessage): boolean {
  const first = message.role === 'user' ? message.content[0] : undefined
  return first?.type === 'text' && first.text.startsWith(summaryHeading)
}

function describe(part: ModelMessage['content'][number]): string {
  if (part.type === 'file') return `(file ${part.name}, ${part.mediaType})`
  if (part.type === 'tool_call') return `called ${part.name} with ${JSON.stringify(part.input)}`
  if (part.type === 'tool_result') return `${part.name} ${part.isError ? 'failed' : 'answered'}: ${part.text}`
  return part.type === 'reasoning' ? `(thought) ${part.text}` : part.text
}

function clip(text: string, characters: number): string {
  if (text.length <= characters) return text
  const half = Math.max(0, Math.floor(characters / 2) - 20)
  return `${text.slice(0, half).toWellFormed()}\n[… left out …]\n${text.slice(text.length - half).toWellFormed()}`
}
