import { PassThrough } from 'node:stream'
import type { Sender } from '@steward/client'
import { Fault } from '@steward/contract'
import { operations, type Outcome } from '@steward/contract/daemon'
import { expect, test } from 'vitest'
import { styleFor } from '../output/style.ts'
import { createAsker } from '../talk/asker.ts'
import { createScreen } from '../talk/screen.ts'
import { decide } from './decide.ts'
import { inThisFolder } from './here.ts'
import { answersOutcome, concluded, exitCodeOfOutcome, untilRest } from './outcome.ts'
import { planText, type Planned } from './show.ts'

const plain = styleFor({ isTTY: false })
const id = 'exe_1'
function screenOf(isTTY = false) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()].map((one) => Object.assign(one, { isTTY }))
  const told = { out: '', err: '' }
  stdout!.on('data', (chunk: Buffer) => void (told.out += chunk.toString()))
  stderr!.on('data', (chunk: Buffer) => void (told.err += chunk.toString()))
  return { io: { stdin: stdin!, stdout: stdout!, stderr: stderr!, canAsk: true }, told }
}
/** Answers the calls of a sender one after another. */
const answering = (...answers: unknown[]): Pick<Sender, 'call'> => ({
  call: async () => {
    const answer = answers.shift()
    if (answer instanceof Error) throw answer
    return answer
  },
})

test('what is begun in this folder is told so, unless it was told another, and nothing else is', async () => {
  const here = { workspace: { path: process.cwd() } }
  expect(await inThisFolder('plans.create', { text: 'a' })).toEqual({ text: 'a', ...here })
  expect(await inThisFolder('executions.start', {})).toEqual(here)
  expect(await inThisFolder('workflows.run', { id: 'wfl_1' })).toEqual({ id: 'wfl_1', ...here })
  expect(await inThisFolder('workflows.run', { workspace: { path: '/srv' } })).toEqual({ workspace: { path: '/srv' } })
  expect(await inThisFolder('sessions.create', { title: 'a' })).toEqual({ title: 'a' })
})
test('an execution is waited for until it has ended or a person must act; an approval just settled is no reason to stop', async () => {
  const seen: string[] = []
  const waiting: Outcome = { id, status: 'waiting', approvalId: 'apr_1' }
  const calls = answering({ id, status: 'running' }, { id, status: 'waiting' }, waiting)
  expect(await untilRest(calls, { id, status: 'queued' }, { seen: async ({ status }) => void seen.push(status) })).toEqual(waiting)
  expect(seen).toEqual(['queued', 'running', 'waiting', 'waiting'])
  expect(await untilRest(answering(), { id: null, status: 'queued' })).toMatchObject({ id: null })
  expect(await untilRest(answering(new Fault('forbidden', 'No.')), { id, status: 'running' })).toEqual({ id, status: 'running' })
  await expect(untilRest(answering(new Fault('unavailable', 'Gone.')), { id, status: 'running' })).rejects.toThrow('Gone.')
})
test.each<[Outcome, number, string]>([
  [{ id, status: 'completed', outputs: { text: 'done' } }, 0, ''],
  [{ id, status: 'failed', errors: [{ code: 'x', message: 'It broke.' }] }, 1, ''],
  [{ id, status: 'denied' }, 1, ''],
  [{ id, status: 'cancelled' }, 1, ''],
  [{ id, status: 'interrupted' }, 1, 'steward executions resume exe_1 done'],
  [{ id, status: 'waiting', approvalId: 'apr_1' }, 4, 'steward approvals settle apr_1 approve'],
  [{ id, status: 'running' }, 0, 'steward executions wait exe_1'],
  [{ id: null, status: 'waiting' }, 0, ''],
])('%j gives its exit code, and says what can be done next', (outcome, code, hint) => {
  const { io, told } = screenOf()
  expect(concluded(outcome, true, io)).toBe(code)
  expect(exitCodeOfOutcome(outcome)).toBe(code)
  expect(JSON.parse(told.out)).toEqual(outcome)
  if (hint === '') expect(told.err).toBe('')
  else expect(told.err).toContain(hint)
})
test('operations that answer an outcome are known by their output', () => {
  const names = Object.entries(operations).flatMap(([name, op]) => (answersOutcome(op) ? [name] : []))
  expect(names).toEqual(['executions.start', 'executions.wait', 'workflows.run'])
})
test('at a terminal an outcome is shown as text that cannot drive it', () => {
  const { io, told } = screenOf(true)
  concluded(
    { id, status: 'failed', outputs: { a: { text: 'one\ntwo\u001b[2J\n' } }, errors: [{ stepId: 'b', code: 'x', message: 'It broke.' }] },
    false,
    io,
  )
  expect(told.out).toBe('a:\n  text:\n    one\n    two[2J\n')
  expect(told.err).toContain('b: It broke.')
})
test('a plan is shown by what it would call, with what, and after what; a question back stands in its place', () => {
  const step = { appId: 'files', dependsOn: undefined }
  const planned = {
    intent: 'copy a file\u001b[2J',
    confidence: 0.823,
    planner: 'builtin',
    plan: {
      steps: [
        { ...step, id: 's1', toolId: 'files.read', inputs: { path: 'a.txt' } },
        { ...step, id: 's2', toolId: 'files.write', inputs: { path: 'b.txt', content: 'x'.repeat(500) }, dependsOn: ['s1'] },
      ],
    },
  } as unknown as Planned
  const lines = planText(planned, 80, plain).split('\n')
  expect(lines[0]).toBe('copy a file[2J  confidence 82 %, by builtin')
  expect(lines[1]).toMatch(/^STEP +TOOL +INPUTS +AFTER$/)
  expect(lines[2]).toMatch(/^s1 +files\.read +path=a\.txt$/)
  expect(lines[3]).toMatch(/^s2 +files\.write +path=b\.txt content=x+… +s1$/)
  expect(Math.max(...lines.slice(1).map((line) => line.length))).toBeLessThanOrEqual(80)
  expect(planText({ ...planned, plan: { ...planned.plan, steps: [] }, clarification: 'Which file?' }, 80, plain)).toContain('\nWhich file?')
})
test('an approval that is settled from elsewhere is taken back from the person', async () => {
  const { io, told } = screenOf(true)
  const approval = {
    id: 'apr_1',
    sessionId: null,
    executionId: id,
    toolId: 'files.write',
    input: {},
    reason: 'No rule.',
    preview: null,
    suggested: null,
  }
  const sender = {
    ...answering({ ...approval, status: 'waiting' }),
    events: async function* () {
      yield { event: { name: 'approval.settled', data: { approvalId: 'apr_other' } } }
      await expect.poll(() => told.err).toContain('[y]es once, [a]lways, [n]o: ')
      yield { event: { name: 'approval.settled', data: { approvalId: 'apr_1' } } }
    },
  } as unknown as Sender
  const asker = createAsker(io, () => undefined)
  expect(await decide(sender, 'apr_1', asker, createScreen(io))).toBe(true)
  expect(told.err).toContain('decided elsewhere')
  expect(await decide(answering({ ...approval, status: 'approved' }) as Sender, 'apr_1', asker, createScreen(io))).toBe(true)
})
