import { expect, test } from 'vitest'
import { complete, fitting, triggerAt } from './completion.ts'

test('a slash completes commands at the very start only', () => {
  expect(triggerAt('/re', 3)).toEqual({ kind: 'command', query: 're', from: 0, to: 3 })
  expect(triggerAt('/skill:pdf', 10)).toMatchObject({ kind: 'skill', query: 'pdf' })
  for (const text of ['see /re', '/re name', ' /re', 'a/b']) expect(triggerAt(text, text.length)).toBeNull()
})
test('an at sign completes a file name after a blank, up to the next blank', () => {
  expect(triggerAt('fix @src/up please', 11)).toEqual({ kind: 'file', query: 'src/up', from: 4, to: 11 })
  expect(triggerAt('fix @src/up please', 8)).toEqual({ kind: 'file', query: 'src', from: 4, to: 11 })
  expect(triggerAt('@', 1)).toMatchObject({ kind: 'file', query: '' })
  expect(triggerAt('me@example.org', 14)).toBeNull()
})
test('what is chosen takes the place of what was written, with one blank after it', () => {
  expect(complete('fix @up now', { from: 4, to: 7 }, '@src/upload.ts')).toEqual({ text: 'fix @src/upload.ts now', caret: 19 })
  expect(complete('fix @up', { from: 4, to: 7 }, '@src/upload.ts')).toEqual({ text: 'fix @src/upload.ts ', caret: 19 })
})
test('names that begin with the query come first', () => {
  expect(fitting(['unstop', 'stop', 'other'], 'st', (name) => name)).toEqual(['stop', 'unstop'])
})
