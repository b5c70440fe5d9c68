import { cpSync, mkdtempSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { until } from '@steward/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startDaemon, type TestDaemon } from '../kit.ts'
import { obedient, shell, tell } from './told.ts'
import { ask, bearer, openFrames } from './wire.ts'

let daemon: TestDaemon
beforeAll(async () => void (daemon = await startDaemon({ turns: obedient })))
afterAll(() => daemon[Symbol.asyncDispose]())
/** The newest entries, when one of them is as wanted. */
const entry = (wanted: (item: any) => boolean) =>
  until(async () => {
    await daemon.served.app.caughtUp()
    return (await daemon.client.audit.list({ limit: 200 })).items.find(wanted) as any
  })
const isRefusal = (operation: string, code: string) => (item: any) =>
  item.name === 'call.refused' && item.data.operation === operation && item.data.code === code

describe('what was refused is in the audit', () => {
  test.each<[string, string, (secret: string) => Promise<unknown>]>([
    ['sessions.create', 'forbidden', (secret) => ask(daemon, 'POST', '/v1/sessions', bearer(secret))],
    ['tokens.list', 'forbidden', (secret) => ask(daemon, 'GET', '/v1/tokens', bearer(secret))],
    ['sessions.delete', 'not_found', () => daemon.ask('DELETE', '/v1/sessions/ses_none')],
    ['settings.set', 'unprocessable', () => daemon.ask('PUT', '/v1/settings/runs.steps', { value: -1 })],
    [
      'logins.create',
      'forbidden',
      async () => ask(daemon, 'POST', '/v1/logins', bearer((await daemon.client.tokens.create({ name: 'x', scopes: ['*'] })).secret)),
    ],
  ])('%s with %s', async (operation, code, call) => {
    const { secret, token } = await daemon.client.tokens.create({ name: 'Narrow', scopes: ['sessions:read'] })
    await call(secret)
    const found = await entry(isRefusal(operation, code))
    expect(found).toMatchObject({ data: { operation, code, door: 'http', count: expect.any(Number), caller: expect.any(String) } })
    if (operation === 'sessions.create') expect(found.data.caller).toBe(token.id)
  })
  test('over every door, with its name', async () => {
    const { secret } = await daemon.client.tokens.create({ name: 'Narrow', scopes: ['sessions:read'] })
    await using frames = await openFrames(daemon.served.socket, daemon.token, ['delegated'])
    frames.send({ id: 1, op: 'backups.create', input: {}, as: secret })
    await frames.answer(1)
    expect(await entry(isRefusal('backups.create', 'forbidden'))).toMatchObject({ data: { door: 'ipc' } })
  })
})

test('every tool call, what was decided about it and who decided is in the audit', async () => {
  const told = await tell(daemon, [[shell('touch yes'), shell(`cat ${daemon.home}/run/token`), { name: 'files_list', input: {} }]])
  const { token, secret } = await daemon.client.tokens.create({ name: 'Decider', scopes: ['approvals:*'] })
  const [approval] = await told.approvals()
  expect(
    (await ask(daemon, 'POST', `/v1/approvals/${approval!.id}`, { ...bearer(secret), 'content-type': 'application/json' }, '{"decision":"approve"}'))
      .status,
  ).toBe(200)
  await daemon.runUntil(told.runId)
  await daemon.served.app.caughtUp()
  const { items } = await daemon.client.audit.list({ sessionId: told.sessionId, limit: 200 })
  const by = (name: string) => items.filter((item) => item.name === name)
  expect(by('tool.call').map(({ data }) => (data as any).call.toolId)).toEqual(['files.list', 'shell.run', 'shell.run'])
  expect(
    by('tool.result')
      .map(({ data }) => (data as any).status)
      .toSorted(),
  ).toEqual(['completed', 'completed', 'denied'])
  expect(by('approval.settled')).toMatchObject([{ caller: token.id, data: { status: 'approved' } }])
  expect(await daemon.client.audit.verify({})).toMatchObject({ intact: true, firstFault: null })
})

describe('verifying says where the files were changed by somebody without the key', () => {
  let original: string
  let link: { seq: number; source_log: string; source_seq: number }
  beforeAll(async () => {
    await tell(daemon, [[shell('touch more')]]).then((told) => told.settle('approve'))
    await daemon.served.app.caughtUp()
    await daemon.stop()
    original = mkdtempSync(path.join(path.dirname(daemon.home), 'original-'))
    cpSync(daemon.home, original, { recursive: true, filter: (from) => !from.endsWith('.sock') })
    const db = new DatabaseSync(path.join(original, 'agents.db'))
    link = db.prepare(`SELECT seq, source_log, source_seq FROM audit WHERE name = 'approval.settled' ORDER BY seq LIMIT 1`).get() as typeof link
    db.close()
    daemon = await daemon.restart()
  })
  /** A copy of the stopped daemon's files, changed by hand, and what a daemon on it says. */
  const verdict = async (file: string, ...statements: readonly (readonly [sql: string, ...values: (string | number)[]])[]) => {
    const home = mkdtempSync(path.join(path.dirname(original), 'copy-'))
    cpSync(original, home, { recursive: true })
    const db = new DatabaseSync(path.join(home, file))
    for (const [sql, ...values] of statements) expect(db.prepare(sql).run(...values).changes, sql).toBeGreaterThan(0)
    db.close()
    await using copy = await startDaemon({ home })
    await copy.served.app.caughtUp()
    return await copy.client.audit.verify({})
  }
  test('a copy that nobody changed is intact', async () => {
    expect(await verdict('agents.db', ['UPDATE log_state SET epoch = epoch'])).toMatchObject({
      intact: true,
      firstFault: null,
      entries: expect.any(Number),
    })
  })
  test.each([
    ['caller', `'somebody-else'`],
    ['at', `'2020-01-01T00:00:00.000Z'`],
    ['name', `'tool.call'`],
    ['session_id', 'NULL'],
    ['digest', `'${'0'.repeat(64)}'`],
    ['mac', `'${'0'.repeat(64)}'`],
  ])('the %s of an entry', async (column, value) => {
    const { intact, firstFault } = await verdict('agents.db', [`UPDATE audit SET ${column} = ${value} WHERE seq = ?`, link.seq])
    expect([intact, firstFault]).toEqual([false, { seq: link.seq, what: expect.stringContaining('changed') }])
  })
  test('an event in its log, even with nothing else touched', async () => {
    const [sql, ...values] = ['UPDATE events SET data = replace(data, ?, ?) WHERE seq = ?', 'approved', 'rejected', link.source_seq] as const
    expect(await verdict('chat_history.db', [sql, ...values])).toMatchObject({
      intact: false,
      firstFault: { seq: link.seq, what: expect.stringContaining(`chat ${link.source_seq}`) },
    })
  })
  test('an entry that was taken out, also when the others were moved up', async () => {
    expect(await verdict('agents.db', ['DELETE FROM audit WHERE seq = ?', link.seq])).toMatchObject({ intact: false, firstFault: { seq: link.seq } })
    expect(
      await verdict('agents.db', ['DELETE FROM audit WHERE seq = ?', link.seq], ['UPDATE audit SET seq = seq - 1 WHERE seq > ?', link.seq]),
    ).toMatchObject({
      intact: false,
      firstFault: { seq: link.seq },
    })
  })
  test('an entry that was put in, or two that changed places', async () => {
    const invented = [
      'INSERT INTO audit SELECT seq + 1, source_log, 99999, at, name, caller, session_id, run_id, digest, mac FROM audit ORDER BY seq DESC LIMIT 1',
    ] as const
    expect(await verdict('agents.db', invented)).toMatchObject({ intact: false })
    const swap = (from: string, to: string) => [`UPDATE audit SET seq = ${to} WHERE seq = ${from}`] as const
    const { firstFault } = await verdict('agents.db', swap('1', '-1'), swap('2', '1'), swap('-1', '2'))
    expect(firstFault).toMatchObject({ seq: 1 })
  })
  test('an end that was cut off, also together with its seal', async () => {
    expect(await verdict('agents.db', ['DELETE FROM audit WHERE seq >= ?', link.seq])).toMatchObject({ intact: false, firstFault: { seq: link.seq } })
    expect(await verdict('agents.db', ['DELETE FROM audit WHERE seq >= ?', link.seq], ['DELETE FROM audit_head'])).toMatchObject({ intact: false })
    expect(await verdict('agents.db', ['DELETE FROM audit WHERE seq >= ?', link.seq], ['UPDATE audit_head SET seq = ?', link.seq - 1])).toMatchObject(
      { intact: false },
    )
  })
})
