import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { toolResults, turnIndex, type Script, type Turn } from '@steward/testkit'
import { expect, test } from 'vitest'
import { model, startDaemon, type TestDaemon } from '../kit.ts'

const open = async (daemon: TestDaemon) => (await daemon.client.sessions.create({ model })).id
const errors = async (daemon: TestDaemon, id: string) =>
  (await daemon.events(id)).filter(({ name }) => name === 'error').map(({ data }) => data as { kind: string; retryInMs: number | null })
const answers = async (daemon: TestDaemon, id: string) =>
  (await daemon.client.messages.list({ sessionId: id })).items.filter(({ role }) => role === 'assistant').map(({ text }) => text)

test('a refusal with Retry-After is tried again after just that time, and the person is told', async () => {
  await using daemon = await startDaemon({ turns: [{ text: 'Here.', fault: { kind: 'status', status: 429, retryAfter: 1, times: 1 } }] })
  const id = await open(daemon)
  expect(await daemon.say(id, 'go')).toMatchObject({ status: 'completed' })
  expect(await errors(daemon, id)).toMatchObject([{ kind: 'rate_limited', retryInMs: 1_000 }])
  const [first, second] = daemon.wire.requests
  expect(second!.at - first!.at).toBeGreaterThanOrEqual(995)
  expect(second!.at - first!.at).toBeLessThan(2_500)
  expect(await answers(daemon, id)).toEqual(['Here.'])
})
test('an overloaded provider is tried again with back-off', async () => {
  await using daemon = await startDaemon({ turns: [{ text: 'Here.', fault: { kind: 'status', status: 529, times: 1 } }] })
  const id = await open(daemon)
  expect(await daemon.say(id, 'go')).toMatchObject({ status: 'completed' })
  expect(await errors(daemon, id)).toMatchObject([{ kind: 'overloaded', retryInMs: expect.any(Number) }])
  expect(daemon.wire.requests).toHaveLength(2)
})
for (const kind of ['cut', 'unfinished', 'error-event', 'malformed'] as const)
  test(`a stream that ends with ${kind} keeps the words that were shown, shows none of them twice and goes on`, async () => {
    const broken: Turn = { text: ['Once ', 'upon ', 'a time'], deltaMs: 35, fault: { kind, afterDeltas: 2 } as Turn['fault'] & object }
    await using daemon = await startDaemon({ turns: (request) => (turnIndex(request) === 0 ? broken : { text: 'a time.' }) })
    const id = await open(daemon)
    expect(await daemon.say(id, 'go')).toMatchObject({ status: 'completed' })
    expect(await answers(daemon, id)).toEqual(['Once upon ', 'a time.'])
    expect(await errors(daemon, id)).toHaveLength(1)
    const { items } = await daemon.client.messages.list({ sessionId: id })
    expect(items.filter(({ role }) => role === 'assistant').map(({ status }) => status)).toEqual(['interrupted', 'final'])
  })
