import { expect, test } from 'vitest'
import { z } from 'zod'
import { builtinTools } from './builtin.ts'
import { createRegistry } from './registry.ts'
import { tool } from './tool.ts'

const registry = createRegistry(builtinTools)

test('every built-in tool is found by its id and by the name that models see', () => {
  expect(registry.all().map(({ id }) => id)).toEqual([
    ...['read', 'write', 'edit', 'multi_edit', 'patch', 'list', 'glob', 'grep'].map((name) => `files.${name}`),
    ...['run', 'output', 'kill', 'list'].map((name) => `shell.${name}`),
    ...['status', 'diff', 'log', 'show'].map((name) => `git.${name}`),
    'web.fetch',
    'todo.write',
    'todo.read',
    'memory.save',
    'memory.search',
    'ask.questions',
  ])
  for (const one of registry.all()) {
    expect(registry.find(one.id)).toBe(one)
    expect(registry.byModelName(one.id.replace('.', '_'))).toBe(one)
  }
  expect(registry.find('files.nothing')).toBeUndefined()
})

test('models get a JSON Schema that describes every input and allows no other, converted once', () => {
  const described = registry.describe()
  expect(registry.describe()).toBe(described)
  for (const { name, description, inputSchema } of described) {
    expect(name).toMatch(/^[a-z_]{1,64}$/)
    expect(description.length).toBeGreaterThan(40)
    expect(inputSchema).toMatchObject({ type: 'object', additionalProperties: false })
  }
  expect(described[0]?.inputSchema).toMatchObject({
    properties: { path: { type: 'string', description: expect.any(String) }, startLine: { type: 'integer', minimum: 1 } },
    required: ['path'],
  })
})

test('every tool says what it outputs, what it may do, and how people ask for it', () => {
  const inputs = registry
    .describe()
    .flatMap(({ name, inputSchema }) =>
      Object.entries((inputSchema as { properties?: object }).properties ?? {}).map(([key, schema]) => ({ name, key, schema })),
    )
  expect(inputs.filter(({ schema, name }) => !('description' in schema) && name !== 'ask_questions')).toEqual([])
  for (const one of registry.all()) {
    expect([one.id, one.outputs !== undefined, one.permissions.length > 0]).toEqual([one.id, true, true])
    expect([one.id, one.examples.length >= 3 && one.examples.length <= 6]).toEqual([one.id, true])
    expect([one.id, one.risk !== 'write' || one.preview !== undefined]).toEqual([one.id, true])
  }
})

test('clients get the tools grouped by app', () => {
  const apps = registry.apps()
  expect(apps.map(({ id, name, tools }) => [id, name, tools.length])).toEqual([
    ['files', 'Files', 8],
    ['shell', 'Shell', 4],
    ['git', 'Git', 4],
    ['web', 'Web', 1],
    ['todo', 'To-do list', 2],
    ['memory', 'Memory', 2],
    ['ask', 'Questions', 1],
  ])
  expect(apps[3]?.tools[0]).toMatchObject({ id: 'web.fetch', risk: 'network', permissions: ['web:fetch'], outputsSchema: { type: 'object' } })
})

const named = (id: string) =>
  tool({
    id,
    name: id,
    description: '',
    inputs: z.strictObject({}),
    permissions: [],
    risk: 'read',
    repeatable: true,
    examples: [],
    targets: async () => [],
    run: async () => ({ output: null }),
  })

test('two tools of one name, and a malformed id, are refused', () => {
  expect(() => createRegistry([named('a.b'), named('a.b')])).toThrow('two tools')
  expect(() => createRegistry([named('plain')])).toThrow('app.tool')
})
