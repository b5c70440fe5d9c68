import { randomBytes } from 'node:crypto'
import { http, newAccount, signedChallenge, type Account } from '@steward/testkit/relay'
import { describe, expect, test } from 'vitest'
import { onMainKinds } from './kinds.ts'

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
const domain = 'steward-relay/login/1\n'
/** The answer to a challenge that the relay made. */
const answered = (account: Account, challenge: string, signed = domain + challenge) => ({
  publicKey: account.publicKey,
  challenge,
  signature: base64(account.sign(Buffer.from(signed))),
})
const challengeOf = async (url: string) => {
  using client = http(url)
  const { body, status } = await client.post<{ state: string; challenge: string; expiresAt: number }>('/v1/auth/request', {})
  expect([status, body.state]).toEqual([200, 'requested'])
  return body
}
interface LoggedIn {
  readonly token: string
  readonly expiresAt: number
}

onMainKinds((begin) => {
  let one: ReturnType<typeof begin> | undefined
  const usual = () => (one ??= begin())
  test('who signs a challenge of the relay is logged in, on every node, and that signature opens nothing again', async () => {
    const relay = await usual()
    const account = newAccount()
    const { challenge, expiresAt } = await challengeOf(relay.url)
    expect(expiresAt).toBeGreaterThan(Date.now() + 60_000)
    using here = http(relay.url)
    using there = http(relay.other)
    const { body, status } = await there.post<LoggedIn>('/v1/auth/response', answered(account, challenge))
    expect(status).toBe(200)
    for (const url of [relay.url, relay.other]) {
      using mine = http(url, body.token)
      expect((await mine.get('/v1/auth/me')).body).toMatchObject({ publicKey: Buffer.from(account.publicKey, 'base64').toString('hex') })
    }
    const replays = [answered(account, challenge), answered(newAccount(), challenge)]
    for (const client of [here, there])
      for (const replay of replays)
        expect(await client.post('/v1/auth/response', replay)).toMatchObject({ status: 401, body: { error: expect.stringContaining('used before') } })
    expect(relay.reported).toEqual([])
  })
  test('a challenge that the relay did not make, or that was signed for something else, opens nothing', async () => {
    const relay = await usual()
    const account = newAccount()
    using client = http(relay.url)
    const { challenge } = await challengeOf(relay.url)
    const [version, ends, chance, mark] = challenge.split('.')
    const later = [version, (Number.parseInt(ends ?? '', 36) + 60_000).toString(36), chance, mark].join('.')
    const refused = [
      answered(account, later),
      answered(account, base64(randomBytes(32))),
      answered(account, ''),
      answered(account, '...'),
      answered(account, challenge.slice(0, -1)),
      answered(account, `${challenge}A`),
      answered(account, challenge, challenge),
      answered(account, challenge, `${domain}${challenge} `),
      { ...answered(account, challenge), publicKey: newAccount().publicKey },
      { ...answered(account, challenge), signature: base64(Buffer.alloc(64)) },
      { publicKey: account.publicKey, signature: answered(account, challenge).signature },
    ]
    for (const body of refused)
      expect(await client.post('/v1/auth/response', body)).toMatchObject({ status: 401, body: { error: 'Invalid signature' } })
    // What the existing clients sign is 32 bytes, and never a challenge of ours.
    expect((await client.post('/v1/auth', answered(account, challenge))).status).toBe(400)
    expect((await client.post('/v1/auth/response', answered(account, challenge))).status).toBe(200)
  })
  test('a challenge of the relay is good for a while only', async () => {
    const relay = await begin({ challengeLifeMs: 1 })
    using client = http(relay.url)
    const { challenge, expiresAt } = await challengeOf(relay.url)
    while (Date.now() <= expiresAt) await new Promise((resolve) => setTimeout(resolve, 1))
    expect((await client.post('/v1/auth/response', answered(newAccount(), challenge))).status).toBe(401)
  })
  test('a challenge that a client made opens its account once, on whatever node; another key may have made the same', async () => {
    const relay = await usual()
    const [account, second] = [newAccount(), newAccount()]
    const challenge = randomBytes(32)
    using client = http(relay.url)
    using elsewhere = http(relay.other)
    const login = signedChallenge(account, challenge)
    expect((await client.post('/v1/auth', login)).status).toBe(200)
    const inUrlAlphabet = {
      ...login,
      challenge: challenge.toString('base64url'),
      signature: Buffer.from(login.signature, 'base64').toString('base64url'),
    }
    for (const node of [client, elsewhere])
      for (const replay of [login, inUrlAlphabet]) expect((await node.post('/v1/auth', replay)).status).toBe(401)
    expect((await elsewhere.post('/v1/auth', signedChallenge(second, challenge))).status).toBe(200)
  })
  test('of many equal logins at once exactly one is let in, and a new key that logs in many times at once gets one account', async () => {
    const relay = await usual()
    const clients = Array.from({ length: 12 }, (_, at) => http(at % 2 === 0 ? relay.url : relay.other))
    const account = newAccount()
    const login = signedChallenge(account)
    const twins = await Promise.all(clients.map((client) => client.post<LoggedIn>('/v1/auth', login)))
    expect(twins.map(({ status }) => status).toSorted()).toEqual([200, ...Array.from({ length: 11 }, () => 401)])
    const fresh = newAccount()
    const all = await Promise.all(clients.map((client) => client.post<LoggedIn>('/v1/auth', signedChallenge(fresh))))
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([200]))
    const ids = await Promise.all(
      all.map(async ({ body }) => {
        using mine = http(relay.url, body.token)
        return (await mine.get<{ id: string; deviceId: string }>('/v1/auth/me')).body
      }),
    )
    expect(new Set(ids.map(({ id }) => id)).size).toBe(1)
    expect(new Set(ids.map(({ deviceId }) => deviceId)).size).toBe(12)
    for (const client of clients) client.close()
    expect(relay.reported).toEqual([])
  })
  describe('a login that is not well made', () => {
    test('is refused as such, and is never a fault of the relay', async () => {
      const relay = await usual()
      const account = newAccount()
      using client = http(relay.url)
      const good = signedChallenge(account)
      for (const length of [0, 1, 31, 33, 64])
        expect((await client.post('/v1/auth', signedChallenge(account, randomBytes(length)))).status, `${length} bytes`).toBe(401)
      const changed = [
        ...[0, 31, 33].map((length) => [{ publicKey: base64(randomBytes(length)) }, 401] as const),
        ...[0, 63, 65].map((length) => [{ signature: base64(randomBytes(length)) }, 401] as const),
        [{ publicKey: base64(Buffer.alloc(32)) }, 401] as const,
        [{ publicKey: base64(Buffer.alloc(32, 255)) }, 401] as const,
        [{ signature: base64(Buffer.alloc(64, 255)) }, 401] as const,
        ...['publicKey', 'challenge', 'signature'].flatMap((field) =>
          ['not base64!', 'A'.repeat(10_000), 'a\0b', '\ud800', '====', 'A=A=', 7, null, {}, [], true].map(
            (value) => [{ [field]: value }, 400] as const,
          ),
        ),
      ]
      for (const [change, status] of changed)
        expect((await client.post('/v1/auth', { ...good, ...change })).status, JSON.stringify(change).slice(0, 80)).toBe(status)
      for (const body of ['', '{', '[]', '7', '"a"', 'null', '{"publicKey":1e999}'])
        expect((await client.post('/v1/auth', body)).status, body).toBe(400)
      expect((await client.post('/v1/auth', good)).status).toBe(200)
      expect(relay.reported).toEqual([])
    })
    test('is every one with a challenge of its own, where the relay takes only those it made', async () => {
      const relay = await begin({ acceptClientChallenges: false })
      using client = http(relay.url)
      const account = newAccount()
      expect(await client.post('/v1/auth', signedChallenge(account))).toMatchObject({
        status: 401,
        body: { error: expect.stringContaining('/v1/auth/request') },
      })
      const { challenge } = await challengeOf(relay.url)
      expect((await client.post('/v1/auth/response', answered(account, challenge))).status).toBe(200)
    })
  })
})
