import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { freePort, spawnLines, until } from '@steward/testkit'
import { context, everythingMain, filesystemMain, makeWorld, ready, sandboxed, toolNamed } from './testing/place.ts'

/** The sandbox takes what is in it along: a process may be gone before its turn. */
function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
/** A call that would take a minute, begun at the server; `failure` is what becomes of it. */
async function underWay(connection: Parameters<typeof toolNamed>[0]) {
  const begun = Promise.withResolvers<void>()
  const call = toolNamed(connection, 'trigger-long-running-operation').run({ duration: 60, steps: 600 }, context({ progress: () => begun.resolve() }))
  await begun.promise
  return { failure: call.catch((error: unknown) => error) }
}

test('the tools of a server over stdio are listed with what they say of themselves, and called', async () => {
  await using world = await makeWorld()
  const connection = world.connect(world.node(everythingMain))
  await connection.settled()
  expect(connection.state()).toEqual({ state: 'ready', message: null })
  expect(connection.tools().map(({ id }) => id)).toEqual(expect.arrayContaining(['demo.echo', 'demo.get-sum', 'demo.trigger-long-running-operation']))
  const echo = toolNamed(connection, 'echo')
  expect(echo).toMatchObject({ risk: 'execute', repeatable: false, permissions: ['demo:use'] })
  expect(echo.given?.inputsSchema).toMatchObject({ type: 'object', required: ['message'] })
  expect(await echo.run({ message: 'hello €' }, context())).toEqual({ output: 'Echo: hello €', text: 'Echo: hello €' })
  expect(echo.inputs.safeParse({ message: 'a' }).success).toBe(true)
  expect(echo.inputs.safeParse({ message: 1 }).error?.issues[0]?.message).toMatch(/^message: /)
  expect((await toolNamed(connection, 'get-sum').run({ a: 2, b: 40 }, context())).text).toContain('42')
  expect((await toolNamed(connection, 'get-structured-content').run({ location: 'New York' }, context())).output).toMatchObject({ temperature: 33 })
  expect((await toolNamed(connection, 'get-tiny-image').run({}, context())).text).toMatch(/\[image image\/png, \d+ bytes\]/)
  expect(world.changes()).toBeGreaterThan(0)
})

test('hints are believed only of a trusted server', async () => {
  await using world = await makeWorld()
  const connection = world.connect(world.node(everythingMain), { trusted: true })
  await ready(connection)
  expect(toolNamed(connection, 'echo')).toMatchObject({ risk: 'read', repeatable: true })
})

test('a long call tells of its progress, is cancelled at once, and the server goes on', async () => {
  await using world = await makeWorld()
  const connection = world.connect(world.node(everythingMain))
  await ready(connection)
  const slow = toolNamed(connection, 'trigger-long-running-operation')
  const cancel = new AbortController()
  const seen: string[] = []
  let cancelledAt = 0
  const progress = (text: string) => {
    seen.push(text)
    cancelledAt ||= performance.now()
    cancel.abort(new Error('enough'))
  }
  await expect(slow.run({ duration: 60, steps: 600 }, context({ signal: cancel.signal, progress }))).rejects.toThrow('enough')
  expect(performance.now() - cancelledAt).toBeLessThan(500)
  expect(seen[0]).toBe('1 of 600')
  expect((await toolNamed(connection, 'echo').run({ message: 'on' }, context())).text).toBe('Echo: on')
})

test('a call that takes too long fails as timed out', async () => {
  await using world = await makeWorld()
  const connection = world.connect(world.node(everythingMain), { timeoutMs: 300 })
  await ready(connection)
  await expect(toolNamed(connection, 'trigger-long-running-operation').run({ duration: 60, steps: 1 }, context())).rejects.toMatchObject({
    code: 'timed_out',
  })
})

test.each(sandboxed ? [true, false] : [false])(
  'kill -9 in the middle of a call (sandbox %s): it fails at once, and the server comes back',
  async (sandbox) => {
    await using world = await makeWorld()
    const connection = world.connect(world.node(everythingMain, [], sandbox))
    await ready(connection)
    const before = connection.tools()
    const { failure } = await underWay(connection)
    const killedAt = performance.now()
    for (const pid of await world.pids()) killNow(pid)
    const wanted = { name: 'ToolError', code: 'failed', message: expect.stringMatching(/went away .* outcome is unknown/) }
    expect(await failure).toMatchObject(wanted)
    expect(performance.now() - killedAt).toBeLessThan(1000)
    expect(connection.tools()).toBe(before)
    await ready(connection)
    expect((await toolNamed(connection, 'echo').run({ message: 'back' }, context())).text).toBe('Echo: back')
    expect(world.reports).toHaveLength(1)
    expect(connection.tools()).toBe(before)
  },
)

