import { AccessToken, RoomServiceClient } from 'livekit-server-sdk'
import { expect, test } from 'vitest'
import { http, startLiveKit } from './index.ts'
import type { LiveKitServer } from './index.ts'

const clientOf = (server: LiveKitServer, secret = server.apiSecret) => new RoomServiceClient(server.url, server.apiKey, secret)

test("LiveKit's own client creates, lists and deletes rooms", async () => {
  await using server = await startLiveKit()
  const client = clientOf(server)
  const room = await client.createRoom({ name: 'one', emptyTimeout: 60, maxParticipants: 2, metadata: 'm' })
  expect(room).toMatchObject({ name: 'one', emptyTimeout: 60, departureTimeout: 20, maxParticipants: 2, metadata: 'm', numParticipants: 0 })
  expect(room.sid).toMatch(/^RM_.{12}$/)
  expect(Math.abs(Number(room.creationTimeMs) - Date.now())).toBeLessThan(60_000)
  expect((await client.createRoom({ name: 'one' })).sid).toBe(room.sid)
  await client.createRoom({ name: 'two' })
  expect((await client.listRooms()).map(({ name }) => name)).toEqual(['one', 'two'])
  expect((await client.listRooms(['two', 'three'])).map(({ name }) => name)).toEqual(['two'])
  await client.deleteRoom('one')
  expect([...server.rooms.keys()]).toEqual(['two'])
  await expect(client.deleteRoom('one')).rejects.toMatchObject({ status: 404, code: 'not_found' })
})

test('a call needs a valid token with the right grant', async () => {
  await using server = await startLiveKit()
  await expect(clientOf(server, 'not the secret').listRooms()).rejects.toMatchObject({
    status: 401,
    message: expect.stringMatching(/^invalid token: eyJ/),
  })
  const tokenWith = (grant: object, ttl: string | number = '1m') => {
    const token = new AccessToken(server.apiKey, server.apiSecret, { ttl })
    token.addGrant(grant)
    return token.toJwt()
  }
  const path = '/twirp/livekit.RoomService/CreateRoom'
  const create = async (token?: string) => {
    using client = http(server.url, token)
    const { status, body } = await client.post<{ msg?: string } | string>(path, { name: 'x' })
    return [status, typeof body === 'string' ? body : body.msg]
  }
  const expired = await tokenWith({ roomCreate: true }, '-1m')
  expect(await create(await tokenWith({ roomList: true }))).toEqual([401, 'permissions denied'])
  expect(await create()).toEqual([401, 'permissions denied'])
  expect(await create(expired)).toEqual([401, expect.stringContaining(`invalid token: ${expired}, error: `)])
  expect(await create('nonsense')).toEqual([401, 'invalid authorization token'])
  const foreign = await new AccessToken('APIother', server.apiSecret).toJwt()
  expect(await create(foreign)).toEqual([401, 'invalid API key: APIother'])
  expect(server.rooms.size).toBe(0)
  expect(await create(await tokenWith({ roomCreate: true }))).toEqual([200, undefined])
})

test('who holds a token for a room joins it, and nobody else', async () => {
  await using server = await startLiveKit()
  const client = clientOf(server)
  await client.createRoom({ name: 'talk', maxParticipants: 1 })
  const tokenFor = (identity: string, grant: object, secret = server.apiSecret) => {
    const token = new AccessToken(server.apiKey, secret, { identity })
    token.addGrant(grant)
    return token.toJwt()
  }
  expect(server.join(await tokenFor('me', { roomJoin: true, room: 'talk' }))).toEqual({ room: 'talk', identity: 'me' })
  expect((await client.listRooms())[0]!.numParticipants).toBe(1)
  const full = await tokenFor('you', { roomJoin: true, room: 'talk' })
  expect(() => server.join(full)).toThrow('room has exceeded its max participants')
  const wrongGrant = await tokenFor('me', { roomList: true })
  expect(() => server.join(wrongGrant)).toThrow('permissions denied')
  const forged = await tokenFor('me', { roomJoin: true, room: 'talk' }, 'another secret')
  expect(() => server.join(forged)).toThrow('invalid token')
})

test('a fault reaches the client as what it is, and once it is over all is well', async () => {
  await using server = await startLiveKit()
  const client = clientOf(server)
  server.fail({ status: 503, body: { code: 'unavailable', msg: 'no node' } })
  server.fail('cut')
  await expect(client.createRoom({ name: 'x' })).rejects.toMatchObject({ status: 503, code: 'unavailable', message: 'no node' })
  await expect(client.createRoom({ name: 'x' })).rejects.toThrow('fetch failed')
  expect(await client.listRooms()).toEqual([])
})
