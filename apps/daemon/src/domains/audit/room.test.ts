import { cpSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Fault } from '@steward/contract'
import { createHome, createRoomHarness, ownerCaller, type RoomHarness } from '../../../test/room-harness.ts'

let rooms: RoomHarness
beforeEach(async () => void (rooms = await createRoomHarness()))
afterEach(() => rooms.close())
const reader = { ...ownerCaller, id: 'tok_reader', kind: 'token', scopes: ['agents:read'] } as const
const fill = async () => {
  await rooms.ask('agents.create', { name: 'one' })
  await rooms.ask('settings.set', { key: 'runs.steps', value: 9 })
  rooms.addSession('ses_1')
  rooms.logs.chat.commit((emit) => emit('tool.started', { callId: 'call_1', toolId: 'shell.run' }, { sessionId: 'ses_1', runId: 'run_1' }))
  rooms.logs.chat.commit((emit) => emit('session.renamed', { title: 'b' }, { sessionId: 'ses_1' }))
  await rooms.audit.caughtUp()
}
const tamper = (sql: string, name: 'agents' | 'chat' = 'agents') => rooms.stores[name].db.exec(sql)

test('every change and deed of the three logs is in one chain, with who did it', async () => {
  await fill()
  const { items } = await rooms.ask('audit.list', {})
  expect(items.map(({ log, name, caller }) => [log, name, caller]).toSorted()).toEqual([
    ['agents', 'call.committed', 'owner'],
    ['chat', 'tool.started', null],
    ['settings', 'call.committed', 'owner'],
  ])
  expect(items.find(({ log }) => log === 'settings')?.data).toMatchObject({ operation: 'settings.set', subject: 'runs.steps' })
  expect((await rooms.ask('audit.list', { sessionId: 'ses_1' })).items).toMatchObject([{ name: 'tool.started', runId: 'run_1' }])
  expect((await rooms.ask('audit.list', { caller: 'owner', name: 'call.committed' })).items).toHaveLength(2)
  const page = await rooms.ask('audit.list', { limit: 2 })
  expect([...page.items, ...(await rooms.ask('audit.list', { limit: 2, cursor: page.nextCursor ?? '' })).items]).toEqual(items)
  expect(await rooms.ask('audit.verify', {})).toMatchObject({ intact: true, entries: 3, firstFault: null })
})
test('the audit is downloaded as JSON lines, whole or what a filter leaves of it', async () => {
  await fill()
  for (let n = 0; n < 120; n++) await rooms.ask('settings.set', { key: 'runs.steps', value: n + 10 })
  await rooms.audit.caughtUp()
  const lines = async (filter: object) => {
    const { open } = await rooms.call(ownerCaller, 'audit.export', filter)
    let text = ''
    for await (const chunk of open?.() ?? []) text += Buffer.from(chunk).toString()
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as { seq: number; name: string })
  }
  const all = await lines({})
  expect(all.map(({ seq }) => seq)).toEqual(Array.from({ length: 123 }, (_, index) => 123 - index))
  expect(all.slice(0, 50)).toEqual((await rooms.ask('audit.list', {})).items)
  expect(await lines({ sessionId: 'ses_1' })).toMatchObject([{ name: 'tool.started' }])
})
test('a changed entry is found at its place', async () => {
  await fill()
  tamper("UPDATE audit SET caller = 'nobody' WHERE seq = 2")
  expect(await rooms.ask('audit.verify', {})).toMatchObject({ intact: false, firstFault: { seq: 2 } })
})
test('a removed entry is found, in the middle and at the end', async () => {
  await fill()
  tamper('DELETE FROM audit WHERE seq = 3')
  expect(await rooms.ask('audit.verify', {})).toMatchObject({
    intact: false,
    firstFault: { seq: 3, what: expect.stringContaining('cut off') as string },
  })
  tamper('DELETE FROM audit WHERE seq = 1')
  expect(await rooms.ask('audit.verify', {})).toMatchObject({
    intact: false,
    firstFault: { seq: 1, what: expect.stringContaining('removed') as string },
  })
})
test('an entry that was put in is found, also one after the end', async () => {
  await fill()
  tamper("INSERT INTO audit SELECT 4, 'chat', 99, at, name, caller, session_id, run_id, digest, mac FROM audit WHERE seq = 3")
  expect(await rooms.ask('audit.verify', {})).toMatchObject({ intact: false, firstFault: { seq: 4 } })
})
test('a changed event is found; one that was pruned is no fault', async () => {
  await fill()
  tamper("UPDATE events SET data = replace(data, 'shell.run', 'files.read') WHERE name = 'tool.started'", 'chat')
  // The ring still holds what was announced; a restart reads the file.
  const again = await reopen()
  expect(await again.ask('audit.verify', {})).toMatchObject({ intact: false, firstFault: { what: expect.stringContaining('chat') as string } })
  again.stores.chat.db.exec('DELETE FROM events')
  expect(await again.ask('audit.verify', {})).toMatchObject({ intact: true })
  expect((await again.ask('audit.list', { sessionId: 'ses_1' })).items).toMatchObject([{ data: null }])
})
/** The same data in a new process's place; closed with the test. */
async function reopen(): Promise<RoomHarness> {
  const copy = createHome()
  await rooms.audit.close()
  for (const name of ['chat_history.db', 'agents.db', 'settings.db'])
    for (const suffix of ['', '-wal']) cpSync(path.join(rooms.home, name + suffix), path.join(copy.home, name + suffix))
  for (const name of ['audit.key', 'secret.key']) cpSync(path.join(rooms.home, name), path.join(copy.home, name))
  await rooms.close()
  rooms = await createRoomHarness({ home: copy.home })
  const close = rooms.close
  rooms.close = async () => {
    await close()
    copy.dispose()
  }
  return rooms
}
test('the key lies apart from the databases, for the owner alone, and the chain goes on after a restart', async () => {
  await fill()
  expect(statSync(path.join(rooms.home, 'audit.key')).mode & 0o777).toBe(0o600)
  const again = await reopen()
  await again.ask('agents.create', { name: 'two' })
  await again.audit.caughtUp()
  expect(await again.ask('audit.verify', {})).toMatchObject({ intact: true, entries: 4 })
  expect(readFileSync(path.join(again.home, 'audit.key'), 'utf8').trim()).toHaveLength(43)
})
test('an event is taken up once, even when a reader has to begin anew', async () => {
  await fill()
  tamper("DELETE FROM cursors WHERE consumer = 'audit'")
  const again = await reopen()
  await again.audit.caughtUp()
  expect(await again.ask('audit.verify', {})).toMatchObject({ intact: true, entries: 3 })
})
test('each refusal is an entry; equal ones of a batch are counted', async () => {
  for (let n = 0; n < 3; n++) await rooms.refusal('agents.delete', { id: 'agt_default' }, reader)
  await rooms.refusal('agents.delete', { id: 'agt_default' })
  rooms.audit.flush()
  await rooms.audit.caughtUp()
  const { items } = await rooms.ask('audit.list', { name: 'call.refused' })
  expect(items.map(({ caller, data }) => [caller, (data as { code: string }).code, (data as { count: number }).count]).toSorted()).toEqual([
    ['owner', 'conflict', 1],
    ['tok_reader', 'forbidden', 3],
  ])
})
test('a flood of different refusals keeps to bounded memory and loses no count', () => {
  const fault = new Fault('not_found', 'There is nothing.')
  for (let n = 0; n < 5_000; n++)
    rooms.audit.refusals.refused({ operation: `x.${n}`, caller: reader, requestId: 'r', digest: '', subject: null }, fault)
  rooms.audit.flush()
  const written = rooms.stores.agents.db
    .prepare("SELECT count(*) AS kinds, sum(json_extract(data, '$.count')) AS n FROM events WHERE name = 'call.refused'")
    .get()
  expect(written).toMatchObject({ kinds: 1_001, n: 5_000 })
})
test('reads are counted by operation and caller', async () => {
  for (let n = 0; n < 3; n++) await rooms.ask('agents.list', {})
  expect((await rooms.ask('audit.verify', {})).reads).toBe(3)
  rooms.audit.flush()
  expect(rooms.stores.agents.db.prepare("SELECT n FROM read_counts WHERE operation = 'agents.list' AND caller = 'owner'").get()).toMatchObject({
    n: 3,
  })
  expect((await rooms.ask('audit.verify', {})).reads).toBe(4)
})
test('checking ten thousand entries does not hold up other work', async () => {
  for (let batch = 0; batch < 10; batch++)
    rooms.logs.chat.commit((emit) => {
      for (let n = 0; n < 1_000; n++) emit('tool.started', { callId: 'call_1', toolId: 'a' }, { sessionId: 'ses_1' })
    })
  await rooms.audit.caughtUp()
  let turns = 0
  let going = true
  const count = () => {
    turns++
    if (going) setImmediate(count)
  }
  setImmediate(count)
  const verdict = await rooms.ask('audit.verify', {})
  going = false
  expect(verdict).toMatchObject({ intact: true, entries: 10_000 })
  expect(turns).toBeGreaterThan(3)
})
