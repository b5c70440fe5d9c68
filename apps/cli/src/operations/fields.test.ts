import { operations } from '@steward/contract/daemon'
import { expect, test } from 'vitest'
import { fieldsOf } from './fields.ts'

const named = (op: keyof typeof operations, name: string) => fieldsOf(operations[op]).find((field) => field.name === name)

test('a field says what it takes, its default, its choices and whether it must be given', () => {
  expect(named('sessions.list', 'limit')).toMatchObject({ kind: 'number', required: false, standard: 50 })
  expect(named('sessions.export', 'format')).toMatchObject({ kind: 'choice', choices: ['json', 'markdown'], standard: 'json' })
  expect(named('sessions.rename', 'title')).toMatchObject({ kind: 'text', required: true })
  expect(named('sessions.archive', 'archived')).toMatchObject({ kind: 'boolean', standard: true })
  expect(named('agents.update', 'isDefault')).toMatchObject({ kind: 'boolean', required: false })
  expect(named('providers.set', 'baseUrl')).toMatchObject({ kind: 'text', nullable: true, required: false })
  expect(named('tokens.create', 'scopes')).toMatchObject({ kind: 'list', required: true })
})
test('what lies inside an object can be given by a dotted name', () => {
  const names = fieldsOf(operations['tasks.update']).map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['settings', 'settings.model', 'settings.limits', 'settings.limits.steps']))
  expect(fieldsOf(operations['sessions.create']).map(({ name }) => name)).toEqual(
    expect.arrayContaining(['workspace.path', 'workspace.repositoryUrl']),
  )
})
test('a record says what its values take, and a flag may have another name than its field', () => {
  expect(named('executions.start', 'inputs')).toMatchObject({ kind: 'record', flag: 'input', values: { kind: 'json' } })
  expect(named('workflows.run', 'inputs')).toMatchObject({ kind: 'record', flag: 'input' })
  expect(named('apps.configure', 'settings')).toMatchObject({ kind: 'record', flag: 'settings', values: { kind: 'text', nullable: true } })
  expect(named('apps.add', 'server.env')).toMatchObject({ kind: 'record', flag: 'server.env', values: { kind: 'text', nullable: false } })
  expect(named('tasks.update', 'settings.budgetUsd')).toMatchObject({ flag: 'settings.budget-usd' })
})
