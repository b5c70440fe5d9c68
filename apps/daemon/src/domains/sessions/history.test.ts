import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSessionsHarness, type SessionsHarness } from '../../../test/sessions-harness.ts'
import { ownerCaller } from '../../../test/room-harness.ts'
import { newId } from '../../platform/ids.ts'

let app: SessionsHarness
let sessionId = ''
beforeEach(async () => {
  app = await createSessionsHarness()
  sessionId = (await app.ask('sessions.create', { title: 'First', workspace: { path: app.folder } })).id
})
afterEach(async () => {
  await app.close()
})
const textsOf = async (id: string) => (await app.ask('messages.list', { sessionId: id })).items.map(({ text }) => text)
async function* body(text: string) {
  yield new TextEncoder().encode(text)
}
/** An answer with one call that has ended and one that has not. */
const sayWithCalls = (text: string, runId: string) => {
  const [done, open] = [newId('call'), newId('call')]
  const parts = [{ type: 'text', text }, ...[done, open].map((callId) => ({ type: 'tool_call', callId, name: 'files_read', input: { path: 'a' } }))]
  const messageId = app.say(sessionId, 'assistant', text, { runId, parts })
  const at = new Date().toISOString()
  app.stores.chat.log.commit(() => {
    for (const [ordinal, id] of [done, open].entries()) {
      const call = {
        id,
        sessionId,
        runId,
        messageId,
        toolId: 'files.read',
        input: { path: 'a' },
        status: 'asked',
        output: null,
        text: null,
        createdAt: at,
        startedAt: null,
        finishedAt: null,
      } as const
      app.calls.insert(call, ordinal)
      app.calls.start(id, call.input, at)
    }
    app.calls.finish(done, 'completed', { content: 'x' }, 'content x', at)
  })
  return { messageId, done, open }
}
const lastAnswer = async (id: string) => (await app.ask('messages.list', { sessionId: id })).items.findLast(({ role }) => role === 'assistant')

const checkpoint = async (messageId: string) => {
  const { position } = app.messages.store.find(messageId)!
  const commit = await app.sessions.checkpoints.record(app.folder, new AbortController().signal)
  app.stores.chat.log.commit(() =>
    app.checkpoints.insert({
      sessionId,
      runId: 'run_a',
      messageId,
      position,
      workspace: app.folder,
      commit: commit ?? '',
      createdAt: new Date().toISOString(),
    }),
  )
  return commit ?? ''
}
const workFile = () => path.join(app.folder, 'file.txt')
const download = async (format: 'json' | 'markdown', id = sessionId) => {
  const { value, open } = await app.call(ownerCaller, 'sessions.export', { id, format })
  const chunks: string[] = []
  for await (const chunk of open!()) chunks.push(new TextDecoder().decode(chunk))
  return { about: value, text: chunks.join(''), chunks }
}

