import { operations } from '@steward/contract/daemon'
import { expect, test } from 'vitest'
import { fieldsOf } from './fields.ts'
import { inputFrom } from './input.ts'

const from = (name: keyof typeof operations, given: Record<string, string | string[] | boolean>, base?: Record<string, unknown>) =>
  inputFrom(operations[name], fieldsOf(operations[name]), new Map(Object.entries(given)), base)

test('flags become what the schema asks for', () => {
  expect(from('sessions.list', { limit: '5', archived: 'true' })).toEqual({ limit: 5, archived: true })
  expect(from('tokens.create', { name: 'a', scopes: 'sessions:read,runs:write' })).toEqual({ name: 'a', scopes: ['sessions:read', 'runs:write'] })
  expect(from('tokens.create', { scopes: ['sessions:read', 'runs:write'] })).toEqual({ scopes: ['sessions:read', 'runs:write'] })
  expect(from('settings.set', { key: 'runs.steps', value: '7' })).toEqual({ key: 'runs.steps', value: 7 })
  expect(from('settings.set', { key: 'workspaceRoot', value: '/srv/work' })).toEqual({ key: 'workspaceRoot', value: '/srv/work' })
})
test('dotted flags build the object, also one that a JSON flag began', () => {
  expect(from('tasks.update', { id: 'ses_1', 'settings.model': 'builtin', 'settings.limits.steps': '9' })).toEqual({
    id: 'ses_1',
    settings: { model: 'builtin', limits: { steps: 9 } },
  })
  expect(from('tasks.update', { settings: '{"budgetUsd":1}', 'settings.model': 'builtin' })).toEqual({ settings: { budgetUsd: 1, model: 'builtin' } })
  expect(from('models.price', { 'price.input': '3', 'price.output': '15' })).toEqual({ price: { input: 3, output: 15 } })
})
test('null clears what can be cleared, and is a word elsewhere', () => {
  expect(from('providers.set', { id: 'openai', key: 'null', baseUrl: 'null' })).toEqual({ id: 'openai', key: null, baseUrl: null })
  expect(from('sessions.rename', { title: 'null' })).toEqual({ title: 'null' })
})
test('flags go over a whole JSON input, which stays as it was', () => {
  const base = { subject: { sessionId: 'ses_1' }, input: 'a' }
  expect(from('runs.start', { input: 'b' }, base)).toEqual({ subject: { sessionId: 'ses_1' }, input: 'b' })
  expect(base.input).toBe('a')
})
test('a record is built from names and values, read as JSON only where they clearly are', () => {
  const values = (...inputs: string[]) => (from('executions.start', { inputs }) as { inputs: unknown }).inputs
  expect(values('n=5', 'f=-1.5', 'yes=true', 'no=null', 'list=[1,2]', 'object={"a":1}')).toEqual({
    n: 5,
    f: -1.5,
    yes: true,
    no: null,
    list: [1, 2],
    object: { a: 1 },
  })
  expect(values('path=a=b.txt', 'zip=007', 'empty=', 'quoted="5"', 'broken=[1', 'date=2026-01-01', 'id=12345678901234567890', 'a.b=c')).toEqual({
    path: 'a=b.txt',
    zip: '007',
    empty: '',
    quoted: '"5"',
    broken: '[1',
    date: '2026-01-01',
    id: '12345678901234567890',
    'a.b': 'c',
  })
  expect(values('{"a":1,"b":"5"}', 'a=2')).toEqual({ a: 2, b: '5' })
  expect(from('executions.start', { inputs: 'path=a.txt' }, { toolId: 'files.read', inputs: { limit: 1 } })).toEqual({
    toolId: 'files.read',
    inputs: { limit: 1, path: 'a.txt' },
  })
})
test('a record of texts keeps its values texts, and null clears one where it may', () => {
  expect(from('apps.configure', { id: 'x', settings: ['timeout=5', 'baseUrl=http://y', 'old=null'] })).toEqual({
    id: 'x',
    settings: { timeout: '5', baseUrl: 'http://y', old: null },
  })
  expect(from('apps.add', { id: 'x', 'server.command': 'node', 'server.env': ['A=1', 'B={"x":1}'] })).toEqual({
    id: 'x',
    server: { command: 'node', env: { A: '1', B: '{"x":1}' } },
  })
})
test('a name that is given a prototype is a name like others', () => {
  const { inputs } = from('executions.start', { inputs: ['__proto__={"a":1}', 'b=2'] }) as { inputs: Record<string, unknown> }
  expect(Object.keys(inputs)).toEqual(['__proto__', 'b'])
})
test('what does not fit is left for the operation to refuse', () => {
  expect(from('sessions.list', { limit: 'many' })).toEqual({ limit: 'many' })
  for (const inputs of ['nothing', '=5', '{broken']) expect(from('executions.start', { inputs })).toEqual({ inputs })
})
