import type { ToolCall } from '@steward/contract/daemon'
import { expect, test } from 'vitest'
import { changedLines, fileChanges } from './file-changes.ts'

const call = (toolId: string, input: ToolCall['input'], output: ToolCall['output']): ToolCall => ({
  id: 'call_1',
  sessionId: 'ses_1',
  runId: 'run_1',
  messageId: 'msg_1',
  toolId,
  input,
  output,
  status: 'completed',
  text: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  startedAt: null,
  finishedAt: '2026-01-01T00:00:01.000Z',
})
const told = (toolId: string, input: ToolCall['input'], output: ToolCall['output']) =>
  fileChanges([call(toolId, input, output)]).map(({ path, action, added, removed }) => [path, action, added, removed])

test('an edit counts the lines that differ, at every place where it was made', () => {
  expect(changedLines('a\nb\nc', 'a\nB\nB2\nc')).toEqual({ added: 2, removed: 1 })
  expect(changedLines('a\n', '')).toEqual({ added: 0, removed: 1 })
  expect(told('files.edit', { path: 'a.ts', oldText: 'x\ny', newText: 'x\nz' }, { path: 'a.ts', replaced: 3 })).toEqual([['a.ts', 'update', 3, 3]])
  const edits = [
    { oldText: 'a', newText: 'b' },
    { oldText: '', newText: 'c\nd' },
  ]
  expect(told('files.multi_edit', { path: 'a.ts', edits }, { path: 'a.ts', replaced: 2 })).toEqual([['a.ts', 'update', 3, 1]])
})
test('a new file has all of its lines; of one that was written anew nothing is claimed', () => {
  expect(told('files.write', { path: 'n.md', content: 'a\nb\n' }, { path: 'n.md', created: true })).toEqual([['n.md', 'add', 2, 0]])
  expect(told('files.write', { path: 'n.md', content: 'a\n' }, { path: 'n.md', created: false })).toEqual([['n.md', 'update', null, null]])
})
test('a patch of one file is counted, and of several each is named', () => {
  const patch = '--- a/x\n+++ b/x\n@@ -1 +1,2 @@\n-old\n+new\n+more\n'
  expect(told('files.patch', { patch }, { files: [{ action: 'update', path: 'x' }] })).toEqual([['x', 'update', 2, 1]])
  const files = [
    { action: 'delete', path: 'x' },
    { action: 'rename', path: 'y', newPath: 'z' },
  ]
  expect(told('files.patch', { patch }, { files })).toEqual([
    ['x', 'delete', null, null],
    ['z', 'rename', null, null],
  ])
})
