import { expect, test } from 'vitest'
import { lacking, neededBy, spare } from './permissions.ts'

test('what steps need is found from their tools and workflows, and what is declared too little or too much', () => {
  const needs = { tool: (id: string) => (id === 'files.read' ? ['files:read'] : ['web:fetch']), workflow: () => ['git:read'] }
  const steps = [
    { key: '1', id: 'a', toolId: 'files.read', inputs: {} },
    { key: '2', id: 'b', toolId: 'web.fetch', inputs: {} },
    { key: '3', id: 'c', workflowId: 'wfl_1', inputs: {} },
  ]
  const needed = neededBy(steps, needs)
  expect(needed).toEqual(['files:read', 'git:read', 'web:fetch'])
  expect(lacking(['files:*', '*:read'], needed)).toEqual(['web:fetch'])
  expect(spare(['files:*', 'memory:read', '*'], needed)).toEqual(['memory:read'])
})
