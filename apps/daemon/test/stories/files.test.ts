import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { until } from '@steward/testkit'
import { expect, test } from 'vitest'
import { model, startDaemon } from '../kit.ts'

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
const filesOn = (home: string) =>
  existsSync(path.join(home, 'files'))
    ? readdirSync(path.join(home, 'files'), { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
    : []

test('a file keeps its name, type and bytes, as a form and as a raw body, and comes back whole and in ranges', async () => {
  await using daemon = await startDaemon()
  const { id: sessionId } = await daemon.client.sessions.create({ model })
  const form = new FormData()
  form.set('sessionId', sessionId)
  form.set('file', new Blob([png], { type: 'image/png' }), '../größe "a".png')
  const sent = await daemon.fetch('/v1/files', { method: 'POST', body: form })
  expect(sent.status).toBe(201)
  const file = (await sent.json()) as { id: string; name: string }
  expect(file).toMatchObject({ sessionId, mediaType: 'image/png', size: png.length, sha256: createHash('sha256').update(png).digest('hex') })
  expect(file.name).not.toContain('/')
  expect(file.name).toContain('größe')
  const raw = await daemon.fetch(`/v1/files?name=notes.txt&sessionId=${sessionId}`, {
    method: 'POST',
    body: 'one two three',
    headers: { 'content-type': 'text/plain' },
  })
  const text = (await raw.json()) as { id: string }
  expect(text).toMatchObject({ name: 'notes.txt', mediaType: 'text/plain', size: 13, sessionId })
  const whole = await daemon.fetch(`/v1/files/${file.id}`)
  expect(whole.headers.get('content-type')).toBe('image/png')
  expect(whole.headers.get('x-content-type-options')).toBe('nosniff')
  expect(Buffer.from(await whole.arrayBuffer()).equals(png)).toBe(true)
  for (const [range, status, body] of [
    ['bytes=4-6', 206, 'two'],
    ['bytes=-5', 206, 'three'],
    ['bytes=8-', 206, 'three'],
    ['bytes=0-999', 206, 'one two three'],
    ['bytes=99-', 416, undefined],
  ] as const) {
    const part = await daemon.fetch(`/v1/files/${text.id}`, { headers: { range } })
    expect([range, part.status]).toEqual([range, status])
    if (body !== undefined) expect(await part.text()).toBe(body)
  }
})
test('a file of another session, an unknown one and one that is too large are refused, and nothing of it stays', async () => {
  await using daemon = await startDaemon()
  const [mine, other] = [await daemon.client.sessions.create({ model }), await daemon.client.sessions.create({ model })]
  const file = await daemon.client.upload('files.upload', { name: 'a', sessionId: mine.id }, Buffer.from('a'))
  expect((await daemon.fetch(`/v1/files/${file.id}?sessionId=${mine.id}`)).status).toBe(200)
  expect((await daemon.fetch(`/v1/files/${file.id}?sessionId=${other.id}`)).status).toBe(404)
  expect((await daemon.fetch('/v1/files/file_none')).status).toBe(404)
  expect(
    (await daemon.fetch('/v1/files?name=a&sessionId=ses_none', { method: 'POST', body: 'x', headers: { 'content-type': 'text/plain' } })).status,
  ).toBe(404)
  const attached = await daemon.ask('POST', `/v1/sessions/${other.id}/messages`, { text: 'look', attachments: [file.id] })
  expect(attached).toMatchObject({ status: 422, body: { error: { code: 'unprocessable' } } })
  await daemon.client.settings.set({ key: 'files.maxBytes', value: 1_000 })
  const kept = filesOn(daemon.home).length
  const large = await daemon.fetch('/v1/files?name=big', { method: 'POST', body: Buffer.alloc(200_000), headers: { 'content-type': 'text/plain' } })
  expect(large.status).toBe(413)
  const form = new FormData()
  form.set('file', new Blob([Buffer.alloc(200_000)]), 'big')
  expect((await daemon.fetch('/v1/files', { method: 'POST', body: form })).status).toBe(413)
  expect((await daemon.client.files.list({})).items).toHaveLength(1)
  expect(filesOn(daemon.home)).toHaveLength(kept)
})
test('an attached picture and text reach the model, and a file goes with its session, its bytes with their last file', async () => {
  await using daemon = await startDaemon({ turns: [{ text: 'A pixel.' }] })
  const { id } = await daemon.client.sessions.create({ model })
  const { id: keeper } = await daemon.client.sessions.create({ model })
  const picture = await daemon.client.upload('files.upload', { name: 'p.png', mediaType: 'image/png', sessionId: id }, png)
  const notes = await daemon.client.upload(
    'files.upload',
    { name: 'n.txt', mediaType: 'text/plain', sessionId: id },
    Buffer.from('remember the zebra'),
  )
  await daemon.client.upload('files.upload', { name: 'same.png', mediaType: 'image/png', sessionId: keeper }, png)
  const { runId } = await daemon.client.messages.send({ sessionId: id, text: 'what is this?', attachments: [picture.id, notes.id] })
  expect(await daemon.runUntil(runId)).toMatchObject({ status: 'completed' })
  const { messages } = daemon.wire.requests[0]!.body as { messages: { content: { type: string; source?: { media_type: string; data: string } }[] }[] }
  const image = messages.flatMap(({ content }) => content).find(({ type }) => type === 'image')
  expect(image?.source).toMatchObject({ media_type: 'image/png', data: png.toString('base64') })
  const said = JSON.stringify(messages)
  expect(said.includes('remember the zebra') || said.includes(Buffer.from('remember the zebra').toString('base64'))).toBe(true)
  expect((await daemon.client.messages.list({ sessionId: id })).items[0]?.attachments).toHaveLength(2)
  expect(filesOn(daemon.home)).toHaveLength(2)
  await daemon.client.sessions.delete({ id })
  expect((await daemon.fetch(`/v1/files/${picture.id}`)).status).toBe(404)
  await until(() => filesOn(daemon.home).length === 1, { what: 'the removal of bytes nobody has' })
  expect((await daemon.client.files.list({})).items).toMatchObject([{ name: 'same.png' }])
})
