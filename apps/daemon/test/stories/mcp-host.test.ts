import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startDaemon, writeManifest, type TestDaemon } from '../kit.ts'
import { connectHost, newest } from '../mcp-client.ts'

const appOf = (id: string, tool: string, argv: readonly string[]) => ({
  id,
  name: `App ${id}`,
  tools: [
    {
      id: tool,
      name: `Tool ${tool}`,
      description: `Runs ${argv[0]}.`,
      inputs: { type: 'object', properties: { word: { type: 'string' } }, additionalProperties: false },
      risk: 'read',
      repeatable: true,
      command: { argv, output: { as: 'text' } },
    },
  ],
})
let daemon: TestDaemon
beforeAll(async () => {
  daemon = await startDaemon({
    manifests: {
      slow: appOf('slow', 'nap', ['sleep', '30']),
      // The name of an operation, with "_" for ".".
      agents: appOf('agents', 'list', ['echo', 'not the operation']),
      broken: appOf('broken', 'fall', ['false']),
    },
  })
  for (const tool of ['slow.nap', 'agents.list', 'broken.fall']) await daemon.client.permissions.add({ tool, action: 'allow', level: 'global' })
  writeFileSync(path.join(daemon.workspace, 'note.txt'), 'remember the milk\n')
})
afterAll(() => daemon[Symbol.asyncDispose]())
/** The one execution of a tool when it has such a status. */
const executionOf = async (toolId: string, status: string, caller?: string) => {
  const find = async () =>
    (await daemon.client.history.list({ toolId, status: status as 'running', ...(caller === undefined ? {} : { caller }) })).items[0]
  await expect.poll(find, { timeout: 10_000 }).toBeDefined()
  return (await find())!
}

