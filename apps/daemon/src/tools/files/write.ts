import { z } from 'zod'
import { count } from '../bounds.ts'
import { unifiedDiff } from '../diff-text.ts'
import { explained, locate, PathInput, type Place, pathTarget, readBytes, shown } from '../locate.ts'
import { decodeText, encodeText, lineEndingOf, linesOf, type TextFile, withLineEnding } from '../text-file.ts'
import { tool, ToolError } from '../tool.ts'
import { words } from '../words.ts'

const describe = words(import.meta.url)
const inputs = z.strictObject({
  path: PathInput.describe('The file, relative to the working folder or absolute. Missing folders are made.'),
  content: z
    .string({ error: 'content must be text. To write an object, give it as JSON text.' })
    .max(10_000_000)
    .describe('The whole new content of the file, as text.'),
})
const outputs = z.strictObject({
  path: z.string(),
  created: z.boolean(),
  bytes: z.int(),
  lines: z.int(),
  lineEnding: z.enum(['lf', 'crlf']).nullable(),
})

const plain: Pick<TextFile, 'encoding' | 'bom'> = { encoding: 'utf-8', bom: false }

/** What is there now and what would be there: an existing text file keeps its encoding, and its line endings when the new text brings no `\r\n`. */
const planned = async (file: string, content: string, at: Place) => {
  const stat = await explained(`write ${shown(file, at)}`, () => at.files.stat(file))
  if (stat === null) return { before: null, text: content, bytes: encodeText(content, plain) }
  if (stat.kind !== 'file')
    throw new ToolError(
      'invalid',
      `${shown(file, at)} is ${stat.kind === 'folder' ? 'a folder' : 'no ordinary file'} and cannot be written as a file.`,
    )
  const before = decodeText(await readBytes(file, at))
  if (before === null) return { before: '[binary]\n', text: content, bytes: encodeText(content, plain) }
  const text = withLineEnding(content.replace(/^\uFEFF/, ''), lineEndingOf(before.text))
  return { before: before.text, text, bytes: encodeText(text, before) }
}

/** Writes a whole file, making it and its folders when they are missing. */
export const write = tool({
  id: 'files.write',
  name: 'Write a file',
  get description() {
    return describe()
  },
  inputs,
  outputs,
  permissions: ['files:write'],
  risk: 'write',
  repeatable: true,
  examples: [
    'write "hello" to hello.txt',
    'create a file notes.md with the text "Shopping list"',
    'save "a,b,c" as data/letters.csv',
    'make a new file TODO.txt saying "call Ada"',
  ],
  targets: (input, at) => pathTarget(input.path, at, 'write'),
  async preview(input, at) {
    const file = await locate(input.path, at, 'write')
    const { before, text } = await planned(file, input.content, at)
    const path = shown(file, at)
    const summary = before === null ? `Create ${path}` : before === text ? `Write ${path} again without a change` : `Replace the content of ${path}`
    return { diff: unifiedDiff([{ path, before, after: text }]), summary }
  },
  async run(input, context) {
    const file = await locate(input.path, context, 'write')
    const path = shown(file, context)
    const { before, text, bytes } = await planned(file, input.content, context)
    await explained(`write ${path}`, () => context.files.write(file, bytes))
    const ending = lineEndingOf(text)
    const lines = linesOf(text).length
    return {
      output: { path, created: before === null, bytes: bytes.length, lines, lineEnding: ending === null ? null : ending === '\n' ? 'lf' : 'crlf' },
      text: `${before === null ? 'Created' : 'Replaced'} ${path} (${count(lines)} lines, ${count(bytes.length)} bytes${ending === '\r\n' ? ', lines end in CRLF' : ''}).`,
    }
  },
})
