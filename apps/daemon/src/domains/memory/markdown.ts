import { Fault } from '@steward/contract'
import { z } from 'zod'
import { Memory, MemorySource, MemoryText } from '@steward/contract/daemon'

/** One entry of a file. What a hand-written one leaves out is as for a new memory. */
export interface MarkdownMemory {
  readonly text: string
  readonly kind: Memory['kind']
  readonly tags: readonly string[]
  readonly source: Memory['source']
  readonly agentId: string | null
  readonly sessionId: string | null
  readonly expiresAt: string | null
  readonly id?: string
  readonly createdAt?: string
  readonly updatedAt?: string
}
const fence = '---'
const begin = `${fence}\nmemory:`
/** Front matter, as its lines say it. `memory` is the id; a new entry has none there. */
const Front = z.strictObject({
  memory: z.union([z.literal(''), Memory.shape.id]),
  kind: Memory.shape.kind.default('note'),
  tags: z.array(z.string().min(1).max(64)).max(32).default([]),
  source: MemorySource.default({ kind: 'import' }),
  agentId: Memory.shape.agentId.default(null),
  sessionId: Memory.shape.sessionId.default(null),
  createdAt: Memory.shape.createdAt.optional(),
  updatedAt: Memory.shape.updatedAt.optional(),
  expiresAt: Memory.shape.expiresAt.default(null),
})
/** A line of three dashes in a text gets a backslash before it; one that has backslashes already gets one more. */
const hide = (text: string) => text.replaceAll(/^(\\*---)$/gm, '\\$1')
const show = (text: string) => text.replaceAll(/^\\(\\*---)$/gm, '$1')

/** Memories as one Markdown text: each with front matter (YAML), its text after it to the letter but for lines of three dashes. */
export const toMarkdown = (memories: readonly Memory[]): string =>
  memories
    .map(({ id, kind, tags, source, agentId, sessionId, createdAt, updatedAt, expiresAt, text }) => {
      const front = { kind, tags: JSON.stringify(tags), source: JSON.stringify(source), agentId, sessionId, createdAt, updatedAt, expiresAt }
      const lines = Object.entries(front).map(([key, value]) => `${key}: ${value ?? 'null'}`)
      return `${begin} ${id}\n${lines.join('\n')}\n${fence}\n${hide(text)}\n`
    })
    .join('')

/**
 * Reads what `toMarkdown` wrote, also changed by hand. A file that does not begin like one is one document. Throws Fault `unprocessable` with the
 * line of an entry that cannot be read.
 */
export function fromMarkdown(file: string): MarkdownMemory[] {
  const whole = file.startsWith('\uFEFF') ? file.slice(1) : file
  if (!/^---\r?\nmemory:/.test(whole)) return [documentOf(whole)]
  const windows = whole.startsWith('---\r\n')
  const lines = (windows ? whole.replaceAll('\r\n', '\n') : whole).split('\n')
  const entries: MarkdownMemory[] = []
  for (let start = 0; start < lines.length;) {
    const close = lines.indexOf(fence, start + 1)
    const next = lines.findIndex((line, at) => at > Math.max(close, start) && line === fence && lines[at + 1]?.startsWith('memory:') === true)
    const end = next < 0 ? lines.length : next
    entries.push(entryOf(lines.slice(start, end), start + 1, end === lines.length))
    start = end
  }
  return entries
}
function documentOf(text: string): MarkdownMemory {
  if (!MemoryText.safeParse(text).success) throw new Fault('unprocessable', 'A document holds a word and has at most 200,000 characters.')
  return { text, kind: 'document', tags: [], source: { kind: 'import' }, agentId: null, sessionId: null, expiresAt: null }
}
function entryOf(lines: readonly string[], line: number, isLast: boolean): MarkdownMemory {
  const refuse = (why: string, at = line) => new Fault('unprocessable', `Line ${at} of the file: ${why}.`, { line: at })
  const close = lines.indexOf(fence, 1)
  if (close < 0) throw refuse('the front matter of this entry has no closing line of three dashes')
  const front: Record<string, unknown> = {}
  for (const [index, said] of lines.slice(1, close).entries()) {
    const [, key, value] = /^(\w+):\s*([^]*?)\s*$/.exec(said) ?? []
    if (key === undefined || value === undefined) throw refuse('expected `key: value`', line + 1 + index)
    front[key] = valueOf(value)
  }
  const { data, error } = Front.safeParse(front)
  if (!data) throw refuse(`${error.issues[0]?.path.join('.') ?? ''}: ${error.issues[0]?.message ?? 'it does not fit'}`)
  // The text ends with the line feed before the next entry; an editor may have taken the last one of the file.
  const body = lines.slice(close + 1)
  const text = show((isLast && body.at(-1) === '' ? body.slice(0, -1) : body).join('\n'))
  if (!MemoryText.safeParse(text).success) throw refuse('its text holds a word and has at most 200,000 characters')
  const { memory, createdAt, updatedAt, ...rest } = data
  return {
    text,
    ...rest,
    ...(memory === '' ? {} : { id: memory }),
    ...(createdAt === undefined ? {} : { createdAt, updatedAt: updatedAt ?? createdAt }),
  }
}
/** JSON where it is written so, else the text itself. */
function valueOf(value: string): unknown {
  if (value === 'null') return null
  if (!/^[[{"]/.test(value)) return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}
