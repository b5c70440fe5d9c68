import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { project } from './project.ts'
import { createPlace } from './steward.ts'

test('operations are reached through the daemon, with flags, a JSON input, a key and faults by exit code', { timeout: 60_000 }, async () => {
  await using place = await createPlace(project)
  await place.run(['start', '--no-open'])
  const json = async (...words: string[]) => JSON.parse((await place.run(words)).stdout) as { id: string }
  const { id } = await json('sessions', 'create', '--title', 'a', '--workspace.path', place.project, '--key', 'k1')
  expect((await json('sessions', 'create', '--title', 'a', '--workspace.path', place.project, '--key', 'k1')).id).toBe(id)
  expect((await place.run(['sessions', 'create', '--title', 'b', '--key', 'k1'])).code).toBe(6)
  expect(await json('sessions', 'rename', id, '--title', 'b c')).toMatchObject({ id, title: 'b c' })
  const input = JSON.stringify({ id, title: 'from input' })
  expect(JSON.parse((await place.run(['sessions', 'rename', '--input', '-'], { input })).stdout)).toMatchObject({ title: 'from input' })
  expect(await json('sessions', 'archive', id, '--json')).toMatchObject({ archived: true })
  expect(await json('sessions', 'archive', id, '--archived', 'false')).toMatchObject({ archived: false })
  expect(await json('tasks', 'update', id, '--settings.budget-usd', '2', '--settings.limits.steps', '9')).toMatchObject({
    settings: { budgetUsd: 2, limits: { steps: 9 } },
  })
  expect(await json('settings', 'set', 'runs.steps', '50')).toMatchObject({ value: 50, source: 'stored' })
  expect(await place.run(['sessions', 'rename', id])).toMatchObject({ code: 2, stderr: expect.stringContaining('--title') })
  const refused = await place.run(['sessions', 'list', '--limit', '0', '--json'])
  expect(refused.code).toBe(2)
  expect(JSON.parse(refused.stderr)).toMatchObject({ error: { code: 'invalid', retryable: false } })
  expect(await place.run(['sessions', 'get', 'ses_none'])).toMatchObject({
    code: 5,
    stdout: '',
    stderr: expect.stringMatching(/^There is no session ses_none\.\n$/),
  })
  expect(await place.run(['sessions', 'delete', id])).toMatchObject({ code: 0, stdout: 'null\n' })
})
test('a command is carried out here, by the daemon of this machine or by one elsewhere, as it is told', { timeout: 60_000 }, async () => {
  await using place = await createPlace(project)
  const { id } = JSON.parse((await place.run(['sessions', 'create', '--title', 'here', '--local'])).stdout) as { id: string }
  const { stdout } = await place.run(['start', '--no-open'])
  const url = new URL(/^http\S+$/m.exec(stdout)?.[0] ?? '').origin
  expect(await place.run(['sessions', 'get', id, '--local'])).toMatchObject({ code: 6, stderr: expect.stringContaining('process') })
  const token = JSON.parse((await place.run(['tokens', 'create', '--name', 'Reader', '--scopes', 'sessions:read'])).stdout) as { secret: string }
  const there = await place.run(['sessions', 'get', id, '--remote', url, '--token', token.secret])
  expect(JSON.parse(there.stdout)).toMatchObject({ id, title: 'here' })
  expect(await place.run(['sessions', 'get', id, '--local', '--remote', url])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('one of them'),
  })
  expect(await place.run(['execute', '--tool-id', 'files.list', '--local'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('daemon to go on'),
  })
})
test('bytes go up and come down whole, by file and by pipe', { timeout: 60_000 }, async () => {
  await using place = await createPlace(project)
  await place.run(['start', '--no-open'])
  const [source, target] = [path.join(place.project, 'data.png'), path.join(place.project, 'copy.png')]
  const content = randomBytes(3_000_000)
  await writeFile(source, content)
  const file = JSON.parse((await place.run(['files', 'upload', source])).stdout) as { id: string }
  expect(file).toMatchObject({ name: 'data.png', mediaType: 'image/png', size: content.length })
  expect((await place.run(['files', 'download', file.id, '--output', target])).code).toBe(0)
  expect((await readFile(target)).equals(content)).toBe(true)
  const piped = JSON.parse((await place.run(['files', 'upload', '-', '--name', 'note.txt'], { input: 'hello' })).stdout) as { id: string }
  expect((await place.run(['files', 'download', piped.id])).stdout).toBe('hello')
  expect(await place.run(['files', 'upload', path.join(place.project, 'none')])).toMatchObject({ code: 2, stderr: expect.stringContaining('ENOENT') })
})
test('a secret can come by standard input, and is shown nowhere', { timeout: 60_000 }, async () => {
  await using place = await createPlace(project)
  const set = await place.run(['providers', 'set', 'anthropic', '--key-stdin'], { input: 'sk-ant-planted-secret\n' })
  expect(set).toMatchObject({ code: 0 })
  expect(JSON.parse(set.stdout)).toMatchObject({ id: 'anthropic', hasKey: true, keySource: 'settings' })
  expect(set.stdout + set.stderr).not.toContain('planted')
})
test('a key is never taken from the command line; it is read from standard input where nobody can be asked', { timeout: 60_000 }, async () => {
  await using place = await createPlace(project)
  const added = await place.run(['auth', 'add', 'anthropic', '--name', 'work'], { input: 'sk-ant-planted-0001\n' })
  expect(added).toMatchObject({ code: 0 })
  expect(JSON.parse(added.stdout)).toMatchObject({ provider: 'anthropic', name: 'work', tail: '0001', health: 'untested' })
  expect(added.stdout + added.stderr).not.toContain('planted')
  for (const words of [
    ['auth', 'add', 'anthropic', '--key', 'sk-ant-planted-0002'],
    ['auth', 'add', 'anthropic', '--key=sk-ant-planted-0002'],
    ['providers', 'set', 'openai', '--key', 'sk-planted-0002'],
    ['secrets', 'set', 'spotify.token', '--value', 'planted-secret'],
  ]) {
    const refused = await place.run(words)
    expect(refused).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('is not taken from the command line') })
    expect(refused.stderr).not.toContain('planted')
  }
  expect(await place.run(['auth', 'add', 'anthropic'])).toMatchObject({ code: 2, stderr: expect.stringContaining('No key came on standard input') })
  expect(await place.run(['auth', 'add'], { input: 'sk-ant-planted-0003\n' })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('<provider>'),
  })
  expect((await place.run(['auth', 'add', '--help'])).stdout).not.toContain('--key <')
  expect(JSON.parse((await place.run(['auth', 'list'])).stdout).items).toHaveLength(1)
})
test('another daemon is reached by its address and a token, with no more than the token allows', { timeout: 60_000 }, async () => {
  await using place = await createPlace(project)
  await place.run(['start', '--no-open'])
  const { url } = JSON.parse(readFileSync(path.join(place.home, 'run', 'daemon.json'), 'utf8')) as { url: string }
  const { secret } = JSON.parse((await place.run(['tokens', 'create', '--name', 'reader', '--scopes', 'sessions:read'])).stdout) as { secret: string }
  expect((await place.run(['sessions', 'list', '--url', url, '--token', secret])).code).toBe(0)
  expect((await place.run(['sessions', 'create', '--url', url, '--token', secret])).code).toBe(4)
  expect((await place.run(['sessions', 'list', '--url', url, '--token', 'wrong'])).code).toBe(4)
  expect((await place.run(['sessions', 'list', '--url', 'nowhere'])).code).toBe(2)
})
test('a copy of all data is written, verified and put back, but not under a running daemon', { timeout: 60_000 }, async () => {
  await using place = await createPlace(project)
  await place.run(['start', '--no-open'])
  await place.run(['sessions', 'create', '--title', 'kept'])
  const copy = path.join(path.dirname(place.project), 'copy')
  const made = await place.run(['backup', 'create', copy])
  expect(made).toMatchObject({ code: 0 })
  expect(JSON.parse((await place.run(['backup', 'verify', copy])).stdout)).toMatchObject({ intact: true })
  await place.run(['sessions', 'create', '--title', 'lost'])
  expect(await place.run(['backup', 'restore', copy])).toMatchObject({ code: 6, stderr: expect.stringContaining('steward stop') })
  await place.run(['stop'])
  const restored = await place.run(['backup', 'restore', copy])
  expect(restored).toMatchObject({ code: 0 })
  const { items } = JSON.parse((await place.run(['sessions', 'list'])).stdout) as { items: { title: string }[] }
  expect(items.map(({ title }) => title)).toEqual(['kept'])
})