test('the files of a folder are read by the filesystem server, and errors of a tool are told in its words', async () => {
  await using world = await makeWorld()
  await writeFile(path.join(world.at.work, 'note.txt'), 'remember the milk')
  const connection = world.connect(world.node(filesystemMain, [world.at.work]))
  await ready(connection)
  const read = toolNamed(connection, 'read_text_file')
  expect((await read.run({ path: path.join(world.at.work, 'note.txt') }, context())).text).toBe('remember the milk')
  await expect(read.run({ path: '/etc/passwd' }, context())).rejects.toMatchObject({
    code: 'failed',
    message: expect.stringMatching(/Access denied/),
  })
  await toolNamed(connection, 'write_file').run({ path: path.join(world.at.work, 'new.txt'), content: 'x' }, context())
  expect((await toolNamed(connection, 'list_directory').run({ path: world.at.work }, context())).text).toContain('new.txt')
})

test.runIf(sandboxed)('a server in the sandbox does not see Steward’s own folder and writes only where it may', async () => {
  await using world = await makeWorld()
  const connection = world.connect(world.node(filesystemMain, [path.dirname(world.at.home)]))
  await ready(connection)
  const read = toolNamed(connection, 'read_text_file').run({ path: path.join(world.at.home, 'token') }, context())
  await expect(read).rejects.toMatchObject({ code: 'failed' })
  const write = toolNamed(connection, 'write_file').run({ path: path.join(world.at.other, 'x'), content: 'x' }, context())
  await expect(write).rejects.toMatchObject({ code: 'failed', message: expect.stringMatching(/EROFS|ENOENT/) })
})

test('a program that is not there is a failure in words', async () => {
  await using world = await makeWorld()
  const connection = world.connect({ kind: 'stdio', command: 'no-such-server', args: [], env: {}, cwd: world.at.work, writable: [], sandbox: true })
  await connection.settled()
  expect(connection.state()).toMatchObject({ state: 'failed', message: expect.stringMatching(/no program "no-such-server"/) })
  await expect(connection.authorize()).rejects.toMatchObject({ code: 'unprocessable' })
})

test('closing ends the server and all its children within 2 s, and nothing starts afterwards', async () => {
  await using world = await makeWorld()
  const connection = world.connect(world.node(everythingMain))
  await ready(connection)
  const echo = toolNamed(connection, 'echo')
  const from = performance.now()
  await connection.close()
  expect(performance.now() - from).toBeLessThan(2000)
  expect(await world.pids()).toEqual([])
  expect(connection.state().state).toBe('stopped')
  expect(connection.tools()).toEqual([])
  await connection.restart()
  expect(await world.pids()).toEqual([])
  await expect(echo.run({ message: 'x' }, context())).rejects.toMatchObject({ code: 'failed' })
})

const overHttp = async (port: number) => {
  const child = spawn(process.execPath, [everythingMain, 'streamableHttp'], { env: { ...process.env, PORT: String(port) } })
  const lines = spawnLines(child)
  await lines.line(/listening on port/)
  return {
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await lines.exited
    },
  }
}

test('a server over Streamable HTTP is used, lost in the middle of a call, and found again', async () => {
  await using world = await makeWorld({ longestBackoffMs: 200, firstBackoffMs: 100 })
  const port = await freePort()
  const connection = world.connect({ kind: 'http', url: `http://127.0.0.1:${port}/mcp`, headers: {} })
  await connection.settled()
  expect(connection.state()).toMatchObject({ state: 'failed', message: expect.stringMatching(/ECONNREFUSED/) })
  {
    await using server = await overHttp(port)
    await ready(connection)
    expect((await toolNamed(connection, 'echo').run({ message: 'web' }, context())).text).toBe('Echo: web')
    const { failure } = await underWay(connection)
    const killedAt = performance.now()
    await server[Symbol.asyncDispose]()
    expect(await failure).toMatchObject({ code: 'failed', message: expect.stringMatching(/outcome is unknown/) })
    expect(performance.now() - killedAt).toBeLessThan(1000)
  }
  await until(() => connection.state().state !== 'ready')
  await using again = await overHttp(port)
  expect(again).toBeDefined()
  await ready(connection)
  expect((await toolNamed(connection, 'get-sum').run({ a: 1, b: 2 }, context())).text).toContain('3')
})
