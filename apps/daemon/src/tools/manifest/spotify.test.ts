import { readFileSync } from 'node:fs'
import { createSpotifyServer } from '@steward/testkit'
import { expect, test } from 'vitest'
import { createFetcher } from '../../platform/net/fetcher.ts'
import { createRegistry } from '../registry.ts'
import { createPlace } from '../testing/place.ts'
import { compileManifest } from './compile.ts'
import { readManifest } from './manifest.ts'

const file = new URL('../../../apps/spotify.app.json', import.meta.url)
const focus = 'spotify:playlist:37i9dQZF1DWZeKCadgRdKQ'

async function listening(token = 'spotify-access-token') {
  const server = await createSpotifyServer()
  const place = await createPlace({ fetcher: createFetcher({ allow: [], userAgent: 'Steward/test' }) })
  const { manifest, problems } = readManifest(readFileSync(file, 'utf8'))
  if (!manifest) throw new Error(problems.map(({ message }) => message).join('\n'))
  const tools = compileManifest(manifest, { secret: () => token, setting: () => server.url })
  const find = (name: string) => tools.find(({ id }) => id === `spotify.${name}`)!
  return {
    server,
    manifest,
    tools,
    find,
    call: (name: string, input: object = {}, callId = 'call_1') => place.call(find(name), input, { callId }),
    preview: async (name: string, input: object) => (await place.preview(find(name), input))?.summary,
    async [Symbol.asyncDispose]() {
      await place[Symbol.asyncDispose]()
      await server.close()
    },
  }
}

test('the shipped app finds a playlist, plays it, tells what is playing, sets the volume and pauses', async () => {
  await using spotify = await listening()
  expect(await spotify.call('currentlyPlaying')).toMatchObject({ output: null })
  const { output } = await spotify.call('searchPlaylists', { query: 'focus' })
  expect(output).toEqual([expect.objectContaining({ name: 'Deep Focus', uri: focus }), expect.objectContaining({ name: 'Focus Flow' }), null])
  expect(spotify.server.requests[1]?.query).toEqual({ type: 'playlist', q: 'focus', limit: '5' })
  expect(await spotify.call('playPlaylist', { uri: focus, deviceId: 'kitchen' })).toEqual({
    output: null,
    text: 'Play a playlist: done, the server answered 204.',
  })
  expect((await spotify.call('currentlyPlaying')).output).toMatchObject({ is_playing: true, context: { uri: focus } })
  await spotify.call('setVolume', { percent: 30 }, 'call_2')
  await spotify.call('pause', {}, 'call_3')
  expect(spotify.server.player).toEqual({ contextUri: focus, isPlaying: false, volumePercent: 30, deviceId: 'kitchen' })
  expect(spotify.server.requests.every(({ headers }) => headers['authorization'] === 'Bearer spotify-access-token')).toBe(true)
})
test('a call that is made again with its id plays once', async () => {
  await using spotify = await listening()
  await spotify.call('playPlaylist', { uri: focus }, 'call_a')
  await spotify.call('playPlaylist', { uri: focus }, 'call_a')
  expect(spotify.server.requests.map(({ headers }) => headers['idempotency-key'])).toEqual(['call_a', 'call_a'])
  expect(spotify.server.plays).toEqual([focus])
})
test('what Spotify refuses is told in its words: a wrong token, too many requests, no device', async () => {
  await using stranger = await listening('wrong-token-here')
  const refused = stranger.call('playPlaylist', { uri: focus })
  await expect(refused).rejects.toMatchObject({ code: 'failed', message: expect.stringMatching(/answered 401[^]*Invalid access token/) })
  await using spotify = await listening()
  spotify.server.limit(1, 9)
  await expect(spotify.call('pause')).rejects.toMatchObject({ message: expect.stringMatching(/429.*Retry-After is 9 seconds/) })
  spotify.server.player.deviceId = null
  await expect(spotify.call('pause', {}, 'call_2')).rejects.toMatchObject({ code: 'not_found', message: expect.stringContaining('NO_ACTIVE_DEVICE') })
})
test('its tools are taken by the registry, with schemas that name the playlists a person may say', async () => {
  await using spotify = await listening()
  const registry = createRegistry([])
  expect(registry.put({ id: spotify.manifest.id, name: spotify.manifest.name, tools: spotify.tools })).toEqual([])
  const [app] = registry.apps()
  expect(app?.tools.map(({ id, risk }) => [id, risk])).toEqual([
    ['spotify.searchPlaylists', 'network'],
    ['spotify.playPlaylist', 'write'],
    ['spotify.pause', 'write'],
    ['spotify.currentlyPlaying', 'network'],
    ['spotify.setVolume', 'write'],
  ])
  expect(registry.listing('spotify.playPlaylist')?.inputsSchema).toMatchObject({ properties: { uri: { 'x-steward-values': { focus } } } })
  expect(spotify.find('playPlaylist').examples).toContain('Play my focus playlist')
})
test('before it plays, a person sees the request without the token', async () => {
  await using spotify = await listening()
  expect(await spotify.preview('playPlaylist', { uri: focus })).toBe(`PUT ${spotify.server.url}/me/player/play\n{"context_uri":"${focus}"}`)
  for (const uri of ['spotify:playlist:', 'https://evil.example', `${focus}\nx`])
    expect(spotify.find('playPlaylist').inputs.safeParse({ uri }).success).toBe(false)
})
