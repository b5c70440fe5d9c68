import type { Connection } from '../../connection.ts'
import { firstWindow, mostWindow } from './frames.ts'
import type { End } from './stream-keys.ts'

/** Where the other end is: a socket on a node. */
export interface Place {
  readonly node: string
  readonly socket: string
}
/** One end of a stream, on the node of its socket. Bytes are counted from the stream's beginning, each way for itself. */
export interface StreamEnd {
  readonly streamId: string
  readonly end: End
  readonly connection: Connection
  /** Undefined while the other end is away. */
  peer: Place | undefined
  /** The next byte this end sends. */
  sent: number
  /** False from when it was told where to go on until it does: what it sends meanwhile was on its way already and comes again. */
  isHeard: boolean
  /** It may send up to here. */
  allowed: number
  /** The next byte it is given. */
  given: number
  /** Up to here it has asked to be given. */
  asked: number
  /** Looks for the other end while it is away, and ends the stream when it stays away. */
  waiting: NodeJS.Timeout | undefined
  /** Whether the other end is being asked where to go on. */
  isMeeting: boolean
}
/** So many streams one socket may have. */
const mostStreams = 64
/** So much may wait for one socket on its way out: more is a receiver that asks for bytes and does not take them. */
const mostWaiting = 4 * mostWindow

/** The ends on this node. */
export function createEnds() {
  const bySocket = new Map<string, Map<string, StreamEnd>>()
  const waitingBytes = new Map<string, number>()
  return {
    find: (socketId: string, streamId: string) => bySocket.get(socketId)?.get(streamId),
    of: (socketId: string): readonly StreamEnd[] => [...(bySocket.get(socketId)?.values() ?? [])],
    all: (): readonly StreamEnd[] => [...bySocket.values()].flatMap((own) => [...own.values()]),
    hasRoom: (socketId: string) => (bySocket.get(socketId)?.size ?? 0) < mostStreams,
    add(connection: Connection, streamId: string, end: End, peer: Place | undefined, given: number, allowed: number): StreamEnd {
      const added: StreamEnd = {
        streamId,
        end,
        connection,
        peer,
        sent: 0,
        isHeard: true,
        allowed,
        given,
        asked: given + firstWindow,
        waiting: undefined,
        isMeeting: false,
      }
      const own = bySocket.get(connection.id) ?? new Map<string, StreamEnd>()
      clearTimeout(own.get(streamId)?.waiting)
      if (own.size === 0) connection.socket.conn.on('drain', () => waitingBytes.delete(connection.id))
      bySocket.set(connection.id, own.set(streamId, added))
      return added
    },
    /** Removes an end; one that has replaced it stays. */
    remove(one: StreamEnd): void {
      const { connection, streamId } = one
      clearTimeout(one.waiting)
      const own = bySocket.get(connection.id)
      if (own?.get(streamId) === one) own.delete(streamId)
      if (own?.size === 0) bySocket.delete(connection.id)
    },
    /** Counts bytes on their way to a socket; false when too many wait for it. */
    weigh(socketId: string, size: number): boolean {
      const waiting = (waitingBytes.get(socketId) ?? 0) + size
      waitingBytes.set(socketId, waiting)
      return waiting <= mostWaiting
    },
    forget: (socketId: string) => void waitingBytes.delete(socketId),
  }
}
export type Ends = ReturnType<typeof createEnds>
