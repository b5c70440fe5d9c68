import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { playing, searchResult } from './spotify-shapes.ts'
import type { SpotifyPlaylist } from './spotify-shapes.ts'

export interface SpotifyRequest {
  readonly method: string
  /** `/v1/me/player/play`, without the query. */
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}
export interface SpotifyPlayer {
  contextUri: string | null
  isPlaying: boolean
  volumePercent: number
  /** The active device, or null when there is none. */
  deviceId: string | null
}
export interface SpotifyServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT/v1`, what `settings.baseUrl` is set to. */
  readonly url: string
  /** Every request, refused ones too, in order of arrival. */
  readonly requests: readonly SpotifyRequest[]
  /** Context URIs in the order in which playing them began; a repeated `Idempotency-Key` does not begin again. */
  readonly plays: readonly string[]
  readonly player: SpotifyPlayer
  /** Answers the next `times` requests with 429 and `Retry-After`. */
  limit(times: number, retryAfterSeconds: number): void
  close(): Promise<void>
}
interface Answer {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}
const failed = (status: number, message: string, reason?: string): Answer => ({
  status,
  body: { error: { status, message, ...(reason === undefined ? {} : { reason }) } },
})
const done: Answer = { status: 204 }
const defaultPlaylists: readonly SpotifyPlaylist[] = [
  { id: '37i9dQZF1DWZeKCadgRdKQ', name: 'Deep Focus', owner: 'spotify' },
  { id: '37i9dQZF1DWZZbwlv3Vmtr', name: 'Focus Flow', owner: 'spotify' },
  { id: '37i9dQZF1DX4WYpdgoIcn6', name: 'Chill Hits', owner: 'spotify' },
  { id: '37i9dQZF1DX76Wlfdnj7AP', name: 'Beast Mode', owner: 'spotify' },
]

/**
 * A loopback stand-in of Spotify's Web API: search for playlists, play, pause, volume and what is playing, with Spotify's statuses and shapes.
 * Only `token` is a good one. Unlike Spotify it honours `Idempotency-Key`: the first answer is given again, and nothing is done twice.
 */
export async function createSpotifyServer(
  options: { token?: string; playlists?: readonly SpotifyPlaylist[]; port?: number } = {},
): Promise<SpotifyServer> {
  const { token = 'spotify-access-token', playlists = defaultPlaylists, port = 0 } = options
  const requests: SpotifyRequest[] = []
  const plays: string[] = []
  const player: SpotifyPlayer = { contextUri: null, isPlaying: false, volumePercent: 50, deviceId: 'desk' }
  const answered = new Map<string, Answer>()
  const limited = { times: 0, seconds: 1 }

  /** What every command to the player begins with. */
  const aimed = ({ query }: SpotifyRequest, act: () => Answer): Answer => {
    const device = query['device_id'] ?? player.deviceId
    if (device === null) return failed(404, 'Player command failed: No active device found', 'NO_ACTIVE_DEVICE')
    if (device === 'gone') return failed(404, 'Device not found')
    player.deviceId = device
    return act()
  }
  const routes: Readonly<Record<string, (request: SpotifyRequest) => Answer>> = {
    'GET /v1/search': ({ query: { q = '', type = '', limit = '20' } }) => {
      if (q === '') return failed(400, 'No search query')
      if (type !== 'playlist') return failed(400, type === '' ? 'Missing parameter type' : 'Bad search type field')
      if (!/^(?:[1-9]|[1-4]\d|50)$/.test(limit)) return failed(400, 'Invalid limit')
      const found = playlists.filter(({ name }) => name.toLowerCase().includes(q.toLowerCase()))
      return { status: 200, body: searchResult(q, found, Number(limit)) }
    },
    'PUT /v1/me/player/play': (request) =>
      aimed(request, () => {
        const uri = (request.body as { context_uri?: unknown } | null)?.context_uri ?? player.contextUri
        if (typeof uri !== 'string' || !/^spotify:(?:playlist|album|artist):[A-Za-z0-9]+$/.test(uri)) return failed(400, 'Invalid context uri')
        Object.assign(player, { contextUri: uri, isPlaying: true })
        plays.push(uri)
        return done
      }),
    'PUT /v1/me/player/pause': (request) =>
      aimed(request, () => {
        if (!player.isPlaying) return failed(403, 'Player command failed: Restriction violated', 'UNKNOWN')
        player.isPlaying = false
        return done
      }),
    'PUT /v1/me/player/volume': (request) =>
      aimed(request, () => {
        const percent = request.query['volume_percent'] ?? ''
        if (!/^(?:\d|[1-9]\d|100)$/.test(percent)) return failed(400, 'Invalid volume_percent')
        player.volumePercent = Number(percent)
        return done
      }),
    'GET /v1/me/player/currently-playing': () =>
      player.contextUri === null ? done : { status: 200, body: playing(player.contextUri, player.isPlaying) },
  }
  const answerTo = (request: SpotifyRequest): Answer => {
    if (limited.times > 0) {
      limited.times -= 1
      return { ...failed(429, 'API rate limit exceeded'), headers: { 'retry-after': String(limited.seconds) } }
    }
    const given = request.headers['authorization']
    if (given === undefined) return failed(401, 'No token provided')
    if (given !== `Bearer ${token}`) return failed(401, 'Invalid access token')
    if (request.body instanceof SyntaxError) return failed(400, 'Malformed json')
    const route = routes[`${request.method} ${request.path}`]
    if (!route) return failed(404, 'Service not found')
    const key = request.headers['idempotency-key']
    const before = key === undefined ? undefined : answered.get(key)
    const answer = before ?? route(request)
    if (key !== undefined) answered.set(key, answer)
    return answer
  }
  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await readRequest(incoming)
    requests.push(request)
    const { status, body, headers = {} } = answerTo(request)
    const type = body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }
    response.writeHead(status, { ...type, ...headers }).end(body === undefined ? undefined : JSON.stringify(body))
  }
  const server = createServer((incoming, response) => void serve(incoming, response).catch(() => response.destroy()))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}/v1`,
    requests,
    plays,
    player,
    limit: (times, seconds) => void Object.assign(limited, { times, seconds }),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** A body that is no JSON is kept as the SyntaxError. */
async function readRequest(incoming: IncomingMessage): Promise<SpotifyRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString()
  const url = new URL(incoming.url ?? '/', 'http://loopback')
  let body: unknown = null
  try {
    if (text !== '') body = JSON.parse(text)
  } catch (error) {
    body = error
  }
  const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]))
  return { method: incoming.method ?? 'GET', path: url.pathname, query: Object.fromEntries(url.searchParams), headers, body }
}
