import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { until } from '@steward/testkit'
import { exchange } from '@steward/testkit/fuzz'
import { createDatabase, lackingPostgres, startPostgres } from '@steward/testkit/relay'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openLine } from './fuzz/line.ts'
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

const missing = lackingPostgres()
test.skipIf(missing !== null)(
  `a client that goes in the middle of what it sends is no fault of the relay, and keeps nobody out${missing ?? ''}`,
  async () => {
    const postgres = await startPostgres()
    // Who it is must be asked of the database: meanwhile it goes.
    const asking = await startRelay({ databaseUrl: (await createDatabase(postgres.url)).url, deviceTrustMs: 1, socketsPerAccount: 5 })
    try {
      const { token, api, socket } = await asking.account()
      const headers = ['Host: relay', `Authorization: Bearer ${token}`, 'Content-Type: application/json', 'Content-Length: 2000000']
      const cut = (size: number) => Buffer.from(`POST /v1/sessions HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n{"tag":"${'x'.repeat(size)}`)
      for (const size of [0, 10, 1_000, 1_900_000]) {
        const ended = Array.from({ length: 20 }, () => exchange(asking.url, cut(size), { withinMs: 10_000, thenEnd: true }))
        const reset = Array.from({ length: 20 }, () => {
          const connection = connect(Number(new URL(asking.url).port), '127.0.0.1')
          connection.write(cut(size), () => connection.resetAndDestroy())
          return new Promise((resolve) => connection.once('close', resolve))
        })
        await Promise.all([...ended, ...reset])
      }
      // The same over sockets, whose introduction is still being judged.
      for (let turn = 0; turn < 5; turn++)
        await Promise.all(
          Array.from({ length: 10 }, async () => {
            const line = await openLine(asking.url)
            line.send(`40${JSON.stringify({ token })}`)
            line.close()
            await line.closed
          }),
        )
      await until(() => asking.sockets() === 0)
      const sockets = await Promise.all(Array.from({ length: 5 }, () => socket()))
      for (const one of sockets) one.close()
      expect((await api.get('/v1/sessions')).body).toEqual({ sessions: [] })
      expect(asking.reported).toEqual([])
    } finally {
      await asking.stop()
      await postgres.stop()
    }
  },
)

test.skipIf(missing !== null)(`nor is one that goes when what it asked for is about to be sent${missing ?? ''}`, async () => {
  const postgres = await startPostgres()
  const asked = await startRelay({ databaseUrl: (await createDatabase(postgres.url)).url })
  try {
    const { token } = await asked.account()
    const lines = [
      'GET /v1/account/export HTTP/1.1',
      'Host: relay',
      'Connection: close',
      `Authorization: Bearer ${token}`,
      'Content-Length: 1',
      '',
      '{}}}}',
    ]
    // No request comes behind it: the connection is ended.
    await Promise.all(Array.from({ length: 40 }, () => exchange(asked.url, Buffer.from(lines.join('\r\n')), { withinMs: 10_000 })))
    expect(asked.reported).toEqual([])
  } finally {
    await asked.stop()
    await postgres.stop()
  }
})
