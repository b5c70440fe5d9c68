import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tempDir } from '@steward/testkit'
import { project } from './project.ts'
import { createPlace, type Place } from './steward.ts'

const bin = fileURLToPath(new URL('../bin/steward.mjs', import.meta.url))
const modules = fileURLToPath(new URL('../../../node_modules', import.meta.url))
const require = createRequire(import.meta.url)
const inspector = path.dirname(require.resolve('@modelcontextprotocol/inspector-cli/build/index.js'))
let place: Place
beforeAll(async () => {
  place = await createPlace(project)
})
afterAll(() => place[Symbol.asyncDispose]())

/** A host that starts `steward mcp`, as hosts do. */
async function host(options: ConstructorParameters<typeof Client>[1] = {}, cwd = place.project, roots: readonly string[] = []) {
  const errors: string[] = []
  const env = { PATH: process.env['PATH'] ?? '', HOME: path.dirname(place.home), STEWARD_HOME: place.home, STEWARD_WORKSPACE_ROOT: place.project }
  const transport = new StdioClientTransport({ command: process.execPath, args: [bin, 'mcp'], env, cwd, stderr: 'pipe' })
  transport.stderr?.on('data', (chunk: Buffer) => errors.push(chunk.toString()))
  const client = new Client({ name: 'host', version: '1' }, { ...options, ...(roots.length > 0 ? { capabilities: { roots: {} } } : {}) })
  if (roots.length > 0) client.setRequestHandler('roots/list', async () => ({ roots: roots.map((root) => ({ uri: pathToFileURL(root).href })) }))
  await client.connect(transport)
  const call = async (name: string, input: Record<string, unknown> = {}) => (await client.callTool({ name, arguments: input })) as any
  return { client, transport, errors, call, [Symbol.asyncDispose]: () => client.close() }
}
const state = async (words: readonly string[]) => JSON.parse((await place.run([...words, '--json'])).stdout) as any

