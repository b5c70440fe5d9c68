import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { atTerminal, hasTerminal } from './at-terminal.ts'
import { project } from './project.ts'
import { createPlace } from './steward.ts'

const reading = 'read the file package.json'
const writing = 'create the file hello.txt with the content "hi"'
type Planned = { plan: { id: string; steps: { toolId: string }[] }; execution?: { id: string; status: string; approvalId?: string } }
const json = <T = Planned>(text: string) => JSON.parse(text) as T

test('plan prints what would be done and does nothing; execute does it, here, and says how it ended', { timeout: 60_000 }, async () => {
  await using place = await createPlace(project)
  const planned = await place.run(['plan', reading])
  expect(planned).toMatchObject({ code: 0 })
  const { plan } = json(planned.stdout)
  expect(plan.steps.map(({ toolId }) => toolId)).toEqual(['files.read'])
  expect(json<{ items: unknown[] }>((await place.run(['history'])).stdout).items).toEqual([])
  const executed = await place.run(['execute', plan.id])
  expect(executed).toMatchObject({ code: 0 })
  expect(json<{ status: string }>(executed.stdout)).toMatchObject({ status: 'completed' })
  expect(executed.stdout).toContain('blue-whale')
  // The long forms are the same operations.
  expect(json((await place.run(['plans', 'create', reading])).stdout).plan.steps).toHaveLength(1)
  expect(json<{ status: string }>((await place.run(['executions', 'start', plan.id])).stdout)).toMatchObject({ status: 'completed' })
  const { items } = json<{ items: { planId: string }[] }>((await place.run(['history', '--status', 'completed'])).stdout)
  expect(items.map(({ planId }) => planId)).toEqual([plan.id])
  expect((await place.run(['history', 'export'])).stdout.trim().split('\n')).toHaveLength(1)
})
test('plan --yes runs it; a call that waits gives exit code 4 and says how to settle it', { timeout: 60_000 }, async () => {
  await using place = await createPlace(project)
  const read = await place.run(['plan', '--yes', '--json', reading])
  expect(read).toMatchObject({ code: 0 })
  expect(json(read.stdout)).toMatchObject({ execution: { status: 'completed' } })
  const written = await place.run(['plan', '--yes', writing])
  expect(written).toMatchObject({ code: 4 })
  const { execution } = json(written.stdout)
  expect(execution).toMatchObject({ status: 'waiting', approvalId: expect.stringMatching(/^apr_/) })
  expect(written.stderr).toContain(`steward approvals settle ${execution!.approvalId} approve`)
  expect(existsSync(path.join(place.project, 'hello.txt'))).toBe(false)
  expect((await place.run(['approvals', 'settle', execution!.approvalId!, 'approve'])).code).toBe(0)
  expect(await place.run(['executions', 'wait', execution!.id])).toMatchObject({ code: 0 })
  expect(readFileSync(path.join(place.project, 'hello.txt'), 'utf8').trim()).toBe('hi')
  expect(await place.run(['plan', '--yes', 'xyzzy plugh'])).toMatchObject({ code: 7, stderr: expect.stringContaining('Nothing was run') })
})
test('execute takes the inputs of a tool one by one, whole, or by a dotted name; what fails is exit code 1', { timeout: 60_000 }, async () => {
  await using place = await createPlace(project)
  await writeFile(path.join(place.project, 'a.txt'), 'one\ntwo\nthree\n')
  for (const inputs of [['--input', 'path=a.txt'], ['--input', '{"path":"a.txt"}'], ['--input.path', 'a.txt'], ['--input.path=a.txt']]) {
    const done = await place.run(['execute', '--tool-id', 'files.read', ...inputs])
    expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining('two') })
  }
  const missing = await place.run(['execute', '--tool-id', 'files.read', '--input', 'path=none.txt'])
  expect(missing).toMatchObject({ code: 1 })
  expect(json<{ status: string; errors: unknown[] }>(missing.stdout)).toMatchObject({ status: 'failed', errors: [{}] })
  const rejected = await place.run(['execute', '--tool-id', 'files.write', '--input', 'path=b.txt', '--input', 'content=hi'])
  expect(rejected).toMatchObject({ code: 4 })
  const { id, approvalId } = json<{ id: string; approvalId: string }>(rejected.stdout)
  await place.run(['approvals', 'settle', approvalId, 'reject'])
  expect(await place.run(['executions', 'wait', id])).toMatchObject({ code: 1, stdout: expect.stringContaining('denied') })
  expect((await place.run(['execute', 'plan_none'])).code).toBe(5)
  expect((await place.run(['execute'])).code).toBe(2)
  const dry = await place.run(['execute', '--tool-id', 'files.write', '--input', 'path=c.txt', '--input', 'content=hi', '--dry-run'])
  expect(dry).toMatchObject({ code: 0 })
  expect(existsSync(path.join(place.project, 'c.txt'))).toBe(false)
})
test('the value of an app’s secret comes by standard input, and is shown nowhere', { timeout: 60_000 }, async () => {
  await using place = await createPlace(project)
  const set = await place.run(['secrets', 'set', 'spotify.token', '--value-stdin'], { input: 'planted-secret\n' })
  expect(set).toMatchObject({ code: 0 })
  expect(set.stdout + set.stderr).not.toContain('planted')
  expect(json<{ items: { name: string }[] }>((await place.run(['secrets', 'list'])).stdout).items.map(({ name }) => name)).toEqual(['spotify.token'])
})
test.skipIf(!hasTerminal)('at a terminal a plan is shown and asked about: no runs nothing, yes runs it', { timeout: 60_000 }, async () => {
  await using place = await createPlace(project)
  const declined = await atTerminal(place, ['plan', reading], [['[y/N] ', '\r']])
  expect(declined).toMatchObject({ code: 0, text: expect.stringContaining('steward execute plan_') })
  expect(declined.text).toMatch(/STEP +TOOL +INPUTS/)
  expect(declined.text).toMatch(/files\.read +path=package\.json/)
  expect(declined.text).not.toContain('blue-whale')
  const run = await atTerminal(place, ['plan', reading], [['[y/N] ', 'y\r']])
  expect(run).toMatchObject({ code: 0, text: expect.stringContaining('blue-whale') })
  expect(run.text).toMatch(/files\.read .*completed/)
  expect((await atTerminal(place, ['plan', reading], [['[y/N] ', '\u0003']])).code).toBe(130)
})
test.skipIf(!hasTerminal)(
  'at a terminal a call that needs approval is shown: no denies it, yes goes on, Ctrl-C cancels',
  { timeout: 60_000 },
  async () => {
    await using place = await createPlace(project)
    const file = path.join(place.project, 'hello.txt')
    const denied = await atTerminal(
      place,
      ['plan', writing],
      [
        ['[y/N] ', 'y\r'],
        ['[n]o: ', 'n not here\r'],
      ],
    )
    expect(denied).toMatchObject({ code: 1, text: expect.stringContaining('denied') })
    expect(denied.text).toContain('+hi')
    expect((await atTerminal(place, ['plan', '--yes', writing], [['[n]o: ', '\u0003']])).code).toBe(130)
    expect(existsSync(file)).toBe(false)
    expect(await atTerminal(place, ['plan', '--yes', writing], [['[n]o: ', 'y\r']])).toMatchObject({ code: 0 })
    expect(existsSync(file)).toBe(true)
  },
)
