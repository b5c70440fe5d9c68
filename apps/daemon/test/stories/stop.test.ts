import { connect } from 'node:net'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { startDaemon } from '../kit.ts'

test('the daemon stops at once although a client has opened a connection and never asked anything on it, and another follows a stream', async () => {
  const daemon = await startDaemon()
  const { id } = await daemon.client.sessions.create({})
  const idle = connect(Number(new URL(daemon.url).port), '127.0.0.1')
  await once(idle, 'connect')
  const stream = await daemon.fetch(`/v1/sessions/${id}/events`)
  const reader = stream.body!.getReader()
  await reader.read()
  const started = performance.now()
  await daemon.stop()
  expect(performance.now() - started).toBeLessThan(1_500)
  let read = await reader.read()
  while (!read.done) read = await reader.read()
  await daemon.wire.close()
})