test('after the tries the fallback model answers, and without one the run fails with the provider’s words', async () => {
  const turns: Script = (request) =>
    request.body['model'] === 'wire-1' ? { fault: { kind: 'status', status: 403, message: 'wire-1 is not for you' } } : { text: 'I stand in.' }
  await using daemon = await startDaemon({ turns })
  const id = await open(daemon)
  const { runId } = await daemon.client.runs.start({ subject: { sessionId: id }, input: 'go', fallbackModel: 'anthropic/wire-2' })
  expect(await daemon.runUntil(runId)).toMatchObject({ status: 'completed', model: 'anthropic/wire-2' })
  expect(await answers(daemon, id)).toEqual(['I stand in.'])
  const run = await daemon.say(id, 'again')
  expect(run).toMatchObject({ status: 'failed', stop: 'model_error' })
  expect(run.error).toContain('wire-1 is not for you')
})
test('a conversation that is too long for the provider is compacted once by force and goes on', async () => {
  const turns: Script = (request) => {
    const text = JSON.stringify(request.body)
    if (text.includes('Summarise this transcript')) return { text: 'The person counts files; three are known.' }
    if (text.includes('three are known')) return { text: 'I go on.' }
    if (text.includes('the last straw')) return { fault: { kind: 'overflow' } }
    return { text: 'ok '.repeat(50) }
  }
  await using daemon = await startDaemon({ turns })
  const id = await open(daemon)
  for (let n = 0; n < 6; n++) expect(await daemon.say(id, `message ${n} `.repeat(50))).toMatchObject({ status: 'completed' })
  expect(await daemon.say(id, 'the last straw')).toMatchObject({ status: 'completed' })
  expect((await answers(daemon, id)).at(-1)).toBe('I go on.')
  const compacted = (await daemon.events(id)).filter(({ name }) => name === 'conversation.compacted')
  expect(compacted).toHaveLength(1)
  expect(compacted[0]!.data).toMatchObject({ forced: true, summary: expect.stringContaining('three are known') })
  const { items } = await daemon.client.messages.list({ sessionId: id, limit: 200 })
  expect(items).toHaveLength(14)
  // The conversation says so for good: in a fork that reaches so far too, and no more where what was told anew is taken back.
  const marks = async (of: string) => (await daemon.client.sessions.marks({ id: of })).items
  const mark = { kind: 'compacted', forced: true, summary: expect.stringContaining('three are known') }
  expect(await marks(id)).toMatchObject([mark])
  expect(await marks((await daemon.client.sessions.fork({ id })).id)).toMatchObject([mark])
  expect(await marks((await daemon.client.sessions.fork({ id, messageId: items[1]!.id })).id)).toEqual([])
  const last = items.findLast(({ role }) => role === 'user')!
  await daemon.client.sessions.rewind({ id, messageId: last.id })
  expect(await marks(id)).toMatchObject([{ kind: 'rewound', messageId: last.id, removedMessages: 2 }])
})
test('at 0.8 of the context the older part is summarised with whole pairs of calls and results, and the original stays readable', async () => {
  const turns: Script = (request) => {
    const body = JSON.stringify(request.body)
    if (body.includes('Summarise this transcript')) return { text: 'SUMMARY: read some parts.' }
    const { messages } = request.body as { messages: { role: string; content: { type: string; id?: string; tool_use_id?: string }[] | string }[] }
    const parts = messages.flatMap(({ content }) => (Array.isArray(content) ? content : []))
    const called = parts.filter(({ type }) => type === 'tool_use').map(({ id }) => id)
    const given = parts.filter(({ type }) => type === 'tool_result').map(({ tool_use_id }) => tool_use_id)
    if (called.join() !== given.join())
      return { fault: { kind: 'status', status: 400, message: `calls ${called} and results ${given} are no pairs` } }
    const done = body.includes('SUMMARY') ? 99 : toolResults(request).length
    const usage = { inputTokens: Math.ceil(body.length / 4), outputTokens: 20 }
    return done < 12
      ? { usage, calls: [{ name: 'files_read', input: { path: 'big.txt', offset: done * 100 + 1, limit: 100 } }] }
      : { text: 'Read enough.' }
  }
  await using daemon = await startDaemon({ turns })
  writeFileSync(
    path.join(daemon.workspace, 'big.txt'),
    Array.from({ length: 2_000 }, (_, at) => `line ${at} of a large file with some words in it\n`).join(''),
  )
  await daemon.client.models.price({
    model,
    price: { input: 1, output: 1, cacheRead: 1, cacheWrite: 1 },
    contextTokens: 20_000,
    maxOutputTokens: 1_000,
  })
  const id = await open(daemon)
  const run = await daemon.say(id, 'read it all')
  expect(run.error).toBeNull()
  expect(run).toMatchObject({ status: 'completed' })
  const compacted = (await daemon.events(id))
    .filter(({ name }) => name === 'conversation.compacted')
    .map(({ data }) => data as { forced: boolean; beforeTokens: number; afterTokens: number })
  expect(compacted.length).toBeGreaterThan(0)
  expect(compacted[0]).toMatchObject({ forced: false })
  expect(compacted[0]!.beforeTokens).toBeGreaterThan(16_000)
  expect(compacted[0]!.afterTokens).toBeLessThan(compacted[0]!.beforeTokens)
  const kept = (await daemon.client.messages.list({ sessionId: id, limit: 200 })).items
  expect(kept.filter(({ toolCalls }) => toolCalls.length > 0).every(({ toolCalls }) => toolCalls[0]!.status === 'completed')).toBe(true)
})
test('reads of one step run beside one another; a read after a write in one step sees the write', async () => {
  const turns: Script = (request) => {
    if (toolResults(request).length === 0)
      return {
        calls: [
          { name: 'files_write', input: { path: 'a.txt', content: 'fresh words\n' } },
          { name: 'files_read', input: { path: 'a.txt' } },
          { name: 'files_write', input: { path: 'a.txt', content: 'later words\n' } },
        ],
      }
    return { text: `Read: ${toolResults(request)[1]!.text}` }
  }
  await using daemon = await startDaemon({ turns })
  const { id } = await daemon.client.sessions.create({ model, permissionMode: 'accept-edits' })
  expect(await daemon.say(id, 'go')).toMatchObject({ status: 'completed', toolCalls: 3 })
  expect((await answers(daemon, id)).at(-1)).toContain('fresh words')
  const parallel: Script = (request) =>
    toolResults(request).length > 0
      ? { text: 'Done.' }
      : { calls: ['a', 'b', 'c', 'd'].map((name) => ({ name: 'files_read', input: { path: `${name}.txt` } })) }
  await using reader = await startDaemon({ turns: parallel })
  for (const name of ['a', 'b', 'c', 'd']) writeFileSync(path.join(reader.workspace, `${name}.txt`), name)
  const { id: reading } = await reader.client.sessions.create({ model })
  await reader.say(reading, 'go')
  const order = (await reader.events(reading)).map(({ name }) => name).filter((name) => name === 'tool.started' || name === 'tool.result')
  expect(order.slice(0, 4)).toEqual(['tool.started', 'tool.started', 'tool.started', 'tool.started'])
})
