import { z } from 'zod'
import { byteLength, count, headBytes } from '../bounds.ts'
import { locate, PathInput, pathTarget, readBytes, shown } from '../locate.ts'
import { decodeText, imageType, lineEndingOf, linesOf } from '../text-file.ts'
import { tool, type ToolAnswer, ToolError } from '../tool.ts'
import { words } from '../words.ts'

const describe = words(import.meta.url)
const defaultLines = 2000
const maxBytes = 256 * 1024
/** Room for the sentence under the text. */
const statementBytes = 400

const inputs = z.strictObject({
  path: PathInput.describe('The file, relative to the working folder or absolute.'),
  startLine: z.int().min(1).optional().describe('First line to read, from 1. Default 1.'),
  lineCount: z.int().min(1).max(100_000).optional().describe('How many lines to read at most. Default 2,000.'),
  numbered: z.boolean().optional().describe('Put the line number and a tab before each line. Default false.'),
})
const outputs = z.strictObject({
  path: z.string(),
  kind: z.enum(['text', 'image', 'binary']),
  bytes: z.int().describe('Size of the whole file.'),
  mediaType: z.string().optional(),
  content: z.string().describe('The lines as they are in the file, endings included. Empty for pictures and binary files.'),
  startLine: z.int(),
  endLine: z.int().describe('0 when no line was read.'),
  totalLines: z.int(),
  encoding: z.enum(['utf-8', 'utf-16le', 'utf-16be']).nullable(),
  lineEnding: z.enum(['lf', 'crlf']).nullable(),
  truncated: z.boolean().describe('Lines after endLine exist.'),
})

const noText = (path: string, bytes: Uint8Array): ToolAnswer => {
  const mediaType = imageType(bytes)
  const output = {
    path,
    bytes: bytes.length,
    content: '',
    startLine: 0,
    endLine: 0,
    totalLines: 0,
    encoding: null,
    lineEnding: null,
    truncated: false,
  }
  const size = `${count(bytes.length)} bytes`
  return mediaType === null
    ? { output: { ...output, kind: 'binary' }, text: `${path} is a binary file (${size}), or not in UTF-8 or UTF-16; it cannot be shown as text.` }
    : { output: { ...output, kind: 'image', mediaType }, text: `${path} is a picture (${mediaType}, ${size}); it cannot be shown as text.` }
}

/** As many of the lines as fit; a first line that does not fit alone is cut. */
const fitting = (lines: readonly string[], bytes: number): { kept: string[]; cut: boolean } => {
  const kept: string[] = []
  let used = 0
  for (const line of lines) {
    used += byteLength(line)
    if (used > bytes) return kept.length > 0 ? { kept, cut: false } : { kept: [headBytes(line, bytes)], cut: true }
    kept.push(line)
  }
  return { kept, cut: false }
}

/** Reads a text file, whole or a range of its lines. */
export const read = tool({
  id: 'files.read',
  name: 'Read a file',
  get description() {
    return describe()
  },
  inputs,
  outputs,
  permissions: ['files:read'],
  risk: 'read',
  repeatable: true,
  examples: [
    'read README.md',
    'show me the file src/main.ts',
    'what is the name in package.json?',
    'open "notes/today.txt"',
    'lines 10 to 40 of server.log',
    'what does LICENSE say?',
  ],
  targets: (input, at) => pathTarget(input.path, at, 'read'),
  async run(input, context) {
    const file = await locate(input.path, context, 'read')
    const path = shown(file, context)
    const bytes = await readBytes(file, context)
    const text = decodeText(bytes)
    if (text === null) return noText(path, bytes)
    const all = linesOf(text.text)
    const start = input.startLine ?? 1
    if (start > Math.max(1, all.length))
      throw new ToolError('invalid', `${path} has ${count(all.length)} lines; line ${count(start)} does not exist.`)
    const asked = all.slice(start - 1, start - 1 + (input.lineCount ?? defaultLines))
    const wanted = input.numbered === true ? asked.map((line, index) => `${String(start + index).padStart(6)}\t${line}`) : asked
    const { kept, cut } = fitting(wanted, Math.min(maxBytes, context.outputBytes - statementBytes))
    const end = start - 1 + kept.length
    const content = kept.join('')
    const rest = end < all.length ? `; go on with startLine ${end + 1}` : ''
    const statement =
      all.length === 0 ? `${path} is empty` : `${path}: lines ${start}-${end} of ${all.length}${cut ? `; line ${start} is cut` : ''}${rest}`
    const ending = lineEndingOf(text.text)
    return {
      output: {
        path,
        kind: 'text',
        bytes: bytes.length,
        content,
        startLine: all.length === 0 ? 0 : start,
        endLine: end,
        totalLines: all.length,
        encoding: text.encoding,
        lineEnding: ending === null ? null : ending === '\n' ? 'lf' : 'crlf',
        truncated: cut || end < all.length,
      },
      text: `${content}${content === '' || content.endsWith('\n') ? '' : '\n'}[${statement}]`,
    }
  },
})