test('a page of messages can begin at one of them, towards either end', async () => {
  const ids = ['a', 'b', 'c', 'd', 'e'].map((text) => app.say(sessionId, 'user', text))
  const [, , third = ''] = ids
  const back = await app.ask('messages.list', { sessionId, from: third, limit: 2 })
  expect(back.items.map(({ text }) => text)).toEqual(['b', 'c'])
  const further = await app.ask('messages.list', { sessionId, from: third, limit: 2, cursor: back.nextCursor ?? '' })
  expect(further.items.map(({ text }) => text)).toEqual(['a'])
  const on = await app.ask('messages.list', { sessionId, from: third, order: 'oldest' })
  expect(on.items.map(({ text }) => text)).toEqual(['c', 'd', 'e'])
  await expect(app.ask('messages.list', { sessionId, from: 'msg_elsewhere' })).rejects.toMatchObject({ code: 'not_found' })
})
describe('forking', () => {
  test('a fork has the conversation up to a message, with files and calls of its own, and the source stays as it was', async () => {
    const file = await app.askBase('files.upload', { name: 'a.txt', mediaType: 'text/plain', sessionId }, { body: body('bytes of a') })
    const runId = app.addRun(sessionId, 'running')
    app.say(sessionId, 'user', 'one', { runId, fileIds: [file.id] })
    const { messageId } = sayWithCalls('two', runId)
    app.say(sessionId, 'user', 'three')
    app.say(sessionId, 'user', 'waits', { status: 'queued' })
    app.stores.chat.log.commit(() => app.sessions.store.update(sessionId, { todos: [{ id: '1', content: 'do it', status: 'pending' }] }))
    const before = {
      items: await app.ask('messages.list', { sessionId }),
      calls: app.calls.ofRun(runId).length,
      trigger: app.messages.store.trigger(runId)?.id,
    }
    const fork = await app.ask('sessions.fork', { id: sessionId, messageId })
    expect(fork).toMatchObject({ title: 'First (fork)', parentId: sessionId, status: 'idle', usage: { costUsd: 0 } })
    const { items } = await app.ask('messages.list', { sessionId: fork.id })
    expect(items.map(({ text, runId: run }) => [text, run])).toEqual([
      ['one', null],
      ['two', null],
    ])
    const [attachment] = items[0]!.attachments
    expect(attachment).toMatchObject({ name: 'a.txt', size: 10 })
    expect(attachment!.fileId).not.toBe(file.id)
    const calls = items[1]!.toolCalls
    expect(calls.map(({ status, text, output }) => [status, text, output])).toEqual([
      ['completed', 'content x', { content: 'x' }],
      ['cancelled', 'The session was forked before this call ended.', null],
    ])
    const parts = app.messages.store.find(items[1]!.id)?.parts as { callId?: string }[]
    expect(parts.flatMap(({ callId }) => callId ?? [])).toEqual(calls.map(({ id }) => id))
    expect(app.sessions.store.find(fork.id)?.todos).toHaveLength(1)
    expect({
      items: await app.ask('messages.list', { sessionId }),
      calls: app.calls.ofRun(runId).length,
      trigger: app.messages.store.trigger(runId)?.id,
    }).toEqual(before)
    await app.runs.finish(runId, { status: 'completed', stop: null, error: null, output: null }, new Date().toISOString())
    await app.ask('sessions.delete', { id: sessionId })
    const bytes = await app.files.open(app.files.find(attachment!.fileId)!)
    let text = ''
    for await (const chunk of bytes) text += new TextDecoder().decode(chunk)
    expect(text).toBe('bytes of a')
    app.say(fork.id, 'user', 'goes on')
    expect(await textsOf(fork.id)).toEqual(['one', 'two', 'goes on'])
  })
  test('a whole fork leaves out what is not finished; a summary is kept only where it tells nothing that came later', async () => {
    const first = app.say(sessionId, 'user', 'one')
    app.say(sessionId, 'assistant', 'two')
    app.say(sessionId, 'user', 'three')
    const open = app.say(sessionId, 'assistant', '', { status: 'streaming' })
    app.stores.chat.log.commit(() => app.sessions.store.update(sessionId, { compaction: { summary: 'one and two', position: 3 } }))
    const whole = await app.ask('sessions.fork', { id: sessionId, title: 'Mine' })
    expect([whole.title, await textsOf(whole.id), app.sessions.store.find(whole.id)?.compaction]).toEqual([
      'Mine',
      ['one', 'two', 'three'],
      { summary: 'one and two', position: 3 },
    ])
    const early = await app.ask('sessions.fork', { id: sessionId, messageId: first })
    expect([await textsOf(early.id), app.sessions.store.find(early.id)?.compaction]).toEqual([['one'], null])
    expect((await app.refusal('sessions.fork', { id: sessionId, messageId: open })).code).toBe('conflict')
    expect((await app.refusal('sessions.fork', { id: early.id, messageId: first })).code).toBe('not_found')
  })
})
describe('rewinding', () => {
  test('the conversation and the files are as they were before the message', async () => {
    execFileSync('git', ['init', '-q'], { cwd: app.folder })
    writeFileSync(workFile(), 'at first')
    const one = app.say(sessionId, 'user', 'one')
    await checkpoint(one)
    writeFileSync(workFile(), 'after one')
    const { messageId: answer } = sayWithCalls('done one', newId('run'))
    const two = app.say(sessionId, 'user', 'two')
    const second = await checkpoint(two)
    writeFileSync(workFile(), 'after two')
    writeFileSync(path.join(app.folder, 'made.txt'), 'x')
    app.say(sessionId, 'assistant', 'done two')
    app.stores.chat.log.commit(() => app.sessions.store.update(sessionId, { compaction: { summary: 's', position: 2 } }))
    const preview = await app.ask('sessions.rewindPreview', { id: sessionId, messageId: two })
    expect({ ...preview, files: preview.files.toSorted() }).toEqual({ messages: 2, files: ['file.txt', 'made.txt'], unreadable: null })
    expect(readFileSync(workFile(), 'utf8')).toBe('after two')
    const rewound = await app.ask('sessions.rewind', { id: sessionId, messageId: two })
    expect([rewound.removedMessages, rewound.restoredFiles.toSorted()]).toEqual([2, ['file.txt', 'made.txt']])
    expect([readFileSync(workFile(), 'utf8'), existsSync(path.join(app.folder, 'made.txt')), await textsOf(sessionId)]).toEqual([
      'after one',
      false,
      ['one', 'done one'],
    ])
    expect(app.sessions.store.find(sessionId)?.compaction).toEqual({ summary: 's', position: 2 })
    expect(app.calls.ofMessage(answer)).toHaveLength(2)
    expect(app.events(sessionId).at(-1)).toEqual({
      name: 'session.rewound',
      data: { messageId: two, removedMessages: 2, restoredFiles: rewound.restoredFiles },
    })
    await app.sessions.checkpoints.forget(app.folder, [second], new AbortController().signal)
    await app.ask('sessions.rewind', { id: sessionId, messageId: one })
    expect([
      readFileSync(workFile(), 'utf8'),
      await textsOf(sessionId),
      app.sessions.store.find(sessionId)?.compaction,
      app.calls.ofMessage(answer),
    ]).toEqual(['at first', [], null, []])
  })
  test('a rewind over several runs takes the files to before the first of them', async () => {
    const ids: string[] = []
    for (const text of ['one', 'two', 'three']) {
      writeFileSync(workFile(), `before ${text}`)
      ids.push(app.say(sessionId, 'user', text))
      await checkpoint(ids.at(-1)!)
    }
    writeFileSync(workFile(), 'after three')
    await app.ask('sessions.rewind', { id: sessionId, messageId: ids[1]! })
    expect([readFileSync(workFile(), 'utf8'), await textsOf(sessionId)]).toEqual(['before two', ['one']])
  })
  test('with files=false the workspace is left alone, and a later rewind can still take it back', async () => {
    writeFileSync(workFile(), 'at first')
    const one = app.say(sessionId, 'user', 'one')
    const two = app.say(sessionId, 'user', 'two')
    await checkpoint(two)
    writeFileSync(workFile(), 'changed')
    expect((await app.ask('sessions.rewind', { id: sessionId, messageId: two, files: false })).restoredFiles).toEqual([])
    expect(readFileSync(workFile(), 'utf8')).toBe('changed')
    expect((await app.ask('sessions.rewind', { id: sessionId, messageId: one })).restoredFiles).toEqual(['file.txt'])
    expect(readFileSync(workFile(), 'utf8')).toBe('at first')
  })
  test('a run under way, an answer or a stranger to the session is refused and nothing changes', async () => {
    const one = app.say(sessionId, 'user', 'one')
    const answer = app.say(sessionId, 'assistant', 'two')
    const other = (await app.ask('sessions.create', { workspace: { path: app.folder } })).id
    expect((await app.refusal('sessions.rewind', { id: sessionId, messageId: answer })).code).toBe('unprocessable')
    expect((await app.refusal('sessions.rewind', { id: other, messageId: one })).code).toBe('not_found')
    app.addRun(sessionId, 'running')
    expect((await app.refusal('sessions.rewind', { id: sessionId, messageId: one })).code).toBe('conflict')
    expect(await textsOf(sessionId)).toEqual(['one', 'two'])
  })
  test('a checkpoint that is gone is said, and the conversation is kept', async () => {
    const one = app.say(sessionId, 'user', 'one')
    app.stores.chat.log.commit(() =>
      app.checkpoints.insert({
        sessionId,
        runId: 'run_a',
        messageId: one,
        position: 1,
        workspace: app.folder,
        commit: 'b'.repeat(40),
        createdAt: new Date().toISOString(),
      }),
    )
    const fault = await app.refusal('sessions.rewind', { id: sessionId, messageId: one })
    expect([fault.code, fault.message]).toEqual(['unprocessable', expect.stringContaining('files=false')])
    expect(await textsOf(sessionId)).toEqual(['one'])
  })
})
describe('exporting', () => {
  test('the JSON export holds every message and call, piece by piece', async () => {
    for (let n = 0; n < 60; n++) app.say(sessionId, 'user', `message ${n}`)
    sayWithCalls('answer', newId('run'))
    const { about, text, chunks } = await download('json')
    expect(about).toEqual({ name: 'first.json', mediaType: 'application/json', size: null })
    const exported = JSON.parse(text) as { session: object; messages: { text: string; toolCalls: unknown[] }[] }
    expect(exported.session).toEqual(await app.ask('sessions.get', { id: sessionId }))
    expect(exported.messages.map((message) => message.text)).toEqual([...Array.from({ length: 60 }, (_, n) => `message ${n}`), 'answer'])
    expect(exported.messages.at(-1)).toEqual(JSON.parse(JSON.stringify(await lastAnswer(sessionId))))
    expect(chunks.length).toBeGreaterThan(3)
    const empty = (await app.ask('sessions.create', { title: '日本', workspace: { path: app.folder } })).id
    expect((JSON.parse((await download('json', empty)).text) as { messages: unknown[] }).messages).toEqual([])
    expect((await download('json', empty)).about).toMatchObject({ name: 'session.json' })
  })
  test('the Markdown export reads well and code in it cannot break its blocks', async () => {
    app.say(sessionId, 'user', 'Please look.')
    const { done } = sayWithCalls('Looked.', newId('run'))
    app.stores.chat.log.commit(() => app.calls.finish(done, 'completed', {}, 'has ``` in it', new Date().toISOString()))
    const { about, text } = await download('markdown')
    expect(about).toMatchObject({ name: 'first.md' })
    expect(text).toMatch(/^# First\n/)
    expect(text).toContain('## User, ')
    expect(text).toContain('**files.read** (completed)')
    expect(text).toContain('````\nhas ``` in it\n````\n')
  })
  test('a session deleted while it is exported breaks the download off', async () => {
    for (let n = 0; n < 60; n++) app.say(sessionId, 'user', `message ${n}`)
    const { open } = await app.call(ownerCaller, 'sessions.export', { id: sessionId })
    const read = async () => {
      let pieces = 0
      for await (const chunk of open!()) if (chunk.length > 0 && ++pieces === 2) await app.ask('sessions.delete', { id: sessionId })
    }
    await expect(read()).rejects.toThrow('There is no session')
  })
})
test('a folder where nothing was recorded is rewound in conversation only', async () => {
  mkdirSync(path.join(app.folder, 'x'))
  const one = app.say(sessionId, 'user', 'one')
  expect(await app.ask('sessions.rewind', { id: sessionId, messageId: one })).toMatchObject({ removedMessages: 1, restoredFiles: [] })
})
