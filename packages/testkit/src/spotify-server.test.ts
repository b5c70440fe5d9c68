import { expect, test } from 'vitest'
import { createSpotifyServer } from './index.ts'
import type { SpotifyServer } from './index.ts'

const focus = 'spotify:playlist:37i9dQZF1DWZeKCadgRdKQ'
const ask = (server: SpotifyServer, method: string, path: string, more: { body?: unknown; headers?: Record<string, string>; token?: string } = {}) =>
  fetch(server.url + path, {
    method,
    headers: { authorization: `Bearer ${more.token ?? 'spotify-access-token'}`, ...more.headers },
    ...(more.body === undefined ? {} : { body: typeof more.body === 'string' ? more.body : JSON.stringify(more.body) }),
  })

test('a playlist is found, played, heard, turned down and paused', async () => {
  await using server = await createSpotifyServer()
  const nothing = await ask(server, 'GET', '/me/player/currently-playing')
  expect([nothing.status, await nothing.text()]).toEqual([204, ''])
  const found = (await (await ask(server, 'GET', '/search?q=focus&type=playlist&limit=10')).json()) as any
  expect(found.playlists.items.map((item: { uri: string } | null) => item?.uri)).toEqual([
    focus,
    'spotify:playlist:37i9dQZF1DWZZbwlv3Vmtr',
    undefined,
  ])
  expect((await ask(server, 'PUT', '/me/player/play?device_id=kitchen', { body: { context_uri: focus } })).status).toBe(204)
  expect(await (await ask(server, 'GET', '/me/player/currently-playing')).json()).toMatchObject({
    is_playing: true,
    context: { uri: focus, type: 'playlist' },
    item: { name: 'The Scientist', type: 'track' },
  })
  expect((await ask(server, 'PUT', '/me/player/volume?volume_percent=30')).status).toBe(204)
  expect((await ask(server, 'PUT', '/me/player/pause')).status).toBe(204)
  expect(server.player).toEqual({ contextUri: focus, isPlaying: false, volumePercent: 30, deviceId: 'kitchen' })
  expect(server.requests[2]).toMatchObject({
    method: 'PUT',
    path: '/v1/me/player/play',
    query: { device_id: 'kitchen' },
    body: { context_uri: focus },
  })
})
test.each([
  ['a wrong token', 'PUT', '/me/player/play', { token: 'wrong' }, 401, { message: 'Invalid access token' }],
  ['an unknown route', 'GET', '/nothing', {}, 404, { message: 'Service not found' }],
  ['a search for nothing', 'GET', '/search?type=playlist', {}, 400, { message: 'No search query' }],
  ['a limit that is too high', 'GET', '/search?type=playlist&q=a&limit=51', {}, 400, { message: 'Invalid limit' }],
  ['a body that is no JSON', 'PUT', '/me/player/play', { body: '{' }, 400, { message: 'Malformed json' }],
  ['a context that is none', 'PUT', '/me/player/play', { body: { context_uri: 'x' } }, 400, { message: 'Invalid context uri' }],
  ['a pause of nothing', 'PUT', '/me/player/pause', {}, 403, { reason: 'UNKNOWN' }],
  ['a device that is gone', 'PUT', '/me/player/pause?device_id=gone', {}, 404, { message: 'Device not found' }],
  ['a volume beyond all', 'PUT', '/me/player/volume?volume_percent=101', {}, 400, { message: 'Invalid volume_percent' }],
] as const)('%s is answered as Spotify does', async (_, method, path, more, status, error) => {
  await using server = await createSpotifyServer()
  const response = await ask(server, method, path, more)
  expect(response.status).toBe(status)
  expect(await response.json()).toMatchObject({ error: { status, ...error } })
  expect(server.plays).toEqual([])
})
test('without a device, a command to the player is told so', async () => {
  await using server = await createSpotifyServer()
  server.player.deviceId = null
  const response = await ask(server, 'PUT', '/me/player/play', { body: { context_uri: focus } })
  expect([response.status, await response.json()]).toMatchObject([404, { error: { reason: 'NO_ACTIVE_DEVICE' } }])
})
test('the limit of requests is told with the time to wait, as often as was asked for', async () => {
  await using server = await createSpotifyServer()
  server.limit(1, 7)
  const limited = await ask(server, 'GET', '/me/player/currently-playing')
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7'])
  expect((await ask(server, 'GET', '/me/player/currently-playing')).status).toBe(204)
})
test('a request that is repeated with its key is answered again and done once', async () => {
  await using server = await createSpotifyServer()
  const play = (key: string) => ask(server, 'PUT', '/me/player/play', { body: { context_uri: focus }, headers: { 'idempotency-key': key } })
  expect([(await play('a')).status, (await play('a')).status]).toEqual([204, 204])
  expect(server.plays).toEqual([focus])
  await play('b')
  expect(server.plays).toEqual([focus, focus])
})
