import { Fault } from '@steward/contract'
import type { z } from 'zod'
import type { Connection } from '../../connection.ts'
import type { Asking } from '../../platform/asking.ts'
import type { Bus } from '../../platform/bus.ts'
import { isSameHolder, type Directory } from '../../platform/directory.ts'
import { createEnds, type Place, type StreamEnd } from './ends.ts'
import { firstWindow, mostWindow, offerAnswer, type frames } from './frames.ts'
import { createMeetings, endKey } from './meetings.ts'
import type { End, StreamKeys } from './stream-keys.ts'

/** What ends tell each other through their nodes. `to` is the socket of the end that is told. */
export interface StreamSignals {
  streamData: { readonly to: string; readonly streamId: string; readonly offset: number; readonly data: Uint8Array }
  streamCredit: { readonly to: string; readonly streamId: string; readonly upTo: number }
  streamClosed: { readonly to: string; readonly streamId: string; readonly reason: string }
  /** An end has lost its connection; one that has moved on since is not meant. */
  streamLost: { readonly to: string; readonly streamId: string; readonly from: string }
  /** An end was taken up by another connection. */
  streamMoved: { readonly to: string; readonly streamId: string }
}
export interface StreamPorts {
  readonly bus: Bus<StreamSignals>
  readonly asking: Asking
  readonly directory: Directory
  readonly keys: StreamKeys
  /** A socket of this node. */
  connection(accountId: string, socketId: string): Connection | undefined
  /** Rings for a node that is gone with all its sockets. */
  onNodeGone(ring: (node: string) => void): void
  /** How long a stream outlives the connection of one end. */
  readonly graceMs: number
}
type Frame<K extends keyof typeof frames> = z.output<(typeof frames)[K]>
interface Offer {
  readonly accountId: string
  readonly socket: string
  readonly streamId: string
  readonly meta: string
  readonly from: Place
}
const askMs = 10_000
const none = () => new Fault('not_found', 'There is no such stream on this socket.')
const machineKey = (accountId: string, machineId: string) => `streams-of:${accountId}:${machineId}`

