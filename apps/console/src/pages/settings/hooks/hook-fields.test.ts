import { expect, test } from 'vitest'
import { actionOf, targetOf } from './hook-fields.ts'

test('what a form does not show of an action is kept when the rest is changed', () => {
  const before = { kind: 'webhook', url: 'https://a.example/', method: 'PUT', headers: { 'x-a': '1' } } as const
  expect(actionOf('webhook', 'https://b.example/', before)).toEqual({ ...before, url: 'https://b.example/' })
  const command = { kind: 'command' as const, command: ['a', 'b c'], timeoutMs: 5_000 }
  expect(actionOf('command', targetOf(command), command)).toEqual(command)
  expect(actionOf('command', 'other', command)).toEqual({ ...command, command: 'other' })
  expect(actionOf('task', 'task_1', before)).toEqual({ kind: 'task', taskId: 'task_1' })
})
