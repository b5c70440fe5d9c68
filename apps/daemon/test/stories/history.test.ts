import { readFileSync } from 'node:fs'
import path from 'node:path'
import { lastUserText, toolResults, type Script } from '@steward/testkit'
import { expect, test } from 'vitest'
import { model, startDaemon, type TestDaemon } from '../kit.ts'

/** `write X` writes X into a file and says so; anything else is echoed. */
const turns: Script = (request) => {
  const words = lastUserText(request)
  const { messages } = request.body as { messages: { content: unknown }[] }
  const mine = JSON.stringify(messages.at(-1)).includes('tool_result')
  if (words.startsWith('write ') && !mine) return { calls: [{ name: 'files_write', input: { path: 'note.txt', content: words.slice(6) } }] }
  return { text: mine ? `Wrote ${toolResults(request).length}.` : `You said ${words}; I know ${messages.length} messages.` }
}
async function talked(daemon: TestDaemon) {
  const { id } = await daemon.client.sessions.create({ model, title: 'About zebras', permissionMode: 'accept-edits' })
  for (const text of ['hello there', 'write first', 'write second', 'a quagga is extinct'])
    expect(await daemon.say(id, text)).toMatchObject({ status: 'completed' })
  return id
}
const all = async (daemon: TestDaemon, sessionId: string) => (await daemon.client.messages.list({ sessionId, limit: 200 })).items
const download = async (daemon: TestDaemon, id: string, format: string) => (await daemon.fetch(`/v1/sessions/${id}/export?format=${format}`)).text()

test('a fork takes the conversation up to a message with it and goes on by itself; the original stays as it was', async () => {
  await using daemon = await startDaemon({ turns })
  const id = await talked(daemon)
  const before = await all(daemon, id)
  const at = before.find(({ text }) => text === 'Wrote 1.')!
  const fork = await daemon.client.sessions.fork({ id, messageId: at.id, title: 'Another way' })
  expect(fork).toMatchObject({ parentId: id, title: 'Another way', model, status: 'idle' })
  const copied = await all(daemon, fork.id)
  expect(copied.map(({ role, text }) => [role, text])).toEqual(before.slice(0, before.indexOf(at) + 1).map(({ role, text }) => [role, text]))
  expect(copied.every((message) => !before.some(({ id: other }) => other === message.id))).toBe(true)
  expect(await daemon.say(fork.id, 'and now')).toMatchObject({ status: 'completed' })
  // hello, answer, write, call, result, wrote, and now: what the model was told is the fork's own past.
  expect((await all(daemon, fork.id)).at(-1)?.text).toContain('I know 7 messages')
  expect(await all(daemon, id)).toEqual(before)
})
test('a rewind takes messages and files back to before a message of the person, and the model never hears of them again', async () => {
  await using daemon = await startDaemon({ turns })
  const id = await talked(daemon)
  const note = path.join(daemon.workspace, 'note.txt')
  expect(readFileSync(note, 'utf8')).toBe('second')
  const second = (await all(daemon, id)).find(({ text }) => text === 'write second')!
  const rewound = await daemon.client.sessions.rewind({ id, messageId: second.id })
  expect(rewound.removedMessages).toBe(5)
  expect(rewound.restoredFiles).toEqual(['note.txt'])
  expect(readFileSync(note, 'utf8')).toBe('first')
  expect((await all(daemon, id)).at(-1)?.text).toBe('Wrote 1.')
  expect(await daemon.say(id, 'what now')).toMatchObject({ status: 'completed' })
  const sent = JSON.stringify(daemon.wire.requests.at(-1)!.body)
  expect(sent).toContain('write first')
  expect(sent).not.toContain('quagga')
  expect(sent).not.toContain('write second')
})
test('an export holds the whole conversation as JSON and as Markdown, alike through each door', async () => {
  await using daemon = await startDaemon({ turns })
  const id = await talked(daemon)
  const json = JSON.parse(await download(daemon, id, 'json')) as { messages: { id: string; text: string }[]; session: { id: string } }
  expect(json.session.id).toBe(id)
  expect(json.messages.map(({ text }) => text)).toEqual((await all(daemon, id)).map(({ text }) => text))
  const markdown = await download(daemon, id, 'markdown')
  for (const words of ['About zebras', 'a quagga is extinct', 'Wrote 2.']) expect(markdown).toContain(words)
  const ipc = await daemon.ipc()
  const { bytes } = await ipc.download('sessions.export', { id, format: 'markdown' })
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  expect(Buffer.concat(chunks).toString('utf8')).toBe(markdown)
})
test('search finds words of messages and titles, and what was rewound or deleted is found no more', async () => {
  await using daemon = await startDaemon({ turns })
  const id = await talked(daemon)
  const search = async (query: string) => {
    await daemon.served.app.caughtUp()
    return (await daemon.client.sessions.search({ query })).items
  }
  expect((await search('quagga')).map(({ sessionId }) => sessionId)).toContain(id)
  expect((await search('zebras')).map(({ sessionId, title }) => [sessionId, title])).toEqual([[id, 'About zebras']])
  const message = (await all(daemon, id)).find(({ text }) => text === 'a quagga is extinct')!
  await daemon.client.sessions.rewind({ id, messageId: message.id })
  expect(await search('quagga')).toEqual([])
  await daemon.client.sessions.delete({ id })
  expect(await search('zebras')).toEqual([])
  expect((await daemon.ask('GET', `/v1/sessions/${id}`)).status).toBe(404)
})
test('an overview tells the checkpoints, the model calls with their cost, and the files that tools have changed', async () => {
  await using daemon = await startDaemon({ turns })
  const id = await talked(daemon)
  const { checkpoints, steps, changes, todos } = await daemon.client.sessions.overview({ id })
  expect(checkpoints.map(({ text }) => text)).toEqual(['write second', 'write first'])
  expect(changes.map(({ path: file, action, added, removed }) => [file, action, added, removed])).toEqual([
    ['note.txt', 'update', null, null],
    ['note.txt', 'add', 1, 0],
  ])
  const { usage } = await daemon.client.sessions.get({ id })
  expect(steps).toHaveLength(6)
  expect(steps.reduce((sum, { costUsd }) => sum + costUsd, 0)).toBeCloseTo(usage.costUsd, 10)
  expect(steps.reduce((sum, { inputTokens }) => sum + inputTokens, 0)).toBe(usage.inputTokens)
  expect(todos).toEqual([])
  await daemon.client.sessions.rewind({ id, messageId: checkpoints[0]?.messageId ?? '' })
  expect((await daemon.client.sessions.overview({ id })).checkpoints.map(({ text }) => text)).toEqual(['write first'])
})
