import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { model, startDaemon } from '../kit.ts'

test('without a key and without a network the builtin model reads a file and answers from it', async () => {
  await using daemon = await startDaemon({ env: { ANTHROPIC_API_KEY: '' } })
  writeFileSync(path.join(daemon.workspace, 'package.json'), JSON.stringify({ name: 'zebra-finder', version: '3.1.4' }))
  const { id } = await daemon.client.sessions.create({ model: 'builtin' })
  const run = await daemon.say(id, 'what is the name in package.json?')
  expect(run).toMatchObject({ status: 'completed', stop: 'answered' })
  const { items } = await daemon.client.messages.list({ sessionId: id })
  expect(items.at(-1)?.text).toContain('zebra-finder')
  const names = (await daemon.events(id)).map(({ name }) => name)
  for (const name of ['session.created', 'message.created', 'status', 'tool.call', 'tool.started', 'tool.result', 'message.final', 'usage'])
    expect(names).toContain(name)
  await daemon.served.app.caughtUp()
  const audited = await daemon.client.audit.list({ sessionId: id, name: 'tool.call' })
  expect(audited.items).toMatchObject([{ name: 'tool.call', sessionId: id, runId: run.id, data: { call: { toolId: 'files.read' } } }])
  expect(await daemon.client.audit.verify({})).toMatchObject({ intact: true })
})
test('the same prompt with a provider model goes over its wire format, reads the file and answers', async () => {
  await using daemon = await startDaemon({
    turns: [{ calls: [{ name: 'files_read', input: { path: 'package.json' } }] }, { text: ['The name is ', 'zebra-finder.'] }],
  })
  writeFileSync(path.join(daemon.workspace, 'package.json'), JSON.stringify({ name: 'zebra-finder' }))
  const { id } = await daemon.client.sessions.create({ model })
  const run = await daemon.say(id, 'what is the name in package.json?')
  expect(run).toMatchObject({ status: 'completed', steps: 2, toolCalls: 1, model })
  const { items } = await daemon.client.messages.list({ sessionId: id })
  expect(items.map(({ role, text }) => [role, text])).toEqual([
    ['user', 'what is the name in package.json?'],
    ['assistant', ''],
    ['assistant', 'The name is zebra-finder.'],
  ])
  expect(items[1]?.toolCalls[0]).toMatchObject({ toolId: 'files.read', status: 'completed' })
  expect(daemon.wire.requests).toHaveLength(2)
})
test('a call that needs a decision waits, runs exactly once when approved from another door, and the file is there', async () => {
  await using daemon = await startDaemon({
    turns: [{ calls: [{ name: 'files_write', input: { path: 'hello.txt', content: 'hi\n' } }] }, { text: 'Done.' }],
  })
  const { id } = await daemon.client.sessions.create({ model })
  const { runId } = await daemon.client.messages.send({ sessionId: id, text: 'write it' })
  expect(await daemon.runUntil(runId, 'waiting')).toMatchObject({ status: 'waiting' })
  const other = await daemon.ipc()
  const { items } = await other.approvals.list({ sessionId: id })
  expect(items[0]).toMatchObject({ toolId: 'files.write', status: 'waiting' })
  expect(JSON.stringify(items[0]?.preview)).toContain('+hi')
  expect(await other.approvals.settle({ id: items[0]!.id, decision: 'approve' })).toEqual({ settled: true })
  expect(await daemon.client.approvals.settle({ id: items[0]!.id, decision: 'reject' })).toEqual({ settled: false })
  expect(await daemon.runUntil(runId)).toMatchObject({ status: 'completed' })
})
