import { expect, test } from 'vitest'
import { conflict, overlap } from './conflicts.ts'

test.each([
  ['path:/a', 'path:/a', true],
  ['path:/a', 'path:/a/b', true],
  ['path:/a/b', 'path:/a', true],
  ['path:/', 'path:/a', true],
  ['path:/a', 'path:/ab', false],
  ['path:C:\\a', 'path:C:\\a\\b', true],
  ['command', 'path:/a', true],
  ['command', 'command', true],
  ['command', 'host:x', false],
  ['host:x', 'host:x', false],
  ['todo', 'todo', true],
  ['todo', 'path:/a', false],
])('%s and %s overlap: %s', (one, other, expected) => {
  expect(overlap(one, other)).toBe(expected)
  expect(overlap(other, one)).toBe(expected)
})

test('two reads never conflict, two writes always do', () => {
  expect(conflict({ access: 'read', targets: ['path:/a'] }, { access: 'read', targets: ['path:/a'] })).toBe(false)
  expect(conflict({ access: 'write', targets: ['path:/a'] }, { access: 'write', targets: ['path:/b'] })).toBe(true)
})
