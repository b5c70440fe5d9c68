import { answerPairingV1, answerPairingV2, contentKeyPair, http, newBoxKeyPair, openPairing, type HttpClient } from '@steward/testkit/relay'
import { until } from '@steward/testkit'
import { expect, test } from 'vitest'
import { onMainKinds } from './kinds.ts'

interface Asked {
  readonly state: string
  readonly token?: string
  readonly response?: string
}
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
/** One who waits to be approved: a terminal, or a second device. */
function asker(url: string, path: string) {
  const box = newBoxKeyPair()
  const publicKey = base64(box.publicKey)
  const client = http(url)
  const ask = async () => {
    const { status, body } = await client.post<Asked>(path, { publicKey, supportsV2: true })
    expect(status).toBe(200)
    return body
  }
  return { box, publicKey, client, ask }
}
const statusOf = async (client: HttpClient, publicKey: string) =>
  (await client.get(`/v1/auth/request/status?publicKey=${encodeURIComponent(publicKey)}`)).body

onMainKinds((begin) => {
  let one: ReturnType<typeof begin> | undefined
  const usual = () => (one ??= begin())
  test('a terminal that a phone approves becomes a device of the account, and only it can read what it is told', async () => {
    const relay = await usual()
    const phone = await relay.account()
    const terminal = asker(relay.other, '/v1/auth/request')
    expect(await statusOf(phone.api, terminal.publicKey)).toEqual({ status: 'not_found', supportsV2: false })
    expect(await terminal.ask()).toMatchObject({ state: 'requested' })
    expect(await terminal.ask()).toMatchObject({ state: 'requested' })
    expect(await statusOf(phone.api, terminal.publicKey)).toEqual({ status: 'pending', supportsV2: true })
    const response = answerPairingV2(terminal.box.publicKey, phone.account.secret)
    expect(await phone.api.post('/v1/auth/response', { publicKey: terminal.publicKey, response })).toMatchObject({
      status: 200,
      body: { success: true },
    })
    expect(await statusOf(phone.api, terminal.publicKey)).toEqual({ status: 'authorized', supportsV2: false })
    const { state, token, response: given } = await terminal.ask()
    expect(state).toBe('authorized')
    expect(openPairing(given ?? '', terminal.box.secretKey)).toEqual({
      version: 2,
      contentPublicKey: contentKeyPair(phone.account.secret).publicKey,
    })
    using cli = http(relay.url, token)
    const me = await cli.get<{ id: string; deviceId: string }>('/v1/auth/me')
    expect(me.body.id).toBe((await phone.api.get<{ id: string }>('/v1/auth/me')).body.id)
    const { body } = await phone.api.get<{ devices: { id: string; current: boolean }[] }>('/v1/auth/devices')
    expect(body.devices.map(({ id, current }) => [id === me.body.deviceId, current])).toEqual([
      [false, true],
      [true, false],
    ])
    expect(relay.reported).toEqual([])
  })
  test('a second device gets the account from the first', async () => {
    const relay = await usual()
    const phone = await relay.account()
    const tablet = asker(relay.url, '/v1/auth/account/request')
    await tablet.ask()
    // A terminal's approval is not one of a device: the two kinds of waiting do not mix.
    const response = answerPairingV1(tablet.box.publicKey, phone.account.secret)
    expect(await phone.api.post('/v1/auth/response', { publicKey: tablet.publicKey, response })).toMatchObject({ status: 404 })
    expect(await phone.elsewhere.post('/v1/auth/account/response', { publicKey: tablet.publicKey, response })).toMatchObject({ status: 200 })
    const { token, response: given } = await tablet.ask()
    expect(openPairing(given ?? '', tablet.box.secretKey)).toEqual({ version: 1, master: Uint8Array.from(phone.account.secret) })
    using second = http(relay.other, token)
    expect((await second.get('/v1/auth/me')).status).toBe(200)
  })
  test('what was approved is handed out once, to one of those who ask at once, and asking on is never an error', async () => {
    const relay = await usual()
    const phone = await relay.account()
    const terminal = asker(relay.url, '/v1/auth/request')
    await terminal.ask()
    await phone.api.post('/v1/auth/response', {
      publicKey: terminal.publicKey,
      response: answerPairingV2(terminal.box.publicKey, phone.account.secret),
    })
    const clients = Array.from({ length: 10 }, (_, at) => http(at % 2 === 0 ? relay.url : relay.other))
    const asked = await Promise.all(clients.map((client) => client.post<Asked>('/v1/auth/request', { publicKey: terminal.publicKey })))
    expect(asked.map(({ status, body }) => `${status} ${body.state}`).toSorted()).toEqual([
      '200 authorized',
      ...Array.from({ length: 9 }, () => '200 requested'),
    ])
    expect(asked.filter(({ body }) => body.token !== undefined || body.response !== undefined)).toHaveLength(1)
    for (const client of clients) client.close()
    expect(await terminal.ask()).toMatchObject({ state: 'requested' })
    expect((await phone.api.get<{ devices: unknown[] }>('/v1/auth/devices')).body.devices).toHaveLength(2)
  })
  test('the first answer counts: the same again is fine, also afterwards, another is refused and changes nothing', async () => {
    const relay = await usual()
    const [phone, stranger] = [await relay.account(), await relay.account()]
    const terminal = asker(relay.url, '/v1/auth/request')
    await terminal.ask()
    const { publicKey } = terminal
    const response = answerPairingV2(terminal.box.publicKey, phone.account.secret)
    const approve = (api: HttpClient, sent: string) => api.post('/v1/auth/response', { publicKey, response: sent })
    expect((await approve(phone.api, response)).status).toBe(200)
    const others = async () => [
      (await approve(phone.elsewhere, response)).status,
      (await approve(phone.api, answerPairingV2(terminal.box.publicKey, phone.account.secret))).status,
      (await approve(stranger.api, response)).status,
      (await approve(stranger.elsewhere, answerPairingV2(terminal.box.publicKey, stranger.account.secret))).status,
    ]
    expect(await others()).toEqual([200, 409, 409, 409])
    const { token, response: given } = await terminal.ask()
    expect(given).toBe(response)
    expect(await others()).toEqual([200, 409, 409, 409])
    using cli = http(relay.url, token)
    expect((await cli.get<{ id: string }>('/v1/auth/me')).body.id).toBe((await phone.api.get<{ id: string }>('/v1/auth/me')).body.id)
  })
  test('of many answers at once one counts', async () => {
    const relay = await usual()
    const phones = await Promise.all(Array.from({ length: 6 }, () => relay.account()))
    const terminal = asker(relay.url, '/v1/auth/request')
    await terminal.ask()
    const answers = await Promise.all(
      phones.map(({ api, elsewhere, account }, at) =>
        (at % 2 === 0 ? api : elsewhere).post('/v1/auth/response', {
          publicKey: terminal.publicKey,
          response: answerPairingV2(terminal.box.publicKey, account.secret),
        }),
      ),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409, 409, 409])
    const { token } = await terminal.ask()
    using cli = http(relay.url, token)
    const winner = phones[answers.findIndex(({ status }) => status === 200)]
    expect((await cli.get<{ id: string }>('/v1/auth/me')).body.id).toBe((await winner?.api.get<{ id: string }>('/v1/auth/me'))?.body.id)
  })
  test('a key that nobody approved in time begins to wait anew by asking, and an old approval is not handed out', async () => {
    const relay = await begin({ pairingLifeMs: 500 })
    const phone = await relay.account()
    const terminal = asker(relay.url, '/v1/auth/request')
    await terminal.ask()
    const response = answerPairingV2(terminal.box.publicKey, phone.account.secret)
    expect((await phone.api.post('/v1/auth/response', { publicKey: terminal.publicKey, response })).status).toBe(200)
    await until(async () => ((await statusOf(phone.api, terminal.publicKey)) as { status: string }).status === 'not_found')
    expect((await phone.api.post('/v1/auth/response', { publicKey: terminal.publicKey, response })).status).toBe(404)
    expect(await terminal.ask()).toMatchObject({ state: 'requested' })
    expect(await statusOf(phone.api, terminal.publicKey)).toMatchObject({ status: 'pending' })
  })
  test('a key that is none is refused in the words of the existing clients, and approving needs a token', async () => {
    const relay = await usual()
    const phone = await relay.account()
    using anyone = http(relay.url)
    for (const length of [0, 31, 33]) {
      const publicKey = base64(Buffer.alloc(length, 7))
      expect(await anyone.post('/v1/auth/request', { publicKey })).toMatchObject({ status: 401, body: { error: 'Invalid public key' } })
      expect(await phone.api.post('/v1/auth/response', { publicKey, response: 'AAAA' })).toMatchObject({
        status: 401,
        body: { error: 'Invalid public key' },
      })
      expect(await statusOf(anyone, publicKey)).toEqual({ status: 'not_found', supportsV2: false })
    }
    const publicKey = base64(Buffer.alloc(32, 7))
    expect(await phone.api.post('/v1/auth/response', { publicKey, response: 'AAAA' })).toMatchObject({
      status: 404,
      body: { error: 'Request not found' },
    })
    await anyone.post('/v1/auth/request', { publicKey })
    expect((await anyone.post('/v1/auth/response', { publicKey, response: 'AAAA' })).status).toBe(401)
    expect((await anyone.post('/v1/auth/account/response', { publicKey, response: 'AAAA' })).status).toBe(401)
    for (const response of ['', '!', 'A'.repeat(5_000), 7, undefined])
      expect((await phone.api.post('/v1/auth/response', { publicKey, response })).status, String(response).slice(0, 9)).toBe(400)
    expect(await statusOf(anyone, publicKey)).toMatchObject({ status: 'pending' })
    expect(relay.reported).toEqual([])
  })
})
