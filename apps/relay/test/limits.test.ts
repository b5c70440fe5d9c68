import { connect } from 'node:net'
import { http, newAccount, newBoxKeyPair, signedChallenge, type Answer } from '@steward/testkit/relay'
import { until } from '@steward/testkit'
import { describe, expect, test } from 'vitest'
import { onMainKinds } from './kinds.ts'
import { defaults } from '../src/index.ts'
import { startRelay } from './start.ts'

const key = () => Buffer.from(newBoxKeyPair().publicKey).toString('base64')
const statuses = (answers: readonly Answer[]) => answers.map(({ status }) => status)
const refused = (answer: Answer) => {
  expect(answer.body).toMatchObject({ code: 'too_many', retryable: true, retryAfterMs: expect.any(Number) })
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
}

onMainKinds((begin) => {
  test('what is open to everyone is open to each address so often a minute, on all nodes together; who has a token goes on', async () => {
    const relay = await begin({ openPerMinute: 10 })
    const { api } = await relay.account()
    const clients = [http(relay.url), http(relay.other)]
    const answers: Answer[] = []
    for (let at = 0; at < 12; at++) answers.push(...(await Promise.all(clients.map((client) => client.get('/v1/auth/request/status')))))
    expect(statuses(answers).filter((status) => status === 200)).toHaveLength(9)
    answers.filter(({ status }) => status !== 200).forEach(refused)
    expect((await api.get('/v1/auth/me')).status).toBe(200)
    for (const client of clients) client.close()
  })
  test('a key logs in so often a minute; nobody uses up the tries of a key that is not his', async () => {
    const relay = await begin({ loginsPerKeyPerMinute: 3 })
    const account = newAccount()
    const clients = [http(relay.url), http(relay.other)]
    const at = (turn: number) => clients[turn % clients.length]!
    for (let turn = 0; turn < 10; turn++) {
      const forged = { ...signedChallenge(newAccount()), publicKey: account.publicKey }
      expect((await at(turn).post('/v1/auth', forged)).status).toBe(401)
    }
    const answers: Answer[] = []
    for (let turn = 0; turn < 5; turn++) answers.push(await at(turn).post('/v1/auth', signedChallenge(account)))
    expect(statuses(answers)).toEqual([200, 200, 200, 429, 429])
    answers.slice(3).forEach(refused)
    expect((await at(0).post('/v1/auth', signedChallenge(newAccount()))).status).toBe(200)
    for (const client of clients) client.close()
  })
})
test('as it is set up by default, many terminals behind one address ask once a second for minutes and none is ever refused', async () => {
  const { openPerMinute, pollsPerKeyPerMinute, pairingsPerMinute } = defaults
  const relay = await startRelay({ openPerMinute })
  using client = http(relay.url)
  try {
    // Twice as often as they ask, for a minute.
    const keys = Array.from({ length: 12 }, key)
    for (let second = 0; second < 120; second++)
      for (const { status } of await Promise.all(keys.map((publicKey) => client.post('/v1/auth/request', { publicKey })))) expect(status).toBe(200)
    expect(Math.min(pollsPerKeyPerMinute, openPerMinute / 60, pairingsPerMinute)).toBeGreaterThanOrEqual(100)
  } finally {
    await relay.stop()
  }
})
test('an address that lets too many keys wait is told so, and the keys that wait already go on asking', async () => {
  const relay = await startRelay({ pairingsPerMinute: 3 })
  using client = http(relay.url)
  try {
    const keys = Array.from({ length: 5 }, key)
    const ask = async () => Promise.all(keys.map((publicKey) => client.post('/v1/auth/request', { publicKey })))
    for (let turn = 0; turn < 3; turn++) {
      const answers = await ask()
      expect(statuses(answers).toSorted()).toEqual([200, 200, 200, 429, 429])
      answers.filter(({ status }) => status === 429).forEach(refused)
    }
  } finally {
    await relay.stop()
  }
})
test('a key that asks far too often is told so, and another of its address is not', async () => {
  const relay = await startRelay({ pollsPerKeyPerMinute: 5 })
  using client = http(relay.url)
  try {
    const publicKey = key()
    const answers: Answer[] = []
    for (let turn = 0; turn < 7; turn++) answers.push(await client.post('/v1/auth/request', { publicKey }))
    expect(statuses(answers)).toEqual([200, 200, 200, 200, 200, 429, 429])
    expect((await client.post('/v1/auth/request', { publicKey: key() })).status).toBe(200)
  } finally {
    await relay.stop()
  }
})
test('an address that tries signatures is stopped, whatever keys it takes', async () => {
  const relay = await startRelay({ loginsPerMinute: 5 })
  using client = http(relay.url)
  try {
    const answers: Answer[] = []
    for (let turn = 0; turn < 7; turn++)
      answers.push(await client.post('/v1/auth', { ...signedChallenge(newAccount()), publicKey: newAccount().publicKey }))
    expect(statuses(answers)).toEqual([401, 401, 401, 401, 401, 429, 429])
    expect((await client.post('/v1/auth/response', { publicKey: newAccount().publicKey, challenge: 'x', signature: 'AAAA' })).status).toBe(429)
  } finally {
    await relay.stop()
  }
})
test('behind a proxy each client is counted for itself, by what the proxy wrote; an IPv6 network is one client', async () => {
  const relay = await startRelay({ openPerMinute: 2, trustProxy: true })
  using client = http(relay.url)
  try {
    const from = async (forwarded: string) =>
      (await client.request('GET', '/v1/auth/request/status', { headers: { 'x-forwarded-for': forwarded } })).status
    // Whatever it says of itself stands before what the proxy adds.
    expect([await from('203.0.113.1'), await from('9.9.9.1, 203.0.113.1'), await from('9.9.9.2, 203.0.113.1')]).toEqual([200, 200, 429])
    expect(await from('203.0.113.2')).toBe(200)
    expect([await from('2001:db8::1'), await from('2001:db8::2'), await from('2001:db8::ffff:3'), await from('2001:db8:0:1::1')]).toEqual([
      200, 200, 429, 200,
    ])
  } finally {
    await relay.stop()
  }
})
test('without a proxy nobody gets a fresh count by naming another address', async () => {
  const relay = await startRelay({ openPerMinute: 2 })
  using client = http(relay.url)
  try {
    const from = async (forwarded: string) =>
      (await client.request('GET', '/v1/auth/request/status', { headers: { 'x-forwarded-for': forwarded } })).status
    expect([await from('1.1.1.1'), await from('1.1.1.2'), await from('1.1.1.3')]).toEqual([200, 200, 429])
  } finally {
    await relay.stop()
  }
})
test('an account has so many sockets at most; one more is told why, and has its place when another goes', async () => {
  const relay = await startRelay({ socketsPerAccount: 3 })
  try {
    const [account, other] = [await relay.account(), await relay.account()]
    const tried = await Promise.allSettled(Array.from({ length: 8 }, () => account.socket()))
    const held = tried.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    expect(held).toHaveLength(3)
    const why = tried.flatMap((one) => (one.status === 'rejected' ? [one.reason as Error & { data?: unknown }] : []))
    for (const error of why)
      expect(error).toMatchObject({ message: expect.stringContaining('has 3 connections here already'), data: { code: 'too_many' } })
    expect((await other.socket()).socket.connected).toBe(true)
    held[0]?.close()
    await until(async () => (await account.socket().catch(() => undefined))?.socket.connected)
  } finally {
    await relay.stop()
  }
})
describe('who takes for ever', () => {
  /** What the relay answers to bytes that come as they come, until it closes the connection. */
  const dribble = (url: string, begin: string, more: string) =>
    new Promise<string>((resolve) => {
      let answer = ''
      const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(begin))
      const drip = setInterval(() => socket.write(more), 50)
      socket.on('data', (data) => (answer += data.toString()))
      socket.on('error', () => undefined)
      socket.on('close', () => {
        clearInterval(drip)
        resolve(answer)
      })
    })
  test('over the head of a request, or over the body of one that is open to everyone, is cut off, and others are served meanwhile', async () => {
    const relay = await startRelay({ headTimeoutMs: 1_000, requestTimeoutMs: 1_500 })
    try {
      const { api, token } = await relay.account()
      const head = 'HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n'
      const slow = [
        dribble(relay.url, 'GET /health HTTP/1.1\r\nhost: a\r\n', 'x-a: b\r\n'),
        dribble(relay.url, `POST /v1/auth/request ${head}content-length: 10000\r\n\r\n{`, ' '),
        dribble(relay.url, `POST /v1/auth/request ${head}transfer-encoding: chunked\r\n\r\n1\r\n{\r\n`, '1\r\n \r\n'),
        dribble(relay.url, `POST /v1/sessions ${head}authorization: Bearer ${token}\r\ncontent-length: 10000\r\n\r\n{`, ' '),
      ]
      const over = new AbortController()
      const all = Promise.all(slow).finally(() => over.abort())
      while (!over.signal.aborted) expect((await api.get('/v1/sessions')).status).toBe(200)
      const answers = await all
      expect(answers[0]).toContain('408')
      for (const answer of answers) expect(answer).not.toContain('HTTP/1.1 200')
    } finally {
      await relay.stop()
    }
  })
})