describe.each([
  ['the revisions up to 2025-11-25', {}],
  ['the revision 2026-07-28', { versionNegotiation: { mode: 'auto' as const } }],
])('steward mcp, in %s', (name, options) => {
  test('starts the daemon or joins it, and serves operations and tools', async () => {
    const first = !existsSync(path.join(place.home, 'run', 'daemon.json'))
    await using one = await host(options)
    expect(one.errors.join('')).toBe(first ? 'Steward is not running: starting it.\n' : '')
    const { tools } = await one.client.listTools()
    expect(tools.map((tool) => tool.name)).toEqual(expect.arrayContaining(['sessions_list', 'files_read', 'executions_start']))
    expect((await one.call('system_status')).structuredContent).toMatchObject({ pid: place.daemonPid() })
    expect((await one.call('files_read', { path: 'package.json' })).structuredContent.content).toContain('"name"')
    expect(await one.call('shell_run', { command: 'touch here.txt' })).toMatchObject({
      isError: true,
      _meta: { 'steward/failure': { status: 'waiting' } },
    })
  })
  test('tells of tools that come and cancels what its host takes back, also by going away', async () => {
    let told = 0
    const id = name.endsWith('28') ? 'new' : 'old'
    const one = await host({ ...options, listChanged: { tools: { autoRefresh: false, debounceMs: 0, onChanged: () => void told++ } } })
    await one.client.listTools()
    const apps = path.join(path.dirname(place.home), 'steward', 'apps')
    await mkdir(apps, { recursive: true })
    const tool = { id: 'nap', name: 'Nap', description: 'Sleeps.', inputs: { type: 'object' }, command: { argv: ['sleep', '60'] } }
    await writeFile(path.join(apps, `${id}.app.json`), JSON.stringify({ id, name: id, tools: [tool] }))
    await expect.poll(() => told, { timeout: 20_000 }).toBeGreaterThan(0)
    await place.run(['permissions', 'add', '--tool', `${id}.nap`, '--action', 'allow', '--level', 'global'])
    const abort = new AbortController()
    const back = one.client.callTool({ name: `${id}_nap`, arguments: {} }, { signal: abort.signal })
    back.catch(() => undefined)
    const left = one.client.callTool({ name: `${id}_nap`, arguments: {} })
    left.catch(() => undefined)
    const all = async () => (await state(['history', '--tool-id', `${id}.nap`])).items.map((item: any) => item.status).toSorted()
    await expect.poll(all, { timeout: 20_000 }).toEqual(['running', 'running'])
    abort.abort()
    await expect.poll(all, { timeout: 20_000 }).toEqual(['cancelled', 'running'])
    await one.client.close()
    await expect.poll(all, { timeout: 20_000 }).toEqual(['cancelled', 'cancelled'])
  })
})
describe('tools called over steward mcp work in the folder of the host', () => {
  const modern = { versionNegotiation: { mode: 'auto' as const } }
  const folders = async () => {
    const made = { started: path.join(place.project, 'started'), root: path.join(place.project, 'root'), other: path.join(place.project, 'other') }
    for (const [name, folder] of Object.entries(made)) {
      await mkdir(folder, { recursive: true })
      await writeFile(path.join(folder, 'where.txt'), name)
    }
    return made
  }
  const where = async (one: Awaited<ReturnType<typeof host>>) => (await one.call('files_read', { path: 'where.txt' })).structuredContent?.content
  test.each([
    ['up to 2025-11-25', {}],
    ['2026-07-28', modern],
  ])('the one that it was started in (revisions %s), for operations that work in one too', async (_name, options) => {
    const { started, other } = await folders()
    await using one = await host(options, started)
    expect(await where(one)).toBe('started')
    const execute = async (more: object) =>
      (await one.call('executions_start', { toolId: 'files.read', inputs: { path: 'where.txt' }, ...more })).structuredContent.outputs.content
    expect([await execute({}), await execute({ workspace: { path: other } })]).toEqual(['started', 'other'])
    expect((await one.call('sessions_create', {})).structuredContent.workspace).toMatchObject({ path: started })
  })
  test('or the first of its roots', async () => {
    const { started, root, other } = await folders()
    await using one = await host({}, started, [root, other])
    expect(await where(one)).toBe('root')
  })
  test.each([
    ['the whole disk', () => '/'],
    ['Steward’s own data', () => place.home],
    ['the user’s home folder', () => path.dirname(place.home)],
  ])('but not in %s: then in the workspace of the settings', async (_name, folder) => {
    await writeFile(path.join(place.project, 'where.txt'), 'settings')
    await using one = await host({}, folder())
    expect(await where(one)).toBe('settings')
  })
})
test('steward mcp ends with its input, and says nothing on stdout that is not asked for', async () => {
  await place.run(['start', '--no-open'])
  expect(await place.run(['mcp'])).toEqual({ code: 0, stdout: '', stderr: '' })
  const hello = { jsonrpc: '2.0', id: 1, method: 'ping' }
  const broken = await place.run(['mcp'], { input: `no json\n${JSON.stringify(hello)}\n` })
  expect(broken.code).toBe(0)
  for (const line of broken.stdout.split('\n').filter(Boolean)) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' })
})
describe('the official inspector lists and calls tools, and lists and reads resources', () => {
  let layout: Awaited<ReturnType<typeof tempDir>>
  /** The inspector's command line looks for the package that it is a part of: one is laid around it. */
  beforeAll(async () => {
    layout = await tempDir('inspector-')
    await cp(inspector, path.join(layout.path, 'cli', 'build'), { recursive: true })
    await writeFile(path.join(layout.path, 'package.json'), '{"name":"inspector","version":"1.0.3","type":"module"}')
    await symlink(modules, path.join(layout.path, 'node_modules'))
    await place.run(['start', '--no-open'])
    await place.run(['skills', 'create', 'inspected', '--description', 'Is inspected.'])
  })
  afterAll(() => layout[Symbol.asyncDispose]())
  const inspect = async (target: readonly string[], ...words: string[]) => {
    const args = [path.join(layout.path, 'cli', 'build', 'index.js'), ...target, ...words]
    return JSON.parse((await promisify(execFile)(process.execPath, args, { env: { ...process.env, STEWARD_HOME: place.home } })).stdout) as any
  }
  const listen = async () => {
    const read = async (name: string) => (await readFile(path.join(place.home, 'run', name), 'utf8')).trim()
    const { url } = JSON.parse(await read('daemon.json')) as { url: string }
    return [`${url}/mcp`, '--transport', 'http', '--header', `Authorization: Bearer ${await read('token')}`]
  }
  test.each([
    ['stdio', async () => [process.execPath, bin, 'mcp']],
    ['HTTP', listen],
  ])('over %s', async (_name, target) => {
    const at = await target()
    const { tools } = await inspect(at, '--method', 'tools/list')
    expect(tools.map((tool: any) => tool.name)).toEqual(expect.arrayContaining(['files_read', 'system_status']))
    expect(await inspect(at, '--method', 'tools/call', '--tool-name', 'system_status')).toMatchObject({
      structuredContent: { pid: place.daemonPid() },
    })
    const { resources } = await inspect(at, '--method', 'resources/list')
    expect(resources).toMatchObject([{ uri: 'skill://inspected', description: 'Is inspected.' }])
    const { contents } = await inspect(at, '--method', 'resources/read', '--uri', 'skill://inspected')
    expect(contents[0].text).toContain('name: inspected')
    const { resourceTemplates } = await inspect(at, '--method', 'resources/templates/list')
    expect(resourceTemplates.map(({ name }: { name: string }) => name)).toEqual(['skill', 'skill-file', 'memory'])
  })
})
