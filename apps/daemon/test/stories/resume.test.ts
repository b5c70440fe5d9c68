import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { soak, until, type Turn } from '@steward/testkit'
import { expect, test } from 'vitest'
import { createCuttingProxy } from '../cutting-proxy.ts'
import { model, startDaemon, type TestDaemon } from '../kit.ts'
import { clientOf, createRecord, ends, readUntil } from '../reader.ts'

const words = (count: number) => Array.from({ length: count }, (_, at) => (at % 7 === 0 ? `é😀${at} ` : `word${at} `))
/** A run with words before, between and after its calls, one of which waits for a person. */
const conversation: Turn[] = [
  { text: words(40), deltaMs: 1, calls: [{ name: 'files_read', input: { path: 'package.json' } }] },
  { reasoning: 'I think about it.', text: words(30), deltaMs: 1, calls: [{ name: 'files_write', input: { path: 'a.txt', content: 'a\n' } }] },
  { text: words(60), deltaMs: 1 },
]
async function withPackage(turns: Turn[]): Promise<TestDaemon> {
  const daemon = await startDaemon({ turns })
  writeFileSync(path.join(daemon.workspace, 'package.json'), '{"name":"x"}')
  return daemon
}
/** Approves whatever comes to wait in a session. */
async function approve(daemon: TestDaemon, sessionId: string, runId: string) {
  expect((await daemon.runUntil(runId, 'waiting')).status).toBe('waiting')
  const { items } = await daemon.client.approvals.list({ sessionId })
  await daemon.client.approvals.settle({ id: items[0]!.id, decision: 'approve' })
}
/** What a reader has must be all there is, once. */
async function expectWhole(daemon: TestDaemon, sessionId: string, record: ReturnType<typeof createRecord>) {
  const all = await daemon.events(sessionId)
  expect(record.events.map(({ seq }) => seq)).toEqual(all.map(({ seq }) => seq).filter((seq) => seq <= record.events.at(-1)!.seq))
  expect(record.events).toEqual(all.slice(0, record.events.length))
  expect(record.resets).toEqual([])
}

