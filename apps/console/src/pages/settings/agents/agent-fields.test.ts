import { expect, test } from 'vitest'
import { fieldsOf, sentOf, type Agent } from './agent-fields.ts'

const agent: Agent = {
  id: 'agt_1',
  name: 'Reader',
  description: 'Reads',
  instructions: 'Read.',
  model: 'anthropic/wire-1',
  fallbackModel: null,
  tools: ['files.*', 'git.log'],
  skills: ['release-notes'],
  permissionMode: 'plan',
  limits: { steps: 3, minutes: 0.5 },
  budgetUsd: 0,
  runtime: 'native',
  isDefault: false,
  createdAt: '',
  updatedAt: '',
}
test('an agent that is opened and saved unchanged stays as it was', () => {
  const { id: _id, runtime: _runtime, isDefault: _default, createdAt: _created, updatedAt: _updated, ...fields } = agent
  expect(sentOf(fieldsOf(agent))).toEqual(fields)
  const plain = { ...fields, skills: null, budgetUsd: null, permissionMode: null, limits: {}, model: null }
  expect(sentOf(fieldsOf({ ...agent, ...plain }))).toEqual(plain)
})
test('a new agent may use every tool and skill, and has no limits of its own', () => {
  expect(sentOf({ ...fieldsOf(), name: ' New ' })).toMatchObject({
    name: 'New',
    tools: ['*'],
    skills: null,
    limits: {},
    budgetUsd: null,
    permissionMode: null,
    model: null,
  })
})
