import { expect, test } from 'vitest'
import { cameOf, givenTo, toolLine } from './tool-line.ts'

const line = (toolId: string, input: unknown, output: unknown = null) =>
  Object.values(toolLine({ toolId, input: input as never, output: output as never, status: 'completed' })).join(' | ')

test.each([
  ['shell.run', { command: 'npm test' }, { exitCode: 1 }, 'shell | npm test | exit 1'],
  ['files.read', { path: 'a.ts' }, { startLine: 1, endLine: 24, totalLines: 24 }, 'read | a.ts | 24 lines'],
  ['files.read', { path: 'a.ts' }, { startLine: 5, endLine: 9, totalLines: 24 }, 'read | a.ts | lines 5–9'],
  ['files.edit', { path: 'a.ts', oldText: 'a\nb\nc', newText: 'a\nx\ny\nc' }, {}, 'edit | a.ts | +2 −1'],
  ['files.grep', { pattern: 'TODO', path: 'src' }, { matches: 1 }, 'grep | TODO in src | 1 match'],
  ['web.fetch', { url: 'https://example.com' }, { status: 200 }, 'fetch | https://example.com | 200'],
  ['files.patch', { patch: '--- a/x.ts\n+++ b/x.ts\n@@ -1 +1 @@\n-a\n+b\n' }, {}, 'patch | x.ts | '],
  ['spotify.play', { deep: {}, track: 'So What' }, {}, 'spotify.play | So What | '],
])('%s of %j is told in one line', (toolId, input, output, expected) => {
  expect(line(toolId, input, output)).toBe(expected)
})
test('inputs that are no object, or of the wrong kind, break nothing', () => {
  for (const input of [null, 'text', 3, [], { path: { a: 1 } }, { questions: 'x' }])
    for (const toolId of ['files.edit', 'ask.questions', 'shell.run', 'x.y'])
      expect(() => [line(toolId, input), givenTo({ toolId, input: input as never })]).not.toThrow()
})
test('what came of a call is shown by its kind', () => {
  const came = (toolId: string, output: unknown, text: string | null) => cameOf({ toolId, output: output as never, text, status: 'completed' })?.kind
  expect(came('git.diff', {}, 'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b')).toBe('diff')
  expect(came('web.fetch', {}, '# Title')).toBe('markdown')
  expect(came('x.y', { a: 1 }, '{"a":1}')).toBe('json')
  expect(came('x.y', { a: 1 }, 'words')).toBe('code')
  expect(came('x.y', null, null)).toBeUndefined()
})