/** Opaque streams between two sockets of one account, on one node or two. Nothing is kept of what they carry: each end keeps what the other has not confirmed. */
export function createStreams({ bus, asking, directory, keys, connection, onNodeGone, graceMs }: StreamPorts) {
  const ends = createEnds()
  const end = (socketId: string, streamId: string): StreamEnd => {
    const found = ends.find(socketId, streamId)
    if (!found) throw none()
    return found
  }
  /** Makes this socket the one that an end is at; the one before gives it up. */
  const claim = async ({ id, gone }: Connection, streamId: string, own: End): Promise<void> => {
    const [key, place] = [endKey(streamId, own), { node: bus.node, socket: id }]
    const before = await directory.claim(key, place)
    if (gone.aborted) {
      await directory.release(key, place)
      throw new Fault('unavailable', 'The connection is gone.')
    }
    if (before) bus.send(before.node, 'streamMoved', { to: before.socket, streamId })
  }
  const closeHere = (one: StreamEnd, reason: string) => {
    ends.remove(one)
    void directory.release(endKey(one.streamId, one.end), { node: bus.node, socket: one.connection.id })
    one.connection.socket.emit('stream-closed', { streamId: one.streamId, reason })
  }
  const closeBoth = (one: StreamEnd, reason: string) => {
    if (one.peer) bus.send(one.peer.node, 'streamClosed', { to: one.peer.socket, streamId: one.streamId, reason })
    closeHere(one, reason)
  }
  /** Lets the other end send: after the acknowledgement that the stream is there, so that no bytes come before it. */
  const askFor = ({ peer, streamId, asked }: StreamEnd) => {
    if (peer) bus.send(peer.node, 'streamCredit', { to: peer.socket, streamId, upTo: asked })
  }
  const meetings = createMeetings({ node: bus.node, asking, directory, ends, askFor, giveUp: closeHere, graceMs, askMs })
  bus.on('streamData', ({ to, streamId, offset, data }) => {
    const one = ends.find(to, streamId)
    // What was on its way while the end moved comes again from its new place.
    if (!one?.peer || offset < one.given) return
    if (offset > one.given) return meetings.lost(one)
    one.given += data.length
    one.connection.socket.emit('stream-data', { streamId, offset, data })
    if (!ends.weigh(to, data.length)) closeBoth(one, 'The receiver asked for more than it takes.')
  })
  bus.on('streamCredit', ({ to, streamId, upTo }) => {
    const one = ends.find(to, streamId)
    if (!one || upTo <= one.allowed) return
    one.allowed = upTo
    // It is told when it knows where to go on.
    if (one.peer) one.connection.socket.emit('stream-credit', { streamId, upTo })
  })
  bus.on('streamClosed', ({ to, streamId, reason }) => {
    const one = ends.find(to, streamId)
    if (one) closeHere(one, reason)
  })
  const pause = (one: StreamEnd) => {
    meetings.awaitPeer(one)
    one.connection.socket.emit('stream-paused', { streamId: one.streamId })
  }
  bus.on('streamLost', ({ to, streamId, from }) => {
    const one = ends.find(to, streamId)
    if (one?.peer?.socket === from) pause(one)
  })
  bus.on('streamMoved', ({ to, streamId }) => {
    const one = ends.find(to, streamId)
    if (!one) return
    const stays = async () => {
      const holder = await directory.find(endKey(streamId, one.end))
      return !holder || isSameHolder(holder, { node: bus.node, socket: to })
    }
    // It may have been taken back meanwhile; where that cannot be known, it finds out when it looks for the other end.
    stays().then(
      (does) => (does ? undefined : ends.remove(one)),
      () => undefined,
    )
  })
  onNodeGone((node) => {
    for (const one of ends.all()) if (one.peer?.node === node) pause(one)
  })
  bus.onReconnect(() => {
    for (const one of ends.all()) if (one.peer && one.peer.node !== bus.node) meetings.lost(one)
  })
  asking.on('stream-offer', async (question) => {
    const { accountId, socket, streamId, meta, from } = question as Offer
    const machine = connection(accountId, socket)
    if (!machine) throw new Error('The machine is not connected.')
    if (!ends.hasRoom(socket)) throw new Error('The machine has too many streams.')
    const one = ends.add(machine, streamId, 'machine', from, 0, 0)
    // It may send when the opener has been told that the stream is open.
    try {
      await claim(machine, streamId, 'machine')
      const key = keys.keyOf(streamId, accountId, 'machine')
      const answer = offerAnswer.parse(await machine.socket.timeout(askMs).emitWithAck('stream-offer', { streamId, key, meta }))
      if (!answer.accept) throw new Error(answer.reason ?? 'The machine did not accept.')
      return null
    } catch (error) {
      ends.remove(one)
      throw error
    }
  })
  return {
    /** A machine's socket takes streams from now on; the newest one does. */
    async listen({ holder, id, machineId }: Connection): Promise<void> {
      if (machineId === undefined) throw new Fault('forbidden', 'Only a machine takes streams: connect with its machineId.')
      await directory.claim(machineKey(holder.accountId, machineId), { node: bus.node, socket: id })
    },
    async open(from: Connection, { machineId, meta }: Frame<'open'>): Promise<{ streamId: string; key: string }> {
      const { accountId } = from.holder
      const target = await directory.find(machineKey(accountId, machineId))
      if (!target) throw new Fault('unavailable', 'The machine is offline.')
      if (!ends.hasRoom(from.id)) throw new Fault('too_many', 'This socket has too many streams; close some.')
      const streamId = keys.newId()
      const one = ends.add(from, streamId, 'opener', target, 0, firstWindow)
      try {
        await claim(from, streamId, 'opener')
        await asking.ask(
          target.node,
          'stream-offer',
          { accountId, socket: target.socket, streamId, meta, from: { node: bus.node, socket: from.id } } satisfies Offer,
          askMs + 1_000,
        )
      } catch (error) {
        ends.remove(one)
        throw new Fault('unavailable', (error as Error).message, undefined, { cause: error })
      }
      setImmediate(() => askFor(one))
      return { streamId, key: keys.keyOf(streamId, accountId, 'opener') }
    },
    data({ id }: Connection, { streamId, offset, data }: Frame<'data'>): void {
      const one = end(id, streamId)
      // While the other end is away, what is sent is sent again when it is back.
      if (!one.peer) return
      const known = one.sent - offset
      const isMuch = offset + data.length > one.allowed
      if ((known < 0 || isMuch) && !one.isHeard) return
      if (known < 0) return closeBoth(one, `The next byte is ${one.sent}, not ${offset}.`)
      if (isMuch) return closeBoth(one, `The other end has asked for bytes up to ${one.allowed} only.`)
      if (known >= data.length) return
      one.isHeard = true
      bus.send(one.peer.node, 'streamData', { to: one.peer.socket, streamId, offset: one.sent, data: known === 0 ? data : data.subarray(known) })
      one.sent = offset + data.length
    },
    credit({ id }: Connection, { streamId, upTo }: Frame<'credit'>): void {
      const one = end(id, streamId)
      if (upTo > one.given + mostWindow) return closeBoth(one, `No more than ${mostWindow} bytes may be asked for ahead.`)
      one.asked = Math.max(one.asked, upTo)
      askFor(one)
    },
    close({ id }: Connection, { streamId, reason }: Frame<'close'>): void {
      closeBoth(end(id, streamId), reason)
    },
    /** Takes an end up again on this socket; answers from which byte to send, or that the other end is away too. */
    async resume(on: Connection, { streamId, key, received }: Frame<'resume'>): Promise<{ sendFrom: number; allowed: number } | { waiting: true }> {
      const { accountId } = on.holder
      const own = keys.endOf(streamId, accountId, key)
      if (own === undefined) throw none()
      if (!ends.hasRoom(on.id)) throw new Fault('too_many', 'This socket has too many streams; close some.')
      await claim(on, streamId, own)
      // What this socket was given is on its way to it, whatever it had when it asked.
      const given = Math.max(received, ends.find(on.id, streamId)?.given ?? 0)
      const one = ends.add(on, streamId, own, undefined, given, 0)
      const sendFrom = await meetings.meet(one)
      if (sendFrom !== undefined) return { sendFrom, allowed: one.allowed }
      // The other end is away too, or it has just come back by itself.
      if (!one.peer) meetings.awaitPeer(one)
      return { waiting: true }
    },
    /** A socket is gone: the other ends wait for it. */
    gone({ id, holder, machineId }: Connection): void {
      for (const one of ends.of(id)) {
        ends.remove(one)
        if (one.peer) bus.send(one.peer.node, 'streamLost', { to: one.peer.socket, streamId: one.streamId, from: id })
        void directory.release(endKey(one.streamId, one.end), { node: bus.node, socket: id })
      }
      ends.forget(id)
      if (machineId !== undefined) void directory.release(machineKey(holder.accountId, machineId), { node: bus.node, socket: id })
    },
  }
}
export type Streams = ReturnType<typeof createStreams>
