import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { until } from '@steward/testkit'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startDaemon, type TestDaemon } from '../kit.ts'
import { obedient, shell, tell, type ToldCall } from './told.ts'

let daemon: TestDaemon
let folder: string
beforeAll(async () => void (daemon = await startDaemon({ turns: obedient })))
afterAll(() => daemon[Symbol.asyncDispose]())
beforeEach(() => void (folder = mkdtempSync(path.join(daemon.workspace, 'case-'))))
const at = (...names: string[]) => path.join(folder, ...names)
const ask = (...steps: ToldCall[][]) => tell(daemon, steps, { workspace: folder })
const write = (file: string, content: string): ToldCall => ({ name: 'files_write', input: { path: file, content } })
const edit = (file: string, oldText: string, newText: string): ToldCall => ({ name: 'files_edit', input: { path: file, oldText, newText } })
const refused = { status: 'failed', text: expect.stringMatching(/^Not run: /) }

test('an approval runs exactly what was shown, once, however many say yes at once from whatever door', async () => {
  const told = await ask([shell('echo once >> times')])
  const [approval] = await told.approvals()
  expect(approval).toMatchObject({ input: { command: 'echo once >> times' }, hash: expect.stringMatching(/^[0-9a-f]{64}$/) })
  const ipc = await daemon.ipc()
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, n) =>
      (n % 2 === 0 ? daemon.client : ipc).approvals.settle({ id: n < 4 ? approval!.id : approval!.callId, decision: 'approve' }),
    ),
  )
  expect(answers.filter(({ settled }) => settled)).toHaveLength(1)
  await daemon.runUntil(told.runId)
  expect(readFileSync(at('times'), 'utf8')).toBe('once\n')
  expect(await daemon.client.approvals.settle({ id: approval!.id, decision: 'approve' })).toEqual({ settled: false })
  expect(readFileSync(at('times'), 'utf8')).toBe('once\n')
})
test('a rejected call never runs, whoever says yes afterwards, also across a restart', async () => {
  const told = await ask([shell('touch made'), write('made.txt', 'x')])
  const [first, second] = await told.approvals()
  await daemon.client.approvals.settle({ id: first!.id, decision: 'reject', reason: 'No.' })
  expect(await daemon.client.approvals.settle({ id: first!.id, decision: 'approve' })).toEqual({ settled: false })
  daemon = await daemon.restart()
  expect(await daemon.client.approvals.settle({ id: first!.id, decision: 'approve' })).toEqual({ settled: false })
  expect(await daemon.client.approvals.settle({ id: second!.id, decision: 'reject' })).toEqual({ settled: true })
  await daemon.runUntil(told.runId)
  const { items } = await daemon.client.messages.list({ sessionId: told.sessionId })
  expect(items.flatMap(({ toolCalls }) => toolCalls)).toMatchObject([
    { status: 'denied', startedAt: null },
    { status: 'denied', startedAt: null },
  ])
  expect([existsSync(at('made')), existsSync(at('made.txt'))]).toEqual([false, false])
})
test('a file that changed after it was shown is not written over, nor one that came to be', async () => {
  writeFileSync(at('a.txt'), 'one\ntwo\n')
  const told = await ask([write('a.txt', 'new\n'), edit('a.txt', 'two', '2'), write('b.txt', 'mine\n')])
  writeFileSync(at('a.txt'), 'one\nsomebody has worked on two here\n')
  writeFileSync(at('b.txt'), 'theirs\n')
  const calls = await told.settle('approve')
  expect(calls).toMatchObject([refused, refused, refused])
  expect(readFileSync(at('a.txt'), 'utf8')).toBe('one\nsomebody has worked on two here\n')
  expect(readFileSync(at('b.txt'), 'utf8')).toBe('theirs\n')
})
test('the same change at another place of the file is still the change that was approved', async () => {
  writeFileSync(at('a.txt'), 'one\ntwo\nthree\nfour\n')
  const told = await ask([edit('a.txt', 'one', '1'), edit('a.txt', 'four', '4')])
  writeFileSync(at('a.txt'), 'zero\none\ntwo\nthree\nfour\n')
  expect(await told.settle('approve')).toMatchObject([{ status: 'completed' }, { status: 'completed' }])
  expect(readFileSync(at('a.txt'), 'utf8')).toBe('zero\n1\ntwo\nthree\n4\n')
})
test('a folder that became a link out of the workspace, or into another folder, is not written to', async () => {
  const outside = mkdtempSync(path.join(path.dirname(daemon.workspace), 'outside-'))
  mkdirSync(at('out'))
  mkdirSync(at('in'))
  mkdirSync(at('other'))
  const told = await ask([write('out/f.txt', 'x'), write('in/f.txt', 'x')])
  for (const name of ['out', 'in']) renameSync(at(name), at(`${name}-before`))
  symlinkSync(outside, at('out'))
  symlinkSync('other', at('in'))
  const calls = await told.settle('approve')
  expect(calls.map(({ status }) => status)).toEqual(['failed', 'failed'])
  expect([existsSync(path.join(outside, 'f.txt')), existsSync(at('other', 'f.txt'))]).toEqual([false, false])
})
test('a call whose stored input was changed behind the back of the daemon does not run on the approval of the other', async () => {
  const told = await ask([shell('echo shown > result')])
  const [approval] = await told.approvals()
  await daemon.stop()
  const db = new DatabaseSync(path.join(daemon.home, 'chat_history.db'))
  for (const [table, column] of [
    ['messages', 'parts'],
    ['tool_calls', 'input'],
  ] as const)
    db.exec(`UPDATE ${table} SET ${column} = replace(${column}, 'echo shown', 'echo other') WHERE ${column} LIKE '%echo shown%'`)
  db.close()
  daemon = await daemon.restart()
  expect(await daemon.client.approvals.settle({ id: approval!.id, decision: 'approve' })).toEqual({ settled: true })
  await daemon.runUntil(told.runId)
  const { items } = await daemon.client.messages.list({ sessionId: told.sessionId })
  expect(items.flatMap(({ toolCalls }) => toolCalls)).toMatchObject([refused])
  expect(existsSync(at('result'))).toBe(false)
})
test('an approval that nobody gave in time is over: the call does not run, and a late yes settles nothing', async () => {
  const told = await ask([shell('touch late')])
  const [approval] = await told.approvals()
  await daemon.stop()
  const db = new DatabaseSync(path.join(daemon.home, 'chat_history.db'))
  db.prepare('UPDATE approvals SET expires_at = ? WHERE id = ?').run(new Date(Date.now() - 1000).toISOString(), approval!.id)
  db.close()
  daemon = await daemon.restart()
  await daemon.runUntil(told.runId)
  expect(await daemon.client.approvals.get({ id: approval!.id })).toMatchObject({ status: 'expired' })
  expect(await daemon.client.approvals.settle({ id: approval!.id, decision: 'approve' })).toEqual({ settled: false })
  expect(existsSync(at('late'))).toBe(false)
})
test('a rule that denies, added while an approval waits, beats the approval', async () => {
  const told = await ask([shell('touch denied')])
  const { id } = await daemon.client.permissions.add({
    tool: 'shell.run',
    pattern: 'touch *',
    action: 'deny',
    level: 'session',
    sessionId: told.sessionId,
  })
  expect(await told.settle('approve')).toMatchObject([{ status: 'denied' }])
  expect(existsSync(at('denied'))).toBe(false)
  await daemon.client.permissions.remove({ id })
})
test('a call that was allowed when it was asked for is judged again when an earlier call of the same step has laid a link', async () => {
  const outside = mkdtempSync(path.join(path.dirname(daemon.workspace), 'outside-'))
  writeFileSync(path.join(outside, 'secret.txt'), 'only for the person')
  const told = await ask([shell(`ln -s ${outside}/secret.txt note`), shell('cat note'), { name: 'files_read', input: { path: 'note' } }])
  const [, cat, read] = await told.settle('approve')
  expect(cat).toMatchObject({ status: 'failed', text: expect.stringContaining('not any more') })
  expect(read?.status).toBe('failed')
  expect(JSON.stringify(daemon.wire.requests.at(-1)?.body).includes('only for the person')).toBe(false)
  rmSync(outside, { recursive: true })
})
test('a yes for the session writes exactly the rule that was suggested, and no other line passes by it', async () => {
  const told = await tell(daemon, [[shell('touch a-file')], [shell('touch a-file'), shell('touch other-file'), shell('touch a-file; rm a-file')]], {
    workspace: folder,
  })
  const [approval] = await told.approvals()
  expect(approval?.suggested).toMatchObject({ pattern: 'touch a-file' })
  await daemon.client.approvals.settle({ id: approval!.id, decision: 'approve', scope: 'session' })
  const waiting = await until(async () => ((await told.approvals()).length === 2 ? told.approvals() : null))
  expect(waiting!.map(({ input }) => (input as { command: string }).command)).toEqual(['touch other-file', 'touch a-file; rm a-file'])
  await told.settle('reject')
})
