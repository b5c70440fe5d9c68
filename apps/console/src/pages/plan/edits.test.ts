import { expect, test } from 'vitest'
import { meaningOf, nameFor } from './edits.ts'

const read = { id: 's1', toolId: 'files.read', inputs: { path: 'a.txt' } }
const write = { id: 's2', toolId: 'files.write', inputs: { path: 'b.txt', content: '{{steps.s1.outputs.content}}' }, dependsOn: ['s1'] }

test('a plan without changes is the plan, also where a change was taken back', () => {
  expect(meaningOf([read], {})).toEqual({ kind: 'plan' })
  expect(meaningOf([read], { s1: { path: 'a.txt' } })).toEqual({ kind: 'plan' })
})
test('a changed plan of one call is that call; with a template in it, or with more steps, it is a workflow', () => {
  expect(meaningOf([read], { s1: { path: 'c.txt' } })).toEqual({ kind: 'tool', toolId: 'files.read', inputs: { path: 'c.txt' } })
  expect(meaningOf([read], { s1: { path: "{{ '{{' }}" } }).kind).toBe('workflow')
  expect(meaningOf([read, write], { s1: { path: 'c.txt' } })).toEqual({ kind: 'workflow', steps: [{ ...read, inputs: { path: 'c.txt' } }, write] })
})
test('a plan that held a secret is not run with the mark in its place, until the secret is given again', () => {
  const secret = { id: 's1', toolId: 'web.fetch', inputs: { url: 'https://x?key=[redacted]', startAt: 0 } }
  expect(meaningOf([secret], { s1: { url: 'https://x?key=[redacted]', startAt: 1 } })).toEqual({ kind: 'redacted', steps: ['s1'] })
  expect(meaningOf([secret], { s1: { url: 'https://x?key=k' } }).kind).toBe('tool')
})
test('a name is one short line', () => {
  expect(nameFor('  read a\n and  b ')).toBe('read a and b')
  expect(nameFor('x'.repeat(300))).toHaveLength(80)
})
