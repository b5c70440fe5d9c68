import { Fault } from '@steward/contract'

export interface VoicePlace {
  /** `wss://host` or `https://host`. */
  readonly url: string
  readonly key: string
  readonly secret: string
}
/** Rooms at a LiveKit server. All but `token` ask it, for 10 s at most, and throw Fault `unavailable` where it does not do as it is told. */
export interface VoiceRooms {
  /** The address that clients connect to. */
  readonly url: string
  /** Opens a room, or finds it open. It closes by itself when nobody came, or everybody left, for `emptyS` seconds. */
  open(room: string, emptyS: number): Promise<void>
  /** Closes a room; one that is not there is closed. */
  close(room: string): Promise<void>
  /** Which of these rooms are open. */
  opened(rooms: readonly string[]): Promise<ReadonlySet<string>>
  /** Lets one into one room, to speak and to hear, until it expires; nothing else. */
  token(room: string, identity: string, lifeMs: number): Promise<string>
}
const askS = 10

/** Speaks to LiveKit with its own client, which is loaded at the first use. LiveKit's words are never told further: its refusals repeat the access token. */
export function createVoiceRooms({ url, key, secret }: VoicePlace): VoiceRooms {
  const library = () => import('livekit-server-sdk')
  const { host } = new URL(url)
  const ask = async <T>(
    work: (client: InstanceType<Awaited<ReturnType<typeof library>>['RoomServiceClient']>) => Promise<T>,
    but?: number,
  ): Promise<T | undefined> => {
    const { RoomServiceClient } = await library()
    try {
      return await work(new RoomServiceClient(url.replace(/^ws/, 'http'), key, secret, { requestTimeout: askS, failover: false }))
    } catch (error) {
      const { status } = error as { status?: unknown }
      if (typeof status !== 'number') throw new Fault('unavailable', `The voice server ${host} cannot be reached; try again later.`)
      if (status === but) return undefined
      const advice = status === 401 || status === 403 ? 'its operator must check the LiveKit key and secret of this relay' : 'try again later'
      throw new Fault('unavailable', `The voice server ${host} refused with ${status}; ${advice}.`)
    }
  }
  return {
    url: url.replace(/^http/, 'ws'),
    open: async (name, emptyS) => void (await ask((client) => client.createRoom({ name, emptyTimeout: emptyS, departureTimeout: emptyS }))),
    close: async (room) => void (await ask((client) => client.deleteRoom(room), 404)),
    async opened(rooms) {
      if (rooms.length === 0) return new Set()
      return new Set(((await ask((client) => client.listRooms([...rooms]))) ?? []).map(({ name }) => name))
    },
    async token(room, identity, lifeMs) {
      const { AccessToken } = await library()
      const token = new AccessToken(key, secret, { identity, ttl: Math.ceil(lifeMs / 1000) })
      token.addGrant({ roomJoin: true, room, canPublish: true, canSubscribe: true, canPublishData: true })
      return token.toJwt()
    },
  }
}
