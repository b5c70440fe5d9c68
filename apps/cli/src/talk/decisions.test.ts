import { PassThrough } from 'node:stream'
import type { Approval, Question } from '@steward/contract/daemon'
import { expect, test } from 'vitest'
import { styleFor } from '../output/style.ts'
import { createAsker } from './asker.ts'
import { approvalText, askApproval, askQuestion } from './decisions.ts'

const plain = styleFor({ isTTY: false })
const approval: Approval = {
  id: 'apr_1',
  sessionId: 'ses_1',
  runId: 'run_1',
  executionId: null,
  callId: 'call_1',
  toolId: 'files.write',
  input: { path: 'a.txt' },
  hash: 'h',
  reason: 'No rule allows it.',
  preview: { summary: 'Change a.txt', diff: '--- a/a.txt\n+++ b/a.txt\n-old\n+new\u001b[2J\n' },
  suggested: { tool: 'files.write' },
  status: 'waiting',
  settledBy: null,
  note: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  expiresAt: '2026-01-02T00:00:00.000Z',
  settledAt: null,
}
/** A person who types the next line each time a prompt ends in ": " or "> ". */
function person(...lines: string[]) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  let shown = ''
  stderr.on('data', (chunk: Buffer) => {
    shown += chunk.toString()
    const line = lines.shift()
    if (line !== undefined) setImmediate(() => stdin.write(`${line}\n`))
  })
  return { asker: createAsker({ stdin, stdout, stderr, canAsk: true }, () => undefined), stdin, text: () => shown }
}
const never = new AbortController().signal
const nowhere = () => undefined

test('an approval shows the change itself, and nothing in it can drive the terminal', () => {
  const text = approvalText(approval, plain)
  expect(text).toContain('files.write')
  expect(text).toContain('-old\n+new')
  expect(text).toContain('No rule allows it.')
  expect(text).not.toContain('\u001b')
})
test.each([
  ['y', { decision: 'approve', scope: 'once' }],
  ['s', { decision: 'approve', scope: 'session' }],
  ['Always', { decision: 'approve', scope: 'always' }],
  ['n too risky', { decision: 'reject', scope: 'once', reason: 'too risky' }],
])('the answer %s is taken for what it says', async (line, decision) => {
  const { asker } = person(line)
  expect(await askApproval(asker, nowhere, approval, plain, never)).toEqual(decision)
})
test('what is no answer is asked again, and a bare no asks why', async () => {
  const { asker, text } = person('', 'maybe', 'yes please', 'n', 'use another name')
  expect(await askApproval(asker, nowhere, approval, plain, never)).toEqual({ decision: 'reject', scope: 'once', reason: 'use another name' })
  expect(text().match(/\[y\]es/g)).toHaveLength(4)
})
test('what was typed before the question does not approve anything', async () => {
  const { asker, stdin } = person('first', 'n no')
  expect(await asker.ask('> ')).toBe('first')
  stdin.write('y\ny\n')
  await new Promise((resolve) => setImmediate(resolve))
  expect(await askApproval(asker, nowhere, approval, plain, never)).toMatchObject({ decision: 'reject' })
})
test('a question settled elsewhere is taken back', async () => {
  const abort = new AbortController()
  const { asker } = person()
  const asked = askApproval(asker, nowhere, approval, plain, abort.signal)
  setImmediate(() => abort.abort())
  expect(await asked).toBeUndefined()
})
test('options are chosen by number, several with commas, and own words are taken as they are', async () => {
  const options = [{ label: 'red' }, { label: 'blue' }]
  const question = {
    items: [
      { id: 'a', question: 'One?', options },
      { id: 'b', question: 'Many?', options, multiSelect: true },
      { id: 'c', question: 'Free?' },
    ],
  } as unknown as Question
  expect(await askQuestion(person('2', '1,2', 'as you like').asker, nowhere, question, plain, never)).toEqual({
    a: 'blue',
    b: ['red', 'blue'],
    c: 'as you like',
  })
  expect(await askQuestion(person('green', '3', '').asker, nowhere, question, plain, never)).toEqual({ a: 'green', b: ['3'], c: '' })
})