for (const door of ['sse', 'websocket'] as const) {
  test(`a stream over ${door} that is cut after every event and every token of a run goes on without a gap or a double`, async () => {
    await using daemon = await withPackage(conversation)
    await using proxy = await createCuttingProxy(() => Number(new URL(daemon.url).port))
    const client = clientOf(door, daemon, proxy.url)
    const { id } = await daemon.client.sessions.create({ model })
    const { runId } = await daemon.client.messages.send({ sessionId: id, text: 'go' })
    const record = createRecord(id)
    const approved = approve(daemon, id, runId)
    await readUntil(client.follow({ sessionId: id }), (item) => {
      record.take(item)
      proxy.cutNow()
      return ends(item, runId)
    })
    await approved
    await client.close()
    expect(proxy.cuts()).toBeGreaterThan(20)
    expect(record.tokens.length).toBeGreaterThan(5)
    await expectWhole(daemon, id, record)
  })
  test(`a stream over ${door} that is cut at random bytes of a streamed answer shows the whole answer, once`, async () => {
    const answer = words(soak(300, 1_500))
    await using daemon = await startDaemon({ turns: [{ text: answer, deltaMs: 2 }] })
    await using proxy = await createCuttingProxy(() => Number(new URL(daemon.url).port))
    // The first are cut early for certain; now and then one holds long enough for the largest event.
    const early = [200, 700, 1_300]
    proxy.allow(() => early.shift() ?? 1 + Math.floor(Math.random() * (Math.random() < 0.8 ? 2_500 : 60_000)))
    const client = clientOf(door, daemon, proxy.url)
    const { id } = await daemon.client.sessions.create({ model })
    const { runId } = await daemon.client.messages.send({ sessionId: id, text: 'go' })
    const record = createRecord(id)
    await readUntil(client.follow({ sessionId: id }), (item) => {
      record.take(item)
      return ends(item, runId)
    })
    await client.close()
    expect(proxy.cuts()).toBeGreaterThanOrEqual(3)
    expect(record.events.find(({ name }) => name === 'message.final')?.data).toMatchObject({ text: answer.join('') })
    await expectWhole(daemon, id, record)
  })
  test(`a stream over ${door} goes on across a restart of the daemon in mid-answer, and every word that was shown is kept`, async () => {
    const answer = words(400)
    let daemon = await startDaemon({ turns: [{ text: answer, deltaMs: 3 }, { text: 'The rest.' }] })
    await using proxy = await createCuttingProxy(() => Number(new URL(daemon.url).port))
    const client = clientOf(door, daemon, proxy.url)
    const { id } = await daemon.client.sessions.create({ model })
    const { runId } = await daemon.client.messages.send({ sessionId: id, text: 'go' })
    const record = createRecord(id)
    let restarted: Promise<void> | undefined
    await readUntil(client.follow({ sessionId: id }), (item) => {
      record.take(item)
      if (record.tokens.length === 8) restarted ??= daemon.restart().then((next) => void (daemon = next))
      return ends(item, runId)
    })
    await restarted
    await client.close()
    expect(restarted).toBeDefined()
    const finals = record.events.filter(({ name }) => name === 'message.final').map(({ data }) => data as { text: string; interrupted: boolean })
    expect(finals.map(({ interrupted }) => interrupted)).toEqual([true, false])
    expect(answer.join('').startsWith(finals[0]!.text)).toBe(true)
    await expectWhole(daemon, id, record)
    await daemon[Symbol.asyncDispose]()
  })
}
for (const door of ['sse', 'websocket', 'ipc'] as const) {
  test(`nothing of another session comes to a reader of one over ${door}, also when both speak at once`, async () => {
    await using daemon = await withPackage(conversation)
    const client = clientOf(door, daemon)
    const ids = [(await daemon.client.sessions.create({ model })).id, (await daemon.client.sessions.create({ model })).id]
    await Promise.all(
      ids.map(async (id) => {
        const { runId } = await daemon.client.messages.send({ sessionId: id, text: 'go' })
        const record = createRecord(id)
        const approved = approve(daemon, id, runId)
        await readUntil(client.follow({ sessionId: id }), (item) => {
          record.take(item)
          return ends(item, runId)
        })
        await approved
        await expectWhole(daemon, id, record)
      }),
    )
    await client.close()
  })
  test(`a reader that joins in mid-message over ${door} gets all text so far at offset 0, then only what follows`, async () => {
    const [before, after] = [words(50), words(40)]
    await using daemon = await startDaemon({
      turns: [{ text: [...before, ...after], deltaMs: 1, fault: { kind: 'hang', gate: 'go', afterDeltas: 50 } }],
    })
    const { id } = await daemon.client.sessions.create({ model })
    const { runId } = await daemon.client.messages.send({ sessionId: id, text: 'go' })
    await until(async () => (await daemon.client.messages.list({ sessionId: id })).items.at(-1)?.text === before.join(''), {
      what: 'the first half of the answer',
    })
    const client = clientOf(door, daemon)
    const record = createRecord(id)
    await readUntil(client.follow({ sessionId: id }), (item) => {
      record.take(item)
      if (record.tokens.length === 1 && 'flash' in item) daemon.wire.release('go')
      return ends(item, runId)
    })
    await client.close()
    expect(record.tokens[0]).toMatchObject({ offset: 0, text: before.join('') })
    expect(record.tokens.map(({ text }) => text).join('')).toBe([...before, ...after].join(''))
  })
  test(`a cursor of another epoch, of a pruned place or from the future gets an explicit reset over ${door}, then what is new`, async () => {
    let daemon = await startDaemon({ turns: [{ text: 'One.' }, { text: 'Two.' }] })
    const { id } = await daemon.client.sessions.create({ model })
    const cursors: string[] = []
    const first = await daemon.client.messages.send({ sessionId: id, text: 'one' })
    await readUntil(daemon.client.follow({ sessionId: id }), (item) => {
      if ('cursor' in item) cursors.push(item.cursor)
      return ends(item, first.runId)
    })
    daemon = await pruned(daemon, 4)
    const client = clientOf(door, daemon)
    for (const after of [cursors[0]!, cursors.at(-1)!.replace(/^e\d+/, 'e999'), cursors.at(-1)!.replace(/c\d+/, 'c999999')]) {
      const seen: string[] = []
      await readUntil(client.follow({ sessionId: id, after }), async (item) => {
        seen.push('reset' in item ? 'reset' : 'event' in item ? item.event.name : 'other')
        if ('reset' in item) await daemon.client.sessions.rename({ id, title: `After ${after}` })
        return 'event' in item && item.event.name === 'session.renamed'
      })
      expect(seen[0]).toBe('reset')
      expect(seen.filter((name) => name === 'reset')).toHaveLength(1)
      expect(seen).not.toContain('session.created')
    }
    const kept: number[] = []
    await readUntil(client.follow({ sessionId: id, after: cursors.at(-1)! }), (item) => {
      expect('reset' in item).toBe(false)
      if ('event' in item) kept.push(item.event.seq)
      return kept.length === 3
    })
    await client.close()
    await daemon[Symbol.asyncDispose]()
  })
}
/** The daemon after a prune of its chat log. */
async function pruned(daemon: TestDaemon, upTo: number): Promise<TestDaemon> {
  await daemon.served.app.caughtUp()
  await daemon.stop()
  const db = new DatabaseSync(path.join(daemon.home, 'chat_history.db'))
  db.exec(`DELETE FROM events WHERE seq <= ${upTo}; UPDATE log_state SET pruned_to = ${upTo}`)
  db.close()
  return daemon.restart()
}
test('a browser gets resets as an SSE event with its new cursor, and Last-Event-ID goes before ?after=', async () => {
  await using daemon = await startDaemon()
  const { id } = await daemon.client.sessions.create({ model })
  const response = await daemon.fetch(`/v1/sessions/${id}/events?after=e0.c0`, { headers: { 'last-event-id': 'e77.c1' } })
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  let text = ''
  for await (const chunk of response.body!) {
    text += Buffer.from(chunk).toString()
    if (text.includes('event: reset')) break
  }
  expect(text).toMatch(/id: (e\d+\.c\d+)\nevent: reset\ndata: \{"cursor":"\1"\}\n\n/)
  expect((await daemon.ask('GET', `/v1/sessions/${id}/events?after=nonsense`)).status).toBe(400)
  expect((await daemon.ask('GET', '/v1/sessions/ses_none/events')).status).toBe(404)
})
test('emoji that come in halves are shown whole, flashes are 30 ms or more apart, and their concatenation is the message', async () => {
  const smile = '😀👩‍👩‍👧‍👦é한'
  const halves = Array.from({ length: 300 }, (_, at) => smile.charAt(at % smile.length))
  await using daemon = await startDaemon({ turns: [{ text: halves, deltaMs: 2 }] })
  const { id } = await daemon.client.sessions.create({ model })
  const { runId } = await daemon.client.messages.send({ sessionId: id, text: 'go' })
  const record = createRecord(id)
  await readUntil(daemon.client.follow({ sessionId: id }), (item) => {
    record.take(item)
    return ends(item, runId)
  })
  const whole = halves.join('')
  expect(record.events.find(({ name }) => name === 'message.final')?.data).toMatchObject({ text: whole })
  expect(record.tokens.map(({ text }) => text).join('')).toBe(whole)
  const times = record.tokens.map(({ at }) => Date.parse(at))
  expect(times.length).toBeGreaterThan(8)
  // The last piece is shown at once, because its message is whole.
  for (let at = 1; at < times.length - 1; at++) expect(times[at]! - times[at - 1]!).toBeGreaterThanOrEqual(29)
})
for (const door of ['sse', 'websocket', 'ipc'] as const)
  test(`a reader over ${door} that asks for tokens alone gets every word, also of messages that follow one another without a pause on a slow disk`, async () => {
    const turns: Turn[] = [1, 2, 3].map((n) => ({ text: words(30).map((word) => `${n}${word}`), finish: 'length' as const }))
    await using daemon = await startDaemon({
      turns: [...turns, { text: words(20) }],
      sync: () => new Promise((resolve) => setTimeout(resolve, 5)),
    })
    const { id } = await daemon.client.sessions.create({ model })
    const client = clientOf(door, daemon)
    const { runId } = await daemon.client.messages.send({ sessionId: id, text: 'go' })
    const record = createRecord(id)
    await readUntil(client.follow({ sessionId: id, names: ['token', 'status'] }), (item) => {
      record.take(item)
      return ends(item, runId)
    })
    await client.close()
    expect(new Set(record.events.map(({ name }) => name))).toEqual(new Set(['status']))
    const { items } = await daemon.client.messages.list({ sessionId: id })
    const answers = items.filter(({ role }) => role === 'assistant')
    expect(answers).toHaveLength(4)
    for (const answer of answers)
      expect(
        record
          .piecesOf(answer.id)
          .map(({ text }) => text)
          .join(''),
      ).toBe(answer.text)
  })
test('the six events of the first document come from one run, and each has the shape its name promises', async () => {
  await using daemon = await withPackage([conversation[0]!, { fault: { kind: 'status', status: 400, message: 'no more' } }])
  const { id } = await daemon.client.sessions.create({ model })
  const { runId } = await daemon.client.messages.send({ sessionId: id, text: 'go' })
  const names = new Set<string>()
  await readUntil(daemon.client.follow({ sessionId: id }), (item) => {
    if ('event' in item) names.add(item.event.name)
    if ('flash' in item) names.add(item.flash.name)
    return ends(item, runId)
  })
  for (const name of ['token', 'message.final', 'tool.call', 'tool.result', 'status', 'error']) expect(names).toContain(name)
})
