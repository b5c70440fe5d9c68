import { afterEach, beforeEach, expect, test } from 'vitest'
import { bodyOf, createMemoryHarness, type MemoryHarness } from '../../../test/memory-harness.ts'
import { ownerCaller } from '../../../test/room-harness.ts'

let rooms: MemoryHarness
beforeEach(async () => void (rooms = await createMemoryHarness()))
afterEach(() => rooms.close())

const weak = { ...ownerCaller, id: 'tok_1', kind: 'token' as const, scopes: ['memory:read'] }

test('a note is kept with its tags, source and scope, read back, and announced without its text', async () => {
  const made = await rooms.ask('memory.save', { text: 'Ana likes tea.', kind: 'fact', tags: ['Ana ', 'drinks'], agentId: 'agt_a' })
  expect(made).toMatchObject({ text: 'Ana likes tea.', kind: 'fact', tags: ['ana', 'drinks'], source: { kind: 'user', ref: 'owner' } })
  expect(made).toMatchObject({ agentId: 'agt_a', sessionId: null, expiresAt: null, createdAt: made.updatedAt })
  expect(made.id).toMatch(/^mem_/)
  expect(await rooms.ask('memory.get', { id: made.id })).toEqual(made)
  const data = { memoryId: made.id, kind: 'fact', agentId: 'agt_a', sessionId: null, source: 'user', merged: false }
  expect(await rooms.events()).toEqual([{ name: 'memory.saved', data }])
})
test('saving the same again answers the one that is there with the tags of both, in its scope alone', async () => {
  const first = await rooms.ask('memory.save', { text: 'Café at 9', tags: ['a'] })
  const again = await rooms.ask('memory.save', { text: ' Cafe\u0301 at 9\n', kind: 'fact', tags: ['b', 'a'] })
  expect(again).toMatchObject({ id: first.id, text: 'Café at 9', kind: 'note', tags: ['a', 'b'], createdAt: first.createdAt })
  expect(again.updatedAt > first.updatedAt).toBe(true)
  const other = await rooms.ask('memory.save', { text: 'Café at 9', sessionId: 'ses_1' })
  expect(other.id).not.toBe(first.id)
  expect((await rooms.ask('memory.list', { all: true })).items).toHaveLength(2)
  expect((await rooms.ask('memory.search', { query: 'café', tags: ['b'] })).items.map(({ id }) => id)).toEqual([first.id])
})
test('a search that asks for all scopes finds what belongs to any agent or session', async () => {
  for (const scope of [{}, { agentId: 'agt_b' }, { sessionId: 'ses_2' }]) await rooms.ask('memory.save', { text: 'The heron waits.', ...scope })
  expect((await rooms.ask('memory.search', { query: 'heron' })).items).toHaveLength(1)
  expect((await rooms.ask('memory.search', { query: 'heron', all: true })).items).toHaveLength(3)
})
test('what holds a known secret is refused at every way in, and nothing is kept', async () => {
  rooms.there.secrets.push('hunter2-hunter2')
  const { id } = await rooms.ask('memory.save', { text: 'harmless' })
  const refused = { code: 'unprocessable', message: expect.stringContaining('holds a secret') as string }
  const text = 'The password is hunter2-hunter2.'
  expect(await rooms.refusal('memory.save', { text })).toMatchObject(refused)
  expect(await rooms.refusal('memory.save', { text: 'fine', tags: ['hunter2-hunter2'] })).toMatchObject(refused)
  expect(await rooms.refusal('memory.update', { id, text })).toMatchObject(refused)
  expect(await rooms.refusal('memory.import', {}, { body: bodyOf(`A first note.\n\n---\n\n${text}\n`) })).toMatchObject(refused)
  await expect(rooms.room.toolsOf('agt_a', 'ses_1').save({ text, kind: 'note', tags: [], scope: 'agent' })).rejects.toMatchObject(refused)
  expect((await rooms.ask('memory.list', { all: true })).items.map((one) => one.text)).toEqual(['harmless'])
})
test('the later expiry of two equal memories counts, and one that has expired is no longer there', async () => {
  const soon = new Date(Date.now() + 40).toISOString()
  const { id } = await rooms.ask('memory.save', { text: 'short lived', expiresAt: soon })
  await expect.poll(async () => (await rooms.ask('memory.list', {})).items).toEqual([])
  expect(await rooms.refusal('memory.get', { id })).toMatchObject({ code: 'not_found' })
  expect(await rooms.found({ query: 'lived' })).toEqual([])
  const fresh = await rooms.ask('memory.save', { text: 'short lived', expiresAt: '2999-01-01T00:00:00Z' })
  expect(fresh).toMatchObject({ expiresAt: '2999-01-01T00:00:00.000Z', createdAt: fresh.updatedAt })
  expect(fresh.id).not.toBe(id)
  expect(await rooms.ask('memory.save', { text: 'short lived' })).toMatchObject({ id: fresh.id, expiresAt: null })
})
test('a search, a list and an export see the global scope and the ones that are named, never another', async () => {
  const scopes = [
    {},
    { agentId: 'agt_a' },
    { agentId: 'agt_b' },
    { sessionId: 'ses_1' },
    { sessionId: 'ses_2' },
    { agentId: 'agt_a', sessionId: 'ses_1' },
  ]
  for (const [index, scope] of scopes.entries()) await rooms.ask('memory.save', { text: `pelican ${index}`, tags: ['bird'], ...scope })
  const cases = [
    [{}, [0]],
    [{ agentId: 'agt_a' }, [0, 1]],
    [{ agentId: 'agt_b' }, [0, 2]],
    [{ sessionId: 'ses_2' }, [0, 4]],
    [{ agentId: 'agt_a', sessionId: 'ses_1' }, [0, 1, 3, 5]],
    [{ agentId: 'agt_b', sessionId: 'ses_1' }, [0, 2, 3]],
    [{ agentId: 'agt_never', sessionId: 'ses_never' }, [0]],
  ] as const
  for (const [scope, seen] of cases) {
    const expected = seen.map((index) => `pelican ${index}`)
    expect((await rooms.found({ query: 'pelican', ...scope })).toSorted()).toEqual(expected)
    expect((await rooms.found({ query: 'peli', tags: ['bird'], ...scope })).toSorted()).toEqual(expected)
    expect((await rooms.ask('memory.list', { ...scope, tag: 'bird' })).items.map(({ text }) => text).toSorted()).toEqual(expected)
    expect((await rooms.exported(scope)).match(/^pelican \d$/gm)?.toSorted()).toEqual(expected)
  }
  expect((await rooms.ask('memory.list', { all: true, kind: 'note' })).items.map(({ text }) => text)).toEqual(
    scopes.map((_, index) => `pelican ${index}`).toReversed(),
  )
})
test('lists are paged, newest first, over several scopes', async () => {
  for (let n = 0; n < 7; n++) await rooms.ask('memory.save', { text: `note ${n}`, ...(n % 2 === 0 ? {} : { agentId: 'agt_a' }) })
  const seen: string[] = []
  for (let cursor: string | undefined; ;) {
    const page = await rooms.ask('memory.list', { agentId: 'agt_a', limit: 3, ...(cursor === undefined ? {} : { cursor }) })
    seen.push(...page.items.map(({ text }) => text))
    if (page.nextCursor === null) break
    cursor = page.nextCursor
  }
  expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0].map((n) => `note ${n}`))
  expect(await rooms.refusal('memory.list', { cursor: 'nonsense' })).toMatchObject({ code: 'invalid' })
})
test('searches are paged without doubles and find what is deep in a long document', async () => {
  for (let n = 0; n < 25; n++) await rooms.ask('memory.save', { text: `heron number ${n}` })
  const one = await rooms.ask('memory.search', { query: 'heron', limit: 20 })
  const two = await rooms.ask('memory.search', { query: 'heron', limit: 20, cursor: one.nextCursor! })
  expect(new Set([...one.items, ...two.items].map(({ id }) => id)).size).toBe(25)
  expect(two.nextCursor).toBeNull()
  const filler = 'Nothing of interest happened on that day at all. '.repeat(400)
  const { id } = await rooms.ask('memory.save', { text: `${filler}The zeppelin landed in Bregenz.\n${filler}`, kind: 'document' })
  const { items } = await rooms.ask('memory.search', { query: 'where did the zeppelin land?' })
  expect(items[0]).toMatchObject({ id, kind: 'document', excerpt: expect.stringContaining('zeppelin landed in Bregenz') })
})
test('words are found in other forms, without their accents, as beginnings, and in scripts without spaces', async () => {
  await rooms.ask('memory.save', { text: 'We deployed the crème brûlée service' })
  await rooms.ask('memory.save', { text: '我们决定使用蓝色按钮' })
  expect(await rooms.found({ query: 'deploying' })).toHaveLength(1)
  expect(await rooms.found({ query: 'creme brulee' })).toHaveLength(1)
  expect(await rooms.found({ query: 'servi' })).toHaveLength(1)
  expect(await rooms.found({ query: '蓝色' })).toEqual(['我们决定使用蓝色按钮'])
  expect(await rooms.found({ query: '色蓝' })).toEqual([])
})
test('no sign in a query or a tag is syntax', async () => {
  await rooms.ask('memory.save', { text: 'quotes and stars', tags: ['a"b*(', 'x y'] })
  for (const query of ['"', '*', 'NEAR(a b)', 'quotes AND', 'text:quotes', '^quotes', '-stars', 'a\0b', '(((', '"quotes"*', '😀', '\u0301'])
    await expect(rooms.ask('memory.search', { query })).resolves.toHaveProperty('items')
  expect(await rooms.found({ query: 'quotes', tags: ['a"b*(', 'x y'] })).toHaveLength(1)
  expect(await rooms.found({ query: 'quotes', tags: ['x'] })).toEqual([])
})
test('a change is found by its new words only, and keeps what it does not name', async () => {
  const made = await rooms.ask('memory.save', { text: 'The port is 8080', tags: ['net'], expiresAt: '2999-01-01T00:00:00.000Z' })
  const changed = await rooms.ask('memory.update', { id: made.id, text: 'The gate is 9090' })
  expect(changed).toMatchObject({ id: made.id, text: 'The gate is 9090', tags: ['net'], createdAt: made.createdAt, expiresAt: made.expiresAt })
  expect(await rooms.found({ query: '8080' })).toEqual([])
  expect(await rooms.found({ query: '9090' })).toEqual(['The gate is 9090'])
  expect(await rooms.ask('memory.update', { id: made.id, tags: ['door'], kind: 'fact', expiresAt: null })).toMatchObject({
    tags: ['door'],
    kind: 'fact',
    expiresAt: null,
  })
  expect((await rooms.ask('memory.list', { tag: 'net' })).items).toEqual([])
  expect((await rooms.ask('memory.list', { tag: 'door', kind: 'fact' })).items).toHaveLength(1)
  const other = await rooms.ask('memory.save', { text: 'Another' })
  expect(await rooms.refusal('memory.update', { id: other.id, text: 'The gate is 9090' })).toMatchObject({
    code: 'conflict',
    details: { id: made.id },
  })
})
test('what is forgotten is gone from lists, search and the pieces, and its scope may save it anew', async () => {
  const { id } = await rooms.ask('memory.save', { text: 'secret plan' })
  expect(await rooms.ask('memory.delete', { id })).toBeNull()
  for (const name of ['memory.get', 'memory.update', 'memory.delete'] as const)
    expect(await rooms.refusal(name, { id })).toMatchObject({ code: 'not_found' })
  expect(await rooms.found({ query: 'secret' })).toEqual([])
  expect(rooms.db.prepare('SELECT count(*) AS n FROM memory_pieces').get()).toEqual(expect.objectContaining({ n: 0 }))
  expect((await rooms.events()).at(-1)).toEqual({ name: 'memory.deleted', data: { memoryId: id, reason: 'asked' } })
  expect((await rooms.ask('memory.save', { text: 'secret plan' })).id).not.toBe(id)
})
test('an agent or session that is not there, a text without words and a caller without the scope are refused', async () => {
  expect(await rooms.refusal('memory.save', { text: 'x', agentId: 'agt_none' })).toMatchObject({ code: 'unprocessable' })
  expect(await rooms.refusal('memory.save', { text: 'x', sessionId: 'ses_none' })).toMatchObject({ code: 'unprocessable' })
  expect(await rooms.refusal('memory.save', { text: ' \n' })).toMatchObject({ code: 'invalid' })
  expect(await rooms.refusal('memory.save', { text: 'x' }, { caller: weak })).toMatchObject({ code: 'forbidden' })
  expect(await rooms.ask('memory.list', {}, { caller: weak })).toEqual({ items: [], nextCursor: null })
})
test('what has expired, is older than memory.days, or belongs to what is gone is forgotten', async () => {
  await rooms.ask('memory.save', { text: 'expiring', expiresAt: new Date(Date.now() + 3_600_000).toISOString() })
  await rooms.ask('memory.save', { text: 'kept' })
  for (let n = 0; n < 150; n++) await rooms.ask('memory.save', { text: `of a session ${n}`, sessionId: 'ses_1' })
  await rooms.ask('memory.save', { text: 'of an agent', agentId: 'agt_a' })
  const left = async () => (await rooms.ask('memory.list', { all: true, limit: 200 })).items.map(({ text }) => text)
  await rooms.room.prune()
  expect(await left()).toHaveLength(153)
  await rooms.room.prune(Date.now() + 7_200_000)
  expect(await left()).not.toContain('expiring')
  rooms.there.sessions.delete('ses_1')
  await rooms.room.prune()
  expect(await left()).toEqual(['of an agent', 'kept'])
  rooms.there.agents.delete('agt_a')
  await rooms.room.prune()
  expect(await left()).toEqual(['kept'])
  await rooms.room.prune(Date.now() + 400 * 86_400_000)
  expect(await left()).toEqual(['kept'])
  rooms.there.days = 365
  await rooms.room.prune(Date.now() + 400 * 86_400_000)
  expect(await left()).toEqual([])
  const reasons = (await rooms.events()).filter(({ name }) => name === 'memory.deleted').map(({ data }) => (data as { reason: string }).reason)
  expect(Object.entries(Object.groupBy(reasons, (reason) => reason)).map(([reason, all]) => [reason, all?.length])).toEqual([
    ['expired', 1],
    ['orphaned', 151],
    ['retention', 1],
  ])
})
