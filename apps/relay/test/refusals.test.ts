import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { exchange } from '@steward/testkit/fuzz'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startRelay, type TestRelay } from './start.ts'

let relay: TestRelay
beforeAll(async () => {
  relay = await startRelay()
})
afterAll(() => relay.stop())
const sent = async (head: string, body = '') => {
  const got = await exchange(relay.url, Buffer.from(`${head}\r\nHost: relay\r\nConnection: close\r\n${body === '' ? '\r\n' : body}`), {
    withinMs: 10_000,
  })
  return { status: got?.status, body: JSON.parse(got?.body ?? '{}') as unknown }
}

test('what is no HTTP is refused in the form of any other refusal', async () => {
  expect(await sent('GET / HTTP/9.9')).toMatchObject({
    status: 400,
    body: { code: 'invalid', error: expect.stringMatching(/HTTP\/1.1/), statusCode: 400 },
  })
  expect(await sent(`GET / HTTP/1.1\r\nx: ${'x'.repeat(40_000)}`)).toMatchObject({
    status: 431,
    body: { code: 'too_large', error: expect.stringMatching(/head/) },
  })
})
test('a request that expects what nobody knows is answered as if it did not', async () => {
  const body = 'Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}'
  expect(await sent('POST /v1/auth/request HTTP/1.1\r\nExpect: the-unexpected', body)).toMatchObject({ status: 200, body: { state: 'requested' } })
})
test('who sends far too much over a connection that is to end with it, and reads the answer only then, gets it', async () => {
  const chunk = Buffer.alloc(100_000, 'x')
  const chunks = 40
  for (const [path, status] of Object.entries({ '/v1/auth': 413, '/v1/sessions': 401, '/v1/nothing': 404 })) {
    const socket = connect(Number(new URL(relay.url).port), '127.0.0.1')
    socket.pause()
    await new Promise((resolve) =>
      socket.write(`POST ${path} HTTP/1.1\r\nHost: relay\r\nConnection: close\r\nContent-Length: ${chunk.length * chunks}\r\n\r\n`, resolve),
    )
    // Each chunk has left before the next one does, so that the relay has had all the time to hang up.
    for (let at = 0; at < chunks; at++)
      await new Promise<void>((resolve, reject) => socket.write(chunk, (error) => (error ? reject(error) : setTimeout(resolve, 2))))
    const answer = await text(socket)
    expect(answer, path).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  }
})
