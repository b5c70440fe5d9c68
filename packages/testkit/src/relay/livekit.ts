import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { startVendor } from './vendor-server.ts'
import type { VendorAnswer, VendorRequest, VendorServer } from './vendor-server.ts'

export interface LiveKitRoom {
  /** `RM_` and twelve characters. */
  readonly sid: string
  readonly name: string
  readonly emptyTimeout: number
  readonly departureTimeout: number
  readonly maxParticipants: number
  readonly metadata: string
  readonly createdAt: number
  /** Who has joined. */
  readonly identities: readonly string[]
}
export interface LiveKitServer extends VendorServer {
  readonly apiKey: string
  readonly apiSecret: string
  /** The open rooms by name. A test takes one away as LiveKit does when nobody is in it for long. */
  readonly rooms: Map<string, LiveKitRoom>
  /** Lets whoever holds the access token into its room, which is made when it is not open. Throws, with LiveKit's reason, when the token is not good for that. */
  join(token: string): { readonly room: string; readonly identity: string }
}
interface Grants {
  readonly sub?: string
  readonly video?: { readonly roomCreate?: boolean; readonly roomList?: boolean; readonly roomJoin?: boolean; readonly room?: string }
}
/** Twirp's error body (specification v7) and its status. What is wrong with a token itself is said before Twirp, as plain text. */
const twirp = (status: number, code: string, msg: string): VendorAnswer => ({ status, body: { code, msg } })
const denied = twirp(401, 'unauthenticated', 'permissions denied')

/**
 * A loopback stand-in of LiveKit's room service: `POST /twirp/livekit.RoomService/{CreateRoom,ListRooms,DeleteRoom}` in JSON, as the server SDK sends it, with the
 * access token (HS256, issuer, times, grants) checked as LiveKit does, and its answers in protobuf's JSON with all fields. Creating a room that is open gives that one.
 */
export async function startLiveKit(): Promise<LiveKitServer> {
  const apiKey = `API${randomBytes(6).toString('hex')}`
  const apiSecret = randomBytes(32).toString('base64url')
  const rooms = new Map<string, LiveKitRoom>()
  const openRoom = (name: string, asked: Readonly<Record<string, unknown>> = {}): LiveKitRoom => {
    const known = rooms.get(name)
    if (known) return known
    // Protobuf's JSON leaves out what has its default.
    const number = (camel: string, snake: string, otherwise: number) => Number(asked[camel] ?? asked[snake] ?? otherwise)
    const room = {
      sid: `RM_${randomBytes(9).toString('base64url')}`,
      name,
      emptyTimeout: number('emptyTimeout', 'empty_timeout', 300),
      departureTimeout: number('departureTimeout', 'departure_timeout', 20),
      maxParticipants: number('maxParticipants', 'max_participants', 0),
      metadata: String(asked['metadata'] ?? ''),
      createdAt: Date.now(),
      identities: [],
    }
    rooms.set(name, room)
    return room
  }
  const methods: Readonly<Record<string, (body: Readonly<Record<string, unknown>>, video: NonNullable<Grants['video']>) => VendorAnswer>> = {
    CreateRoom(body, { roomCreate }) {
      if (roomCreate !== true) return denied
      if (typeof body['name'] !== 'string' || body['name'] === '') return twirp(400, 'invalid_argument', 'room name is required')
      return { status: 200, body: onWire(openRoom(body['name'], body)) }
    },
    ListRooms(body, { roomList }) {
      if (roomList !== true) return denied
      const names = Array.isArray(body['names']) ? body['names'] : []
      const listed = [...rooms.values()].filter(({ name }) => names.length === 0 || names.includes(name))
      return { status: 200, body: { rooms: listed.map(onWire) } }
    },
    DeleteRoom(body, { roomCreate }) {
      if (roomCreate !== true) return denied
      return rooms.delete(String(body['room'])) ? { status: 200, body: {} } : twirp(404, 'not_found', 'requested room does not exist')
    },
  }
  const answer = ({ method, path, headers, body }: VendorRequest): VendorAnswer => {
    const name = /^\/twirp\/livekit\.RoomService\/(\w+)$/.exec(path)?.[1] ?? ''
    const call = Object.hasOwn(methods, name) ? methods[name] : undefined
    if (!call) return twirp(404, 'bad_route', `no handler for path "${path}"`)
    if (method !== 'POST') return twirp(404, 'bad_route', `unsupported method "${method}" (only POST is allowed)`)
    const type = headers['content-type'] ?? ''
    if (!/^application\/json\b/i.test(type)) return twirp(404, 'bad_route', `unexpected Content-Type: "${type}"`)
    if (typeof body !== 'object' || body === null) return twirp(400, 'malformed', 'the json request could not be decoded')
    const token = headers['authorization']?.replace(/^Bearer /, '')
    if (token === undefined) return denied
    const grants = grantsOf(token, apiKey, apiSecret)
    return typeof grants === 'string' ? { status: 401, body: grants } : call(body as Record<string, unknown>, grants.video ?? {})
  }
  return {
    ...(await startVendor(answer)),
    apiKey,
    apiSecret,
    rooms,
    join(token) {
      const grants = grantsOf(token, apiKey, apiSecret)
      if (typeof grants === 'string') throw new Error(grants)
      const { sub: identity, video } = grants
      if (video?.roomJoin !== true || video.room === undefined || identity === undefined) throw new Error('permissions denied')
      const room = openRoom(video.room)
      if (room.maxParticipants > 0 && room.identities.length >= room.maxParticipants) throw new Error('room has exceeded its max participants')
      rooms.set(room.name, { ...room, identities: [...room.identities.filter((other) => other !== identity), identity] })
      return { room: room.name, identity }
    },
  }
}

/** The claims of a token of this key that is valid now, else what LiveKit says of it: its refusal of a well-formed one repeats the whole token. */
function grantsOf(token: string, apiKey: string, apiSecret: string): Grants | string {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const claims = claimsOf(payload)
  if (claims === null) return 'invalid authorization token'
  if (claims.iss !== apiKey) return `invalid API key: ${claims.iss}`
  const given = Buffer.from(signature, 'base64url')
  const due = createHmac('sha256', apiSecret).update(`${header}.${payload}`).digest()
  const invalid = (why: string): string => `invalid token: ${token}, error: ${why}`
  if (given.length !== due.length || !timingSafeEqual(given, due)) return invalid('go-jose/go-jose: error in cryptographic primitive')
  const now = Date.now() / 1000
  if ((claims.exp ?? 0) <= now) return invalid('go-jose/go-jose/jwt: validation failed, token is expired (exp)')
  if ((claims.nbf ?? 0) > now + 60) return invalid('go-jose/go-jose/jwt: validation failed, token not valid yet (nbf)')
  return claims
}
function claimsOf(payload: string): (Grants & { readonly iss?: string; readonly exp?: number; readonly nbf?: number }) | null {
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString())
  } catch {
    return null
  }
}

/** A room as Go's protobuf writes it in JSON: names of the .proto file, 64-bit numbers as text. */
const onWire = (room: LiveKitRoom): object => ({
  sid: room.sid,
  name: room.name,
  empty_timeout: room.emptyTimeout,
  departure_timeout: room.departureTimeout,
  max_participants: room.maxParticipants,
  creation_time: String(Math.floor(room.createdAt / 1000)),
  creation_time_ms: String(room.createdAt),
  turn_password: '',
  enabled_codecs: [],
  metadata: room.metadata,
  num_participants: room.identities.length,
  num_publishers: 0,
  active_recording: false,
  version: null,
})
