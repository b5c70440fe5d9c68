import type { ToolCall } from '@steward/contract/daemon'

/** A call in one line: what is done, to what, and what came of it. */
export interface ToolLine {
  readonly verb: string
  readonly object: string
  /** `exit 1`, `+3 −1`, `24 lines`; empty when there is nothing to say. */
  readonly result: string
}
type Values = Readonly<Record<string, unknown>>
const valuesOf = (value: unknown): Values => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Values) : {})
const word = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
const counted = (value: unknown, one: string, many: string): string =>
  typeof value === 'number' ? `${value.toLocaleString('en-US')} ${value === 1 ? one : many}` : ''
const lengthOf = (value: unknown): number | undefined => (Array.isArray(value) ? value.length : undefined)
/** How many lines differ, but for those that both texts begin and end with. */
function changedLines(before: string, after: string): string {
  const [old, now] = [before, after].map((text) => (text === '' ? [] : text.replace(/\n$/, '').split('\n'))) as [string[], string[]]
  const least = Math.min(old.length, now.length)
  let head = 0
  while (head < least && old[head] === now[head]) head++
  let tail = 0
  while (tail < least - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++
  return `+${now.length - head - tail} −${old.length - head - tail}`
}

interface Reader {
  readonly verb: string
  readonly object: (input: Values) => string
  readonly result?: (output: Values, input: Values) => string
}
const path = (input: Values) => word(input['path'])
const readers: Readonly<Record<string, Reader>> = {
  'shell.run': {
    verb: 'shell',
    object: (input) => word(input['command']),
    result: (output) => (typeof output['exitCode'] === 'number' ? `exit ${output['exitCode']}` : ''),
  },
  'shell.output': { verb: 'output', object: (input) => word(input['id']) },
  'shell.kill': { verb: 'end', object: (input) => word(input['id']) },
  'shell.list': { verb: 'commands', object: () => '', result: (output) => counted(lengthOf(output['commands']), 'command', 'commands') },
  'files.read': {
    verb: 'read',
    object: path,
    result: ({ startLine, endLine, totalLines }) =>
      startLine === 1 && endLine === totalLines ? counted(totalLines, 'line', 'lines') : `lines ${word(startLine)}–${word(endLine)}`,
  },
  'files.write': { verb: 'write', object: path, result: ({ lines }) => counted(lines, 'line', 'lines') },
  'files.edit': { verb: 'edit', object: path, result: (_output, input) => changedLines(word(input['oldText']), word(input['newText'])) },
  'files.multi_edit': { verb: 'edit', object: path, result: ({ replaced }) => counted(replaced, 'place', 'places') },
  'files.patch': { verb: 'patch', object: (input) => patchedFiles(word(input['patch'])).join(', ') },
  'files.list': { verb: 'list', object: (input) => path(input) || '.', result: (output) => counted(lengthOf(output['entries']), 'entry', 'entries') },
  'files.glob': { verb: 'glob', object: (input) => word(input['pattern']), result: ({ total }) => counted(total, 'file', 'files') },
  'files.grep': {
    verb: 'grep',
    object: (input) => [word(input['pattern']), path(input)].filter((part) => part !== '').join(' in '),
    result: ({ matches }) => counted(matches, 'match', 'matches'),
  },
  'git.status': { verb: 'git', object: () => 'status' },
  'git.diff': { verb: 'git', object: (input) => ['diff', path(input)].join(' ').trim() },
  'git.log': { verb: 'git', object: (input) => ['log', path(input)].join(' ').trim() },
  'git.show': { verb: 'git', object: (input) => ['show', word(input['ref'])].join(' ').trim() },
  'web.fetch': { verb: 'fetch', object: (input) => word(input['url']), result: ({ status }) => word(status) },
  'todo.write': { verb: 'to do', object: (input) => counted(lengthOf(input['todos']), 'item', 'items') },
  'todo.read': { verb: 'to do', object: () => 'read' },
  'memory.save': { verb: 'remember', object: (input) => word(input['text']) || word(input['content']) },
  'memory.search': { verb: 'recall', object: (input) => word(input['query']) },
  'ask.questions': {
    verb: 'ask',
    object: (input) => {
      const [first] = Array.isArray(input['questions']) ? (input['questions'] as unknown[]) : []
      return word(valuesOf(first)['question'])
    },
  },
}
/** The files that a patch names. */
const patchedFiles = (patch: string): readonly string[] => [
  ...new Set(
    [...patch.matchAll(/^(?:\+\+\+ (?:b\/)?|\*\*\* (?:Update|Add|Delete) File: )([^\t\n]+)/gm)]
      .map(([, name = '']) => name)
      .filter((name) => name !== '/dev/null'),
  ),
]
/** Its first word among the inputs stands for a tool that is not known here. */
const firstWord = (input: Values): string =>
  Object.values(input)
    .map(word)
    .find((found) => found !== '') ?? ''

/** How a call is told in one line. What it says comes from a model and its tools: show it as untrusted text. */
export function toolLine({ toolId, input, output, status }: Pick<ToolCall, 'toolId' | 'input' | 'output' | 'status'>): ToolLine {
  const reader = readers[toolId]
  const values = valuesOf(input)
  return {
    verb: reader?.verb ?? toolId,
    object: reader?.object(values) ?? firstWord(values),
    result: status === 'completed' ? (reader?.result?.(valuesOf(output), values) ?? '') : '',
  }
}
/** What a call shows when it is opened, by what it is. */
export type Shown =
  | { readonly kind: 'change'; readonly name: string; readonly before: string; readonly after: string }
  | { readonly kind: 'diff'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string; readonly name: string; readonly isPath: boolean }
  | { readonly kind: 'markdown'; readonly text: string }
  | { readonly kind: 'json'; readonly value: unknown }

/** What was given to a call, where its line does not say it all. */
export function givenTo({ toolId, input }: Pick<ToolCall, 'toolId' | 'input'>): readonly Shown[] {
  const values = valuesOf(input)
  if (toolId === 'shell.run') return [{ kind: 'code', text: word(values['command']), name: 'bash', isPath: false }]
  if (toolId === 'files.edit') return [{ kind: 'change', name: path(values), before: word(values['oldText']), after: word(values['newText']) }]
  if (toolId === 'files.multi_edit' && Array.isArray(values['edits']))
    return values['edits'].map((edit: unknown) => ({
      kind: 'change',
      name: path(values),
      before: word(valuesOf(edit)['oldText']),
      after: word(valuesOf(edit)['newText']),
    }))
  if (toolId === 'files.write') return [{ kind: 'code', text: word(values['content']), name: path(values), isPath: true }]
  if (toolId === 'files.patch') return [{ kind: 'diff', text: word(values['patch']) }]
  const isShort =
    Object.keys(values).length <= 1 && word(Object.values(values)[0]) === toolLine({ toolId, input, output: null, status: 'asked' }).object
  return isShort ? [] : [{ kind: 'json', value: input }]
}
/** What came of a call. */
export function cameOf({ toolId, output, text, status }: Pick<ToolCall, 'toolId' | 'output' | 'text' | 'status'>): Shown | undefined {
  const values = valuesOf(output)
  if (status === 'completed') {
    if (toolId === 'files.read' && word(values['content']) !== '')
      return { kind: 'code', text: word(values['content']), name: word(values['path']), isPath: true }
    if ((toolId === 'git.diff' || toolId === 'git.show') && text?.includes('\n@@ ')) return { kind: 'diff', text }
    if (toolId === 'web.fetch' && text) return { kind: 'markdown', text }
  }
  if (text !== null && text !== '' && !looksLikeJson(text)) return { kind: 'code', text, name: '', isPath: false }
  return output === null || output === undefined ? undefined : { kind: 'json', value: output }
}
/** A result whose words are only its value written out. */
const looksLikeJson = (text: string): boolean => {
  if (!/^[[{]/.test(text) || text.length > 500_000) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
