import type { Asking } from '../../platform/asking.ts'
import { isSameHolder, type Directory } from '../../platform/directory.ts'
import type { Ends, Place, StreamEnd } from './ends.ts'
import { resumeAnswer } from './frames.ts'
import { otherEnd, type End } from './stream-keys.ts'

interface Return {
  readonly socket: string
  readonly streamId: string
  readonly received: number
  readonly from: Place
}
interface MeetingPorts {
  readonly node: string
  readonly asking: Asking
  readonly directory: Directory
  readonly ends: Ends
  /** Lets the other end send. */
  askFor(one: StreamEnd): void
  /** The other end stays away. */
  giveUp(one: StreamEnd, reason: string): void
  readonly graceMs: number
  /** How long a client may take to say what it has. */
  readonly askMs: number
}
/** So often an end that waits looks for the other, and so long a node that may not hear yet may take to answer then. */
const lookEveryMs = 2_000
export const endKey = (streamId: string, end: End) => `stream:${streamId}:${end}`

/**
 * Brings the two ends of a stream together again: each tells the other what it has received, and goes on from there. Both may try at once, and what was on its way may
 * come late: a byte's number says which one it is, so what is known already counts for nothing, and credit that was given once holds.
 */
export function createMeetings({ node, asking, directory, ends, askFor, giveUp, graceMs, askMs }: MeetingPorts) {
  const isHere = (one: StreamEnd) => ends.find(one.connection.id, one.streamId) === one
  /** Tells a client where to go on; it answers what it has. It has forgotten what credit it had. */
  const tell = async ({ connection: { socket }, streamId }: StreamEnd, received: number) =>
    resumeAnswer.parse(await socket.timeout(askMs).emitWithAck('stream-resumed', { streamId, received }))
  const remind = ({ connection: { socket }, streamId, allowed }: StreamEnd) => void socket.emit('stream-credit', { streamId, upTo: allowed })

  /** Finds the other end, whose answer may take so long; answers from which byte this one is to send, or undefined where the other is away. */
  const meet = async (one: StreamEnd, limitMs = askMs + 1_000): Promise<number | undefined> => {
    const { streamId, connection } = one
    one.isMeeting = true
    try {
      const peer = await directory.find(endKey(streamId, otherEnd(one.end)))
      if (!peer) return undefined
      const question = { socket: peer.socket, streamId, received: one.given, from: { node, socket: connection.id } } satisfies Return
      const answer = (await asking.ask(peer.node, 'stream-return', question, limitMs)) as { received: number; asked: number }
      if (!isHere(one)) return undefined
      clearTimeout(one.waiting)
      const allowed = Math.max(one.allowed, answer.asked)
      Object.assign(one, { peer, sent: answer.received, isHeard: false, allowed } satisfies Partial<StreamEnd>)
      setImmediate(() => askFor(one))
      return answer.received
    } catch {
      // The other end has lost its connection too: whoever comes back last finds the other.
      return undefined
    } finally {
      one.isMeeting = false
    }
  }
  /** The same for an end whose client has lost nothing, and is told where to go on. */
  const meetAgain = async (one: StreamEnd): Promise<void> => {
    if (one.isMeeting || !isHere(one)) return
    const sendFrom = await meet(one, lookEveryMs)
    if (sendFrom === undefined) return
    // A client that does not answer is found out by its socket.
    tell(one, sendFrom).catch(() => undefined)
    remind(one)
  }
  /** The other end is away: what it sends from there counts for nothing, and it is looked for until it is given up. */
  const awaitPeer = (one: StreamEnd): void => {
    one.peer = undefined
    clearTimeout(one.waiting)
    if (!isHere(one)) return
    const endsAt = performance.now() + graceMs
    const look = () => (performance.now() >= endsAt ? giveUp(one, 'The other end did not come back.') : void meetAgain(one))
    one.waiting = setInterval(look, Math.min(lookEveryMs, graceMs))
  }
  /** Throws where the other end has been taken up by another connection than this, which may be dead already: its question comes too late. */
  const isStillThere = async ({ streamId, end }: StreamEnd, from: Place): Promise<void> => {
    const holder = await directory.find(endKey(streamId, otherEnd(end)))
    if (holder && !isSameHolder(holder, from)) throw new Error('The end is elsewhere by now.')
  }
  asking.on('stream-return', async (question) => {
    const { socket, streamId, received, from } = question as Return
    const one = ends.find(socket, streamId)
    if (!one) throw new Error('The other end is not here.')
    await isStillThere(one, from)
    awaitPeer(one)
    const answer = await tell(one, received)
    await isStillThere(one, from)
    if (!isHere(one)) throw new Error('The other end has gone.')
    clearTimeout(one.waiting)
    const allowed = Math.max(one.allowed, received)
    // Another may have asked at the same time, and been heard first: what was given since is on its way, whatever the client had when it answered.
    const given = Math.max(one.given, answer.received)
    Object.assign(one, { peer: from, sent: received, isHeard: false, allowed, given } satisfies Partial<StreamEnd>)
    remind(one)
    return { received: given, asked: one.asked }
  })
  return {
    meet,
    awaitPeer,
    /** Something was lost between the two nodes. The opener's end is the one to be quick, so that the two do not cross. */
    lost(one: StreamEnd): void {
      awaitPeer(one)
      if (one.end === 'opener') void meetAgain(one)
    },
  }
}
