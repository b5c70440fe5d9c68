import { randomUUID } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { until } from '@steward/testkit'
import { connectSocket, http, login, newAccount } from '@steward/testkit/relay'
import { expect, test } from 'vitest'
import { startChild } from './fuzz/child.ts'

test(
  'a client that asks for much and reads nothing costs the relay little, and gets every answer when it reads again',
  { timeout: 60_000 },
  async () => {
    const child = await startChild({})
    try {
      const token = await login(child.url, newAccount())
      using api = http(child.url, token)
      const artifactId = randomUUID()
      const body = Buffer.alloc(1024 * 1024, 7).toString('base64')
      await api.post('/v1/artifacts', { id: artifactId, header: 'aA==', body, dataEncryptionKey: 'aw==' })
      const { body: made } = await api.post<{ session: { id: string } }>('/v1/sessions', { tag: 't', metadata: 'x'.repeat(1024 * 1024) })
      const client = await connectSocket(child.url, { token })
      const before = await child.heapMb()
      // Only the library below it knows the network connection, by a name of its own.
      const { ws } = client.socket.io.engine.transport as unknown as { ws: Readonly<Record<string, Socket>> }
      const network = ws['_socket']!
      network.pause()
      const asked = Array.from({ length: 60 }, () => [
        client.call('artifact-read', { artifactId }, 50_000),
        client.call('update-metadata', { sid: made.session.id, expectedVersion: 7, metadata: 'y' }, 50_000),
      ]).flat()
      // Another is served meanwhile, and 140 MB would be waiting for this one.
      for (let at = 0; at < 20; at++) expect((await api.get(`/v1/artifacts/${artifactId}`)).status).toBe(200)
      expect(await child.heapMb()).toBeLessThan(before + 40)
      network.resume()
      const answers = await Promise.all(asked)
      expect(new Set(answers.map((answer) => (answer as { result: string }).result))).toEqual(new Set(['success', 'version-mismatch']))
      client.close()
      expect(await child.reported()).toEqual([])
    } finally {
      await child.stop()
    }
  },
)

test(
  'an account that asks over many connections and reads none of them is told to wait, and is served again when it has read',
  { timeout: 60_000 },
  async () => {
    const child = await startChild({ requestsPerAccount: 64 })
    try {
      const token = await login(child.url, newAccount())
      using api = http(child.url, token)
      const id = randomUUID()
      const body = Buffer.alloc(3 * 1024 * 1024, 7).toString('base64')
      await api.post('/v1/artifacts', { id, header: 'aA==', body, dataEncryptionKey: 'aw==' })
      const asked = await Promise.all(
        Array.from({ length: 60 }, async () => {
          const socket = connect(Number(new URL(child.url).port), '127.0.0.1')
          socket.pause()
          const head = `GET /v1/artifacts/${id} HTTP/1.1\r\nHost: relay\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\n\r\n`
          await new Promise((resolve) => socket.write(head, resolve))
          return socket
        }),
      )
      const later = http(child.url, token)
      await until(async () => (await later.get('/v1/sessions')).status === 200, { timeoutMs: 20_000 })
      const answers = await Promise.all(asked.map((socket) => text(socket)))
      const statuses = answers.map((answer) => answer.slice(9, 12))
      // Answers count as bodies do: of 240 MB no more than a few wait at a time.
      expect(new Set(statuses)).toEqual(new Set(['200', '429']))
      expect((await later.get<{ body: string }>(`/v1/artifacts/${id}`)).body.body).toBe(body)
      later.close()
      expect(await child.reported()).toEqual([])
    } finally {
      await child.stop()
    }
  },
)
