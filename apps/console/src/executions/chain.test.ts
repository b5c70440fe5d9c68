import { expect, test } from 'vitest'
import { hasTemplate, linksOf, stepsRead } from './chain.ts'

test('a step comes after those that it names, and after those that its templates read', () => {
  const steps = [
    { id: 'a', toolId: 'x.y', inputs: {} },
    { id: 'b-1', toolId: 'x.y', inputs: { deep: [{ text: "of {{ steps.a.outputs.text | trim }} and {{ steps['a'].status }}" }] } },
    { id: 'c', toolId: 'x.y', dependsOn: ['a', 'gone'], if: "steps['b-1'].outputs | length > 0" },
    { id: 'd', toolId: 'x.y', forEach: { in: '{{ steps.c.outputs.files }}', limit: 5 } },
  ]
  expect(linksOf(steps)).toEqual([
    { from: 'a', to: 'b-1' },
    { from: 'a', to: 'c' },
    { from: 'b-1', to: 'c' },
    { from: 'c', to: 'd' },
  ])
})
test('a fallback comes after the step that jumps to it, also where it reads its error', () => {
  const steps = [
    { id: 'a', onError: { goto: 'b' } },
    { id: 'b', inputs: { text: '{{ steps.a.error.message }}' } },
    { id: 'c', onError: 'continue' as const },
  ]
  expect(linksOf(steps)).toEqual([{ from: 'a', to: 'b' }])
})
test('words about steps outside of templates are no links', () => {
  expect(stepsRead({ text: 'see steps.a.outputs' })).toEqual([])
  expect(hasTemplate({ text: 'see steps.a.outputs', list: [1, null] })).toBe(false)
  expect(hasTemplate({ list: ['{{ x }}'] })).toBe(true)
})
