import type { FileChange, ToolCall } from '@steward/contract/daemon'

type Counted = Pick<FileChange, 'path' | 'action' | 'added' | 'removed'>
/** The tools whose finished calls have changed files. */
export const changingTools = ['files.edit', 'files.multi_edit', 'files.write', 'files.patch'] as const
type Values = Readonly<Record<string, unknown>>
const words = (value: unknown): string => (typeof value === 'string' ? value : '')
const objects = (value: unknown): Values[] =>
  Array.isArray(value) ? value.filter((one): one is Values => typeof one === 'object' && one !== null) : []

/** Lines that differ between two texts, without those that both begin and end with. */
export function changedLines(before: string, after: string): { added: number; removed: number } {
  const [old, fresh] = [lines(before), lines(after)]
  let start = 0
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) start++
  let end = 0
  while (end < old.length - start && end < fresh.length - start && old.at(-1 - end) === fresh.at(-1 - end)) end++
  return { added: fresh.length - start - end, removed: old.length - start - end }
}
const lines = (text: string) => (text === '' ? [] : text.replace(/\n$/, '').split('\n'))

function ofEdits(path: string, edits: readonly Values[], replaced: number): Counted {
  // Which of several edits was made at how many places is not told.
  const times = edits.length === 1 ? replaced : 1
  const counts = edits.map(({ oldText, newText }) => changedLines(words(oldText), words(newText)))
  return {
    path,
    action: 'update',
    added: counts.reduce((sum, { added }) => sum + added * times, 0),
    removed: counts.reduce((sum, { removed }) => sum + removed * times, 0),
  }
}
function ofPatch(patch: string, output: Values): Counted[] {
  const files = objects(output['files'])
  const body = patch.split('\n').filter((line) => !/^(\+\+\+|---|\*\*\*) /.test(line))
  const count = (mark: string) => (files.length === 1 ? body.filter((line) => line.startsWith(mark)).length : null)
  return files.map(({ action, path, newPath }) => ({
    path: words(newPath) || words(path),
    action: action === 'add' || action === 'delete' || action === 'rename' ? action : 'update',
    added: count('+'),
    removed: count('-'),
  }))
}
function counted({ toolId, input, output }: ToolCall): Counted[] {
  const [given, gave] = [input as Values, (output ?? {}) as Values]
  const path = words(gave['path']) || words(given['path'])
  if (toolId === 'files.patch') return ofPatch(words(given['patch']), gave)
  if (toolId !== 'files.write')
    return [ofEdits(path, toolId === 'files.edit' ? [given] : objects(given['edits']), typeof gave['replaced'] === 'number' ? gave['replaced'] : 1)]
  const created = gave['created'] === true
  return [{ path, action: created ? 'add' : 'update', added: created ? lines(words(given['content'])).length : null, removed: created ? 0 : null }]
}
/** What finished calls of `changingTools` have done to files, in the order of the calls. */
export const fileChanges = (calls: readonly ToolCall[]): FileChange[] =>
  calls.flatMap((call) =>
    counted(call).map((change) => ({
      callId: call.id,
      messageId: call.messageId,
      toolId: call.toolId,
      at: call.finishedAt ?? call.createdAt,
      ...change,
    })),
  )
