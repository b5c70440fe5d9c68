import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Json } from '../engine/types.ts'
import { builtinTools } from './builtin.ts'
import { decodeEntities } from './entities.ts'
import { createRegistry } from './registry.ts'
import { repairCall } from './repair.ts'
import { createPlace } from './testing/place.ts'

const registry = createRegistry(builtinTools)
const repaired = async (name: string, input: Json, file = '') => {
  await using place = await createPlace()
  await writeFile(join(place.root, 'a.ts'), file)
  const { tool, ...rest } = await repairCall({ name, input }, registry, { cwd: place.root, files: place.files })
  return { id: tool?.id, ...rest }
}

test('a good call is left exactly as it is', async () => {
  const input = { path: 'a.ts', oldText: 'a &lt; b', newText: '"[1]"' }
  expect(await repaired('files_edit', input, 'a &lt; b')).toEqual({ id: 'files.edit', input, repairs: [] })
})

test('tools are found under the names they bear elsewhere, and an unknown name stays unknown', async () => {
  const names = {
    readFile: 'files.read',
    'read-file': 'files.read',
    'Read File': 'files.read',
    bash: 'shell.run',
    execute_shell: 'shell.run',
    str_replace: 'files.edit',
    MultiEdit: 'files.multi_edit',
    'functions.files_grep': 'files.grep',
    codeSearch: 'files.grep',
    WebFetch: 'web.fetch',
    TodoWrite: 'todo.write',
    git_status: 'git.status',
    'shell.run': 'shell.run',
  }
  for (const [name, id] of Object.entries(names)) expect([name, (await repaired(name, {})).id]).toEqual([name, id])
  for (const name of ['format_disk', '', '…', 'constructor', '__proto__']) expect([name, (await repaired(name, {})).id]).toEqual([name, undefined])
  expect((await repaired('bash', {})).repairs).toEqual(['bash was taken as shell_run'])
})

test('inputs under other names are taken where the tool has the right one and it is missing', async () => {
  expect(await repaired('files_edit', { file_path: 'a.ts', old_string: 'x', new_string: 'y' })).toMatchObject({
    input: { path: 'a.ts', oldText: 'x', newText: 'y' },
  })
  expect(await repaired('files_read', { path: 'a.ts', file_path: 'b.ts' })).toMatchObject({ input: { path: 'a.ts', file_path: 'b.ts' }, repairs: [] })
  expect(await repaired('git_log', { limit: 3 })).toMatchObject({ input: { limit: 3 }, repairs: [] })
})

test('JSON as text becomes a value only where the schema wants a value', async () => {
  expect((await repaired('files_read', '{"path": "a.ts", "startLine": "2", "numbered": "true"}')).input).toEqual({
    path: 'a.ts',
    startLine: 2,
    numbered: true,
  })
  const todos = JSON.stringify([JSON.stringify({ id: 'a', content: '[1]', status: 'pending' })])
  expect((await repaired('todo_write', { todos })).input).toEqual({ todos: [{ id: 'a', content: '[1]', status: 'pending' }] })
  expect((await repaired('files_write', { path: 'a.json', content: '{"a": 1}' })).input).toEqual({ path: 'a.json', content: '{"a": 1}' })
  expect((await repaired('files_read', 'not json')).input).toBe('not json')
  expect((await repaired('todo_write', { todos: '{"a": 1}' })).input).toEqual({ todos: '{"a": 1}' })
  expect((await repaired('todo_read', null)).input).toEqual({})
})

test('an object as the content of a file is not turned into text', async () => {
  const { input } = await repaired('files_write', { path: 'a.json', content: { a: 1 } })
  expect(registry.find('files.write')?.inputs.safeParse(input).success).toBe(false)
})

test('HTML entities of an edit are decoded only when its text is in the file only that way', async () => {
  const input = { path: 'a.ts', oldText: 'if (a &lt; b &amp;&amp; c)', newText: 'if (a &gt; b)' }
  expect(await repaired('files_edit', input, 'if (a < b && c) {}')).toMatchObject({
    input: { oldText: 'if (a < b && c)', newText: 'if (a > b)' },
    repairs: ['HTML entities in the edit were decoded'],
  })
  expect(await repaired('files_edit', input, 'nothing')).toMatchObject({ input, repairs: [] })
  const edits = [
    { oldText: 'x', newText: '&lt;' },
    { oldText: '&quot;q&quot;', newText: '&#39;q&#39;' },
  ]
  expect((await repaired('files_multi_edit', { path: 'a.ts', edits }, 'x "q"')).input).toEqual({
    path: 'a.ts',
    edits: [edits[0], { oldText: '"q"', newText: "'q'" }],
  })
  expect((await repaired('files_edit', { ...input, path: '../../etc/passwd' })).repairs).toEqual([])
  expect(decodeEntities('&amp;lt; &#x1F44D; &#55296; &unknown; &#0;')).toBe('&lt; 👍 &#55296; &unknown; &#0;')
})

test('a hostile input neither hangs nor reaches a prototype', async () => {
  let nested = '[]'
  for (let depth = 0; depth < 30; depth++) nested = JSON.stringify([nested]).slice(0, 100_000)
  expect((await repaired('todo_write', { todos: nested.slice(0, 100_000) })).id).toBe('todo.write')
  const { input } = await repaired('files_read', JSON.parse('{"__proto__": {"polluted": true}, "path": "a.ts"}') as Json)
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  expect(registry.find('files.read')?.inputs.safeParse(input).success).toBe(false)
})
