import { operations } from '@steward/contract/daemon'
import { expect, test } from 'vitest'
import { foldNames, joinBooleans, plainArguments } from './arguments.ts'
import { fieldsOf } from './fields.ts'

test('a yes/no flag never takes the word after it for its value, unless that is true or false', () => {
  const fields = fieldsOf(operations['sessions.archive'])
  expect(joinBooleans(fields, ['sessions', 'archive', '--archived', 'ses_1'])).toEqual(['sessions', 'archive', '--archived=true', 'ses_1'])
  expect(joinBooleans(fields, ['--archived', 'false', 'ses_1'])).toEqual(['--archived=false', 'ses_1'])
  expect(joinBooleans(fields, ['--no-archived', 'ses_1'])).toEqual(['--archived=false', 'ses_1'])
  expect(joinBooleans(fields, ['--', '--no-archived'])).toEqual(['--', '--no-archived'])
})
test('a dotted name inside a record becomes a name and its value, the name as it was typed', () => {
  const fields = fieldsOf(operations['apps.configure'])
  expect(foldNames(fields, ['--settings.baseUrl', 'http://x', 'spotify'])).toEqual(['--settings', 'baseUrl=http://x', 'spotify'])
  expect(foldNames(fields, ['--settings.baseUrl=http://x?a=b'])).toEqual(['--settings', 'baseUrl=http://x?a=b'])
  expect(foldNames(fields, ['--settings.baseUrl'])).toEqual(['--settings.baseUrl'])
  expect(foldNames(fields, ['--', '--settings.baseUrl', 'x'])).toEqual(['--', '--settings.baseUrl', 'x'])
  expect(foldNames(fieldsOf(operations['apps.add']), ['--server.env.TOKEN', 'x'])).toEqual(['--server.env', 'TOKEN=x'])
})
test('both are done at once, under the name that the contract gives a flag', () => {
  const fields = fieldsOf(operations['executions.start'])
  expect(plainArguments(fields, ['execute', '--dry-run', '--input.path', 'a b', 'plan_1'])).toEqual([
    'execute',
    '--dry-run=true',
    '--input',
    'path=a b',
    'plan_1',
  ])
})