describe.each([
  ['in a session (revisions up to 2025-11-25)', {}],
  ['with requests that stand for themselves (revision 2026-07-28)', newest],
])('an MCP host %s', (_name, options) => {
  const connect = (token?: string) => connectHost(daemon, token, options)

  test('is told who it talks with', async () => {
    await using host = await connect()
    expect(host.client.getServerVersion()).toMatchObject({ name: 'steward', title: 'Steward' })
    expect(host.client.getServerCapabilities()).toEqual({ tools: { listChanged: true }, resources: { listChanged: true, subscribe: true } })
    expect(host.client.getInstructions()).toContain('Steward runs AI agents')
  })
  test('sees operations and tools, with what they take and give and whether they only read', async () => {
    await using host = await connect()
    const { tools } = await host.client.listTools()
    const named = (name: string) => tools.find((tool) => tool.name === name)
    const object = { type: 'object' }
    expect(named('sessions_list')).toMatchObject({ annotations: { readOnlyHint: true }, inputSchema: object, outputSchema: object })
    expect(named('sessions_create')).toMatchObject({ annotations: { readOnlyHint: false } })
    expect(named('files_read')).toMatchObject({
      title: 'Files: Read a file',
      annotations: { readOnlyHint: true },
      inputSchema: { required: ['path'] },
    })
    expect(named('files_write')).toMatchObject({ annotations: { readOnlyHint: false } })
    expect(tools.map(({ name }) => name).filter((name) => /^(ask|todo)_|approvals|tokens/.test(name))).toEqual([])
    expect(new Set(tools.map(({ name }) => name)).size).toBe(tools.length)
    for (const { name } of tools) expect(name).toMatch(/^[\w-]{1,64}$/)
  })
  test('calls an operation and gets its answer structured', async () => {
    await using host = await connect()
    await host.client.listTools()
    const { id } = await daemon.client.sessions.create({ title: 'Seen from outside' })
    const got = await host.call('sessions_get', { id })
    expect(got).toMatchObject({ isError: false, value: { id, title: 'Seen from outside' } })
    expect(JSON.parse(got.text)).toEqual(got.value)
    expect(await host.call('sessions_get', { id: 'ses_0000000000000000000000' })).toMatchObject({ isError: true, meta: { code: 'not_found' } })
    expect(await host.call('sessions_get', { nonsense: 1 })).toMatchObject({ isError: true, meta: { code: 'invalid' } })
  })
  test('calls a tool, and the history has it as the caller’s own', async () => {
    await using host = await connect()
    await host.client.listTools()
    expect(await host.call('files_read', { path: 'note.txt' })).toMatchObject({ isError: false, value: { content: 'remember the milk\n' } })
    expect(await executionOf('files.read', 'completed')).toMatchObject({ caller: 'owner' })
    expect(await host.call('files_read', { path: 7 })).toMatchObject({ isError: true, meta: { code: 'unprocessable' } })
    expect(await host.call('broken_fall')).toMatchObject({ isError: true, meta: { status: 'failed' } })
    await expect(host.call('no_such_tool')).rejects.toThrow('no_such_tool')
  })
  test('finds a tool that is called like an operation under a name of its own', async () => {
    await using host = await connect()
    const names = await host.names()
    const other = names.find((name) => /^agents_list_[0-9a-f]{8}$/.test(name)) ?? ''
    expect(await host.call('agents_list')).toMatchObject({ value: { items: expect.anything() } })
    expect((await host.call(other)).text).toContain('not the operation')
  })
  test('is told that a call waits for a person, and the person’s yes has it done', async () => {
    await using host = await connect()
    const name = `by-host-${options === newest ? 'new' : 'old'}.txt`
    const asked = await host.call('files_write', { path: name, content: 'hello' })
    expect(asked).toMatchObject({ isError: true, meta: { status: 'waiting', approvalId: expect.stringMatching(/^apr_/) } })
    expect(asked.text).toContain(`steward approvals settle ${asked.meta.approvalId} approve`)
    expect(existsSync(path.join(daemon.workspace, name))).toBe(false)
    await daemon.client.approvals.settle({ id: asked.meta.approvalId, decision: 'approve' })
    await expect.poll(async () => (await host.call('executions_get', { id: asked.meta.executionId })).value.status).toBe('completed')
    expect(existsSync(path.join(daemon.workspace, name))).toBe(true)
  })
  test('with a token that only reads sees and gets only what its scopes say', async () => {
    const { secret } = await daemon.client.tokens.create({ name: 'Reader', scopes: ['*:read'] })
    await using host = await connect(secret)
    const names = await host.names()
    expect(names).toEqual(expect.arrayContaining(['sessions_list', 'tools_list']))
    expect(names.filter((name) => /create|start|files_|shell_|cancel/.test(name))).toEqual([])
    await expect(host.call('sessions_create', {})).rejects.toThrow('sessions_create')
    await expect(host.call('files_read', { path: 'note.txt' })).rejects.toThrow('files_read')
  })
  test('with a token for some tools gets these, and what came of them, without the history', async () => {
    const { secret } = await daemon.client.tokens.create({ name: 'Files', scopes: ['tools:read', 'executions:write', 'files:read'] })
    await using host = await connect(secret)
    const names = await host.names()
    expect(names).toEqual(expect.arrayContaining(['files_read', 'executions_start']))
    expect(names.filter((name) => /files_write|shell_|history|slow/.test(name))).toEqual([])
    expect(await host.call('files_read', { path: 'note.txt' })).toMatchObject({ value: { content: 'remember the milk\n' } })
  })
  test('is told how a long call goes, and taking it back cancels it', async () => {
    await using host = await connect()
    const progress: number[] = []
    const abort = new AbortController()
    const call = host.client.callTool(
      { name: 'slow_nap', arguments: {} },
      { signal: abort.signal, onprogress: (one) => void progress.push(one.progress), timeout: 25_000 },
    )
    call.catch(() => undefined)
    const { id } = await executionOf('slow.nap', 'running')
    await expect.poll(() => progress.length, { timeout: 10_000 }).toBeGreaterThan(1)
    expect(progress).toEqual(progress.toSorted((one, other) => one - other))
    abort.abort()
    await expect(call).rejects.toThrow(/abort/i)
    await expect.poll(async () => (await daemon.client.executions.get({ id })).status, { timeout: 10_000 }).toBe('cancelled')
  })
  test('hears that tools have come, and that others are in their place', async () => {
    let told = 0
    const id = options === newest ? 'later-new' : 'later-old'
    await using host = await connectHost(daemon, undefined, {
      ...options,
      listChanged: { tools: { autoRefresh: false, debounceMs: 0, onChanged: () => void told++ } },
    })
    expect(await host.names()).not.toContain(`${id}_go`)
    // What else happens is no news of tools.
    await daemon.client.agents.create({ name: `Beside ${id}` })
    await host.call('files_read', { path: 'note.txt' })
    expect(told).toBe(0)
    writeManifest(daemon.apps, id, appOf(id, 'go', ['true']))
    await expect.poll(() => told, { timeout: 15_000 }).toBeGreaterThan(0)
    expect(await host.names()).toContain(`${id}_go`)
    const before = told
    writeManifest(daemon.apps, id, appOf(id, 'stay', ['true']))
    await expect.poll(() => told, { timeout: 15_000 }).toBeGreaterThan(before)
    expect((await host.names()).filter((name) => name.startsWith(id))).toEqual([`${id}_stay`])
  })
})
test('a daemon that stops cancels nothing for hosts that were waiting: it goes on after the next start', async () => {
  const napping = appOf('slow', 'nap', ['sleep', '2'])
  await using own = await startDaemon({ manifests: { slow: napping } })
  await own.client.permissions.add({ tool: 'slow.nap', action: 'allow', level: 'global' })
  const host = await connectHost(own)
  const call = host.call('slow_nap')
  call.catch(() => undefined)
  const running = async () => (await own.client.history.list({ toolId: 'slow.nap', status: 'running' })).items[0]?.id
  await expect.poll(running).toBeDefined()
  const id = (await running())!
  const again = await own.restart()
  await expect.poll(async () => (await again.client.executions.get({ id })).status, { timeout: 10_000 }).toBe('completed')
  expect((await again.client.executions.get({ id })).resumes).toBe(1)
  await host.client.close().catch(() => undefined)
  await again.stop()
})
test('a daemon that no host has asked has not loaded the code of MCP', () => {
  const door = new URL('../../src/http-door.ts', import.meta.url)
  const script = `
    import { registerHooks } from 'node:module'
    const seen = []
    registerHooks({ load: (url, context, next) => (seen.push(url), next(url, context)) })
    const { loadHttp } = await import(${JSON.stringify(door)})
    await loadHttp()
    console.log(JSON.stringify(seen))`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  const seen = JSON.parse(stdout) as string[]
  expect(seen.length).toBeGreaterThan(10)
  expect(seen.filter((url) => /modelcontextprotocol|packages\/mcp/.test(url))).toEqual([])
})
