import { existsSync } from 'node:fs'
import path from 'node:path'
import { createWireServer, type WireServer } from '@steward/testkit'
import { expect, test } from 'vitest'
import { project } from './project.ts'
import { createPlace } from './steward.ts'

const asking = 'what is the name in package.json?'
const lines = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { name?: string; runId?: string; result?: { id: string } })
const vendor = (wire: WireServer) => ({ ANTHROPIC_API_KEY: 'sk-ant-test', ANTHROPIC_BASE_URL: wire.url })

test('run starts the daemon, reads the file and answers, with the answer alone on stdout', { timeout: 60_000 }, async () => {
  await using place = await createPlace(project)
  const done = await place.run(['run', asking])
  expect(done).toMatchObject({ code: 0, stdout: 'The name in package.json is `blue-whale`.\n' })
  expect(done.stderr).toContain('starting it')
  expect(done.stderr).toMatch(/files\.read package\.json .*completed \d+ ms/)
  const events = lines((await place.run(['run', '--json', asking])).stdout)
  expect(events.at(-1)).toMatchObject({ result: { status: 'completed', exitCode: 0, text: expect.stringContaining('blue-whale') } })
  const runId = events.at(-1)!.result!.id
  expect(events.slice(0, -1).every((event) => event.runId === runId)).toBe(true)
  expect(events.map((event) => event.name)).toEqual(expect.arrayContaining(['tool.call', 'tool.result', 'message.final', 'status']))
})
test('where nobody can be asked a write is denied and the exit code says so; --yes allows it', { timeout: 60_000 }, async () => {
  await using place = await createPlace(project)
  const write = 'create the file hello.txt with the content "hi"'
  expect(await place.run(['run', write])).toMatchObject({ code: 4, stderr: expect.stringContaining('--yes') })
  expect(existsSync(path.join(place.project, 'hello.txt'))).toBe(false)
  expect((await place.run(['run', '--yes', write])).code).toBe(0)
  expect(existsSync(path.join(place.project, 'hello.txt'))).toBe(true)
  expect(await place.run(['run', '--yes', '--dont-ask', write])).toMatchObject({ code: 2, stderr: expect.stringContaining('Only one') })
  expect(await place.run(['run', '--budget', 'much', write])).toMatchObject({ code: 2, stderr: expect.stringContaining('USD') })
  expect((await place.run(['run', '--session', 'ses_none', write])).code).toBe(5)
  expect((await place.run(['run'])).code).toBe(2)
})
test('a signal cancels the run and waits for its end', { timeout: 60_000 }, async () => {
  await using place = await createPlace(project)
  const { child, output } = place.begin(['run', '--yes', '--json', 'run the command "sleep 600"'])
  await output.line(/"name":"tool.started"/, 30_000)
  child.kill('SIGINT')
  expect((await output.exited).code).toBe(130)
  expect(lines(output.lines.filter((line) => line.startsWith('{')).join('\n')).at(-1)).toMatchObject({ result: { status: 'cancelled' } })
})
test('a model of a vendor streams through, and a failing one ends with its words and exit code 1', { timeout: 60_000 }, async () => {
  await using wire = await createWireServer({ turns: [{ text: ['Hel', 'lo ', 'wörld', ' 👋.'] }] })
  await using place = await createPlace(project, vendor(wire))
  expect(await place.run(['run', '--model', 'anthropic/wire-1', 'greet'])).toMatchObject({ code: 0, stdout: 'Hello wörld 👋.\n' })
  wire.push({ fault: { kind: 'status', status: 400, message: 'the words of the vendor' } })
  const failed = await place.run(['run', '--model', 'anthropic/wire-1', 'greet'])
  expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('the words of the vendor') })
})
test('a run goes on under the eyes of the same command when the daemon is killed and started again', { timeout: 90_000 }, async () => {
  let asked = 0
  const text = ['Every ', 'word ', 'is ', 'kept.']
  await using wire = await createWireServer({
    turns: () => (asked++ === 0 ? { text, fault: { kind: 'hang', gate: 'never', afterDeltas: 2 } } : { text }),
  })
  await using place = await createPlace(project, vendor(wire))
  await place.run(['start', '--no-open'])
  const { child, output } = place.begin(['run', '--model', 'anthropic/wire-1', 'speak'])
  let shown = ''
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error(output.text())))
    child.stdout!.on('data', (chunk: Buffer) => {
      shown += chunk.toString()
      if (shown.includes('Every word')) resolve()
    })
  })
  process.kill(place.daemonPid(), 'SIGKILL')
  const again = await place.run(['start', '--no-open'])
  expect(again).toMatchObject({ code: 0 })
  expect(await output.exited).toMatchObject({ code: 0 })
  expect(shown).toContain('Every word is kept.\n')
})
test('chat from a pipe answers each line in one session', { timeout: 60_000 }, async () => {
  await using place = await createPlace(project)
  const talk = await place.run(['chat'], { input: `${asking}\n/nonsense\n${asking}\n/exit\nnever sent\n` })
  expect(talk).toMatchObject({
    code: 0,
    stdout: 'The name in package.json is `blue-whale`.\n'.repeat(2),
    stderr: expect.stringContaining('no command /nonsense'),
  })
  const sessions = JSON.parse((await place.run(['sessions', 'list'])).stdout) as { items: { id: string }[] }
  expect(sessions.items).toHaveLength(1)
  expect(talk.stderr).toContain(`--session ${sessions.items[0]!.id}`)
})
