import { fstatSync, mkdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { tempDir, until } from '@steward/testkit'
import { expect, test } from 'vitest'
import { baseSchema } from '../../src/platform/storage/base-schema.ts'
import { openStore } from '../../src/platform/storage/store.ts'
import { syncToDisk } from '@steward/kernel/barrier'
import { model, startDaemon } from '../kit.ts'

const place = { sessionId: 'ses_0000000000000000000000' }
const migrations = [{ version: 1, up: baseSchema }]

test('an event is shown only when a sync that began after its commit is over', async () => {
  await using root = await tempDir()
  mkdirSync(path.join(root.path, 'home'))
  const syncs: PromiseWithResolvers<void>[] = []
  let byHand = false
  const store = await openStore(path.join(root.path, 'home'), 'chat', migrations, async () => {
    if (!byHand) return
    const sync = Promise.withResolvers<void>()
    syncs.push(sync)
    await sync.promise
  })
  byHand = true
  const heard: number[] = []
  store.log.listen((fresh) => heard.push(...fresh.map(({ seq }) => seq)))
  const commit = (title: string) => store.log.commit((emit) => emit('session.renamed', { title }, place))
  const answered: string[] = []
  const durable = (name: string) => store.log.durable().then(() => void answered.push(name))

  commit('first')
  const first = durable('first')
  expect(syncs).toHaveLength(1)
  commit('second')
  const second = durable('second')
  expect({ syncs: syncs.length, heard, answered, head: store.log.head(), read: store.log.read(0, 10).length }).toEqual({
    syncs: 1,
    heard: [],
    answered: [],
    head: 0,
    read: 0,
  })

  syncs[0]!.resolve()
  await first
  expect({ heard, answered, head: store.log.head() }).toEqual({ heard: [1], answered: ['first'], head: 1 })
  expect(store.log.read(0, 10).map(({ seq }) => seq)).toEqual([1])
  expect(syncs).toHaveLength(2)

  syncs[1]!.resolve()
  await second
  expect({ heard, answered, head: store.log.head() }).toEqual({ heard: [1, 2], answered: ['first', 'second'], head: 2 })
  expect(syncs).toHaveLength(2)
  await store.close()
})

test('a failed sync is final for its database: it answers 503 with a sentence from then on, shows nothing more, and the others go on', async () => {
  let failing = ''
  let calls = 0
  await using daemon = await startDaemon({
    turns: [{ text: 'Hello.' }],
    sync: async (fd) => {
      if (failing !== '' && fstatSync(fd).ino === statSync(failing).ino) {
        calls++
        throw Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' })
      }
      await syncToDisk(fd)
    },
  })
  const { id } = await daemon.client.sessions.create({ model })
  await daemon.say(id, 'hello')
  const before = await daemon.events(id)
  failing = path.join(daemon.home, 'chat_history.db-wal')
  const words = 'The disk refused to keep what was written; restart Steward after checking the disk.'
  const send = () => daemon.ask('POST', `/v1/sessions/${id}/messages`, { text: 'are you there?' })
  expect(await send()).toMatchObject({ status: 503, body: { error: { code: 'unavailable', message: words } } })
  failing = ''
  for (let at = 0; at < 3; at++) expect(await send()).toMatchObject({ status: 503, body: { error: { code: 'unavailable', message: words } } })
  expect(calls, 'a sync is never tried again').toBe(1)
  expect(await daemon.ask('POST', '/v1/sessions', { model })).toMatchObject({ status: 503, body: { error: { message: words } } })
  expect(await daemon.events(id), 'what is not on disk is shown to nobody').toEqual(before)
  expect(daemon.wire.requests, 'no model is called for a message that was not kept').toHaveLength(1)

  expect(await daemon.ask('PUT', '/v1/settings/runs.steps', { value: 12 })).toMatchObject({ status: 200, body: { value: 12 } })
  expect((await daemon.ask('POST', '/v1/agents', { name: 'Other', instructions: 'Go on.' })).status).toBe(201)
  expect((await daemon.ask('GET', `/v1/sessions/${id}`)).status).toBe(200)
  expect((await fetch(`${daemon.url}/ready`)).status).toBe(503)
  const { body } = await daemon.ask('GET', '/v1/status')
  expect(body.databases.find(({ name }: { name: string }) => name === 'chat')).toMatchObject({
    healthy: false,
    message: 'The disk refused to keep what was written.',
  })

  await using again = await daemon.restart()
  await until(async () => (await again.ask('GET', '/v1/status')).body.runs.running === 0)
  expect((await again.ask('POST', `/v1/sessions/${id}/messages`, { text: 'and now?' })).status).toBe(202)
})
