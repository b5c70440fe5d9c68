import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { soak } from '@steward/testkit'
import { createSessionsHarness, type SessionsHarness } from '../../../test/sessions-harness.ts'
import { newId } from '../../platform/ids.ts'
import { createSearcher } from './searcher.ts'
import { excerptOf, searchTerms } from './search-terms.ts'

let app: SessionsHarness
beforeEach(async () => {
  app = await createSessionsHarness()
})
afterEach(async () => {
  await app.close()
})
const create = async (title: string) => (await app.ask('sessions.create', { title, workspace: { path: app.folder } })).id
const found = async (query: string) => {
  await app.sessions.search.caughtUp()
  return (await app.ask('sessions.search', { query })).items
}
test('titles and finished messages are found, with the match marked', async () => {
  const id = await create('Plans for the greenhouse')
  const asked = app.say(id, 'user', 'Which tomatoes grow well indoors?')
  app.say(id, 'user', 'not taken yet: tomatoes', { status: 'queued' })
  expect(await found('greenhouse')).toEqual([
    expect.objectContaining({ sessionId: id, messageId: null, title: 'Plans for the greenhouse', excerpt: 'Plans for the ‹greenhouse›' }),
  ])
  expect(await found('TOMATOES grow')).toEqual([expect.objectContaining({ messageId: asked, excerpt: 'Which ‹tomatoes› ‹grow› well indoors?' })])
})
test('the output of tools is not searched', async () => {
  const id = await create('Quiet')
  const runId = newId('run')
  const messageId = app.say(id, 'assistant', 'Done reading.', { runId })
  app.stores.chat.log.commit((emit) => {
    const call = {
      id: newId('call'),
      sessionId: id,
      runId,
      messageId,
      toolId: 'files.read',
      input: {},
      status: 'asked',
      output: null,
      text: null,
      createdAt: new Date().toISOString(),
      startedAt: null,
      finishedAt: null,
    } as const
    app.calls.insert(call, 0)
    app.calls.finish(call.id, 'completed', 'zanzibar', 'zanzibar', call.createdAt)
    emit(
      'tool.result',
      { callId: call.id, toolId: call.toolId, status: 'completed', output: 'zanzibar', text: 'zanzibar', durationMs: 1 },
      { sessionId: id },
    )
  })
  expect(await found('zanzibar')).toEqual([])
  expect(await found('Done reading')).toHaveLength(1)
})
test('what was renamed, rewound or deleted is found no more, at once', async () => {
  const id = await create('Oldname')
  app.say(id, 'user', 'keepsake')
  const late = app.say(id, 'user', 'regrettable')
  expect(await found('regrettable')).toHaveLength(1)
  await app.ask('sessions.rename', { id, title: 'Newname' })
  expect([(await found('oldname')).length, (await found('newname')).length]).toEqual([0, 1])
  await app.ask('sessions.rewind', { id, messageId: late })
  expect((await app.ask('sessions.search', { query: 'regrettable' })).items).toEqual([])
  expect([(await found('regrettable')).length, (await found('keepsake')).length]).toEqual([0, 1])
  await app.ask('sessions.delete', { id })
  expect((await app.ask('sessions.search', { query: 'keepsake' })).items).toEqual([])
  await app.sessions.search.caughtUp()
  expect(app.stores.chat.db.prepare('SELECT count(*) AS n FROM search_rows').get()).toMatchObject({ n: 0 })
  app.stores.chat.db.exec("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")
})
test('what is gone is not found, even while the index is behind', async () => {
  const id = await create('Gone')
  const messageId = app.say(id, 'user', 'vanishing')
  expect(await found('vanishing')).toHaveLength(1)
  await app.sessions.search.close()
  await app.ask('sessions.rewind', { id, messageId })
  expect((await app.ask('sessions.search', { query: 'vanishing' })).items).toEqual([])
  expect((await app.ask('sessions.search', { query: 'va' })).items).toEqual([])
  await app.ask('sessions.delete', { id })
  expect((await app.ask('sessions.search', { query: 'Gone' })).items).toEqual([])
})
test('the messages of a fork are found in the fork too', async () => {
  const id = await create('Source')
  for (let n = 0; n < 120; n++) app.say(id, 'user', `walrus ${n}`)
  const fork = await app.ask('sessions.fork', { id })
  await app.sessions.search.caughtUp()
  const seen = new Set<string>()
  let cursor: string | undefined
  do {
    const page = await app.ask('sessions.search', { query: 'walrus', limit: 100, ...(cursor ? { cursor } : {}) })
    for (const { messageId } of page.items) seen.add(messageId ?? '')
    cursor = page.nextCursor ?? undefined
  } while (cursor)
  expect(seen.size).toBe(240)
  expect((await app.ask('sessions.search', { query: 'walrus 119' })).items.map(({ sessionId }) => sessionId).toSorted()).toEqual(
    [id, fork.id].toSorted(),
  )
})
test('no sign a user types is taken for query language', async () => {
  const id = await create('Signs')
  app.say(id, 'user', 'a "quoted" col:umn AND NOT (NEAR) star* 100%_sure back\\slash ^caret {x} -minus')
  for (const query of [
    '"quoted"',
    'col:umn',
    'AND NOT',
    '(NEAR)',
    'star*',
    '100%_sure',
    'back\\slash',
    '^caret',
    '{x}',
    '-minus',
    '"',
    '*',
    "'",
    '%_',
    'NEAR(',
  ])
    expect([query, (await app.call({ id: 'o', kind: 'owner', door: 't', scopes: ['*'] }, 'sessions.search', { query })).value]).toEqual([
      query,
      { items: expect.any(Array), nextCursor: null },
    ])
  expect(await found('"quoted" star*')).toHaveLength(1)
  expect(await found('100%_sure')).toHaveLength(1)
  expect(await found('100%xsure')).toEqual([])
  expect(await found('%_')).toHaveLength(1)
  expect(await found('_%')).toEqual([])
})
test('words of one or two letters are found, as Chinese words are', async () => {
  const id = await create('Short')
  const messageId = app.say(id, 'user', '我喜欢绿茶 and tea')
  expect(await found('绿茶')).toEqual([expect.objectContaining({ messageId, excerpt: '我喜欢‹绿茶› and tea' })])
  expect(await found('绿茶 tea')).toHaveLength(1)
  expect(await found('红茶 tea')).toEqual([])
})
test('the index is taken up where it was left, also when events are read twice', async () => {
  const id = await create('Restart')
  app.say(id, 'user', 'first words')
  await app.sessions.search.caughtUp()
  app.stores.chat.log.commit(() => app.stores.chat.db.exec("UPDATE cursors SET seq = 0 WHERE consumer = 'search'"))
  await app.sessions.search.close()
  const { createSearchReader } = await import('./search-reader.ts')
  const again = createSearchReader({ log: app.stores.chat.log, db: app.stores.chat.db, report: (error) => void app.reported.push(error) })
  again.start()
  app.say(id, 'user', 'second words')
  await again.caughtUp()
  expect((await app.ask('sessions.search', { query: 'words' })).items).toHaveLength(2)
  await again.close()
})
const rowCount = soak(25_000, 100_000)
test(`${rowCount} rows are searched without holding up the daemon`, { timeout: 120_000 }, async () => {
  const id = await create('Many')
  const { db, log } = app.stores.chat
  const words =
    'the quick brown fox jumps over lazy dog while a database engine reads files and writes answers about memory tools agents north south river mountain'.split(
      ' ',
    )
  const insert = db.prepare(
    `INSERT INTO messages (id, session_id, position, role, status, text, created_at) VALUES (?, ?, ?, 'user', 'final', ?, '2026-01-01T00:00:00.000Z')`,
  )
  const index = db.prepare(`INSERT INTO search_rows (session_id, message_id, text, at) VALUES (?, ?, ?, '2026-01-01T00:00:00.000Z')`)
  log.commit(() => {
    for (let n = 0; n < rowCount; n++) {
      const text =
        Array.from({ length: 12 }, (_, k) => words[(n * 7 + k * k * 13 + (n >> (k % 9))) % words.length]).join(' ') +
        (n % (rowCount / 20) === 0 ? ' needle' : '')
      insert.run(`msg_${n}`, id, n + 1, text)
      index.run(id, `msg_${n}`, text)
    }
  })
  await app.ask('sessions.search', { query: 'warmup' })
  const figures: string[] = []
  for (const [query, expected] of [
    ['needle', 20],
    ['database', 50],
    ['quick river', 50],
    ['qu', 50],
    ['zq', 0],
  ] as const) {
    let longest = 0
    let beat = performance.now()
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - beat)
      beat = performance.now()
    }, 1)
    const from = performance.now()
    const { items } = await app.ask('sessions.search', { query })
    figures.push(`${query}: ${(performance.now() - from).toFixed(1)} ms, longest hold ${longest.toFixed(1)} ms`)
    clearInterval(timer)
    expect(items).toHaveLength(expected)
  }
  if (process.env['STEWARD_MEASURE']) console.log(figures.join('\n'))
})
test('the searching thread starts with the first search, rests when idle, and a caller that gives up is let go', async () => {
  const searcher = createSearcher(app.stores.chat.path, 20)
  const { signal } = new AbortController()
  expect(searcher.running()).toBe(false)
  expect(await searcher.search('x', 1, 0, signal)).toEqual([])
  expect(searcher.running()).toBe(true)
  await vi.waitFor(() => expect(searcher.running()).toBe(false))
  expect(await searcher.search('x', 1, 0, signal)).toEqual([])
  const left = new AbortController()
  const given = searcher.search('x', 1, 0, left.signal)
  left.abort(new Error('given up'))
  await expect(given).rejects.toThrow('given up')
  const many = Array.from({ length: 70 }, () => searcher.search('x', 1, 0, signal).catch((error: { code?: string }) => error.code))
  expect((await Promise.all(many)).filter((answer) => answer === 'too_many').length).toBeGreaterThan(0)
  await searcher.close()
  expect(searcher.running()).toBe(false)
})
test('terms are quoted, and an excerpt shows the first of them', () => {
  expect(searchTerms('say "hi" to 绿茶')).toEqual({ words: ['say', '"hi"', 'to', '绿茶'], match: '"say" AND """hi"""', patterns: ['%to%', '%绿茶%'] })
  expect(excerptOf(`${'x'.repeat(100)}Needle${'y'.repeat(200)}`, ['needle'])).toBe(`…${'x'.repeat(40)}‹Needle›${'y'.repeat(80)}…`)
})
