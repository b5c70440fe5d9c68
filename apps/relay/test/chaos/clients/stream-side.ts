import { createHash } from 'node:crypto'
import type { RelaySocket } from '@steward/testkit/relay'
import type { Tally } from '../tally.ts'

const pieceBytes = 16 * 1024
const window = 1024 * 1024
/** The bytes of a stream are known from its name, so nothing must be kept to send them again or to judge them. */
const pieceOf = (name: string, at: number): Buffer => Buffer.alloc(pieceBytes, createHash('sha256').update(`${name}.${at}`).digest())

export interface Opened {
  readonly streamId: string
  readonly key: string
}
/** One end of a stream as a client has it, over whatever socket it has at the moment. */
export interface StreamSide {
  /** One more piece may go. */
  produce(): void
  produced(): number
  received(): number
  /** SHA-256 of all that was received, and of all that this side produced. */
  hashes(): { readonly received: string; readonly produced: string }
  /** When the last byte came, `performance.now()`. */
  lastAt(): number
  closedBecause(): string | undefined
  /** Where this side stands, for a report. */
  state(): string
  use(socket: RelaySocket): void
  /** Takes the stream up on its socket again; false when that did not work. */
  resume(socket: RelaySocket): Promise<boolean>
}
interface Ack {
  readonly ok: boolean
  readonly error?: unknown
  readonly sendFrom?: number
  readonly allowed?: number
}
/** `sends` and `gets` name the bytes of each direction. */
export function createSide(
  opened: Opened,
  names: { readonly sends: string; readonly gets: string },
  allowedAtFirst: number,
  tally: Tally,
): StreamSide {
  const { streamId, key } = opened
  const hash = { received: createHash('sha256'), produced: createHash('sha256') }
  const now = { produced: 0, sent: 0, allowed: allowedAtFirst, received: 0, lastAt: performance.now(), closed: undefined as string | undefined }
  let current: RelaySocket | undefined
  const pump = () => {
    while (current?.socket.connected && now.sent < now.produced && now.sent + pieceBytes <= now.allowed) {
      const offset = now.sent
      now.sent += pieceBytes
      current.socket.emit('stream-data', { streamId, offset, data: pieceOf(names.sends, offset / pieceBytes) })
    }
  }
  const goOn = (from: number, allowed: number) => {
    if (from % pieceBytes !== 0 || from > now.produced) tally.broken(`${names.sends} is asked to go on from byte ${from} of ${now.produced}.`)
    Object.assign(now, { sent: from, allowed })
    pump()
  }
  const take = (offset: number, data: Uint8Array) => {
    if (offset !== now.received) return tally.broken(`${names.gets} brought byte ${offset} where ${now.received} was due.`)
    if (!pieceOf(names.gets, offset / pieceBytes).equals(data)) return tally.broken(`${names.gets} brought other bytes at ${offset}.`)
    hash.received.update(data)
    now.received += data.length
    now.lastAt = performance.now()
    tally.count('stream bytes', data.length)
    current?.socket.emit('stream-credit', { streamId, upTo: now.received + window })
  }
  let resuming: Promise<boolean> | undefined
  let last = 'never resumed'
  const resume = async (socket: RelaySocket): Promise<boolean> => {
    // It may have waited for its turn longer than its socket lived.
    if (!socket.socket.connected) return false
    now.allowed = 0
    use(socket)
    const ack = await Promise.race([
      socket
        .call<Ack>('stream-resume', { streamId, key, received: now.received }, 15_000)
        .catch((error: unknown): Ack => ({ ok: false, error: String(error) })),
      socket.closed.then((): Ack => ({ ok: false, error: 'The connection went.' })),
    ])
    last = `${JSON.stringify(ack)} at ${new Date().toISOString()}`
    if (!ack.ok) return false
    tally.count('stream resumptions')
    if (ack.sendFrom !== undefined) goOn(ack.sendFrom, ack.allowed ?? 0)
    return true
  }
  const heard = new WeakSet<RelaySocket>()
  const use = (used: RelaySocket) => {
    current = used
    if (heard.has(used)) return
    heard.add(used)
    const mine = (id: string) => id === streamId && current === used
    used.socket.on('stream-data', (frame: { streamId: string; offset: number; data: Uint8Array }) => {
      if (mine(frame.streamId)) take(frame.offset, frame.data)
    })
    used.socket.on('stream-credit', (frame: { streamId: string; upTo: number }) => {
      if (!mine(frame.streamId)) return
      now.allowed = Math.max(now.allowed, frame.upTo)
      pump()
    })
    used.socket.on('stream-resumed', (frame: { streamId: string; received: number }, answer: (value: unknown) => void) => {
      if (!mine(frame.streamId)) return
      answer({ received: now.received })
      goOn(frame.received, frame.received)
    })
    used.socket.on('stream-closed', (frame: { streamId: string; reason: string }) => {
      if (mine(frame.streamId)) now.closed = frame.reason
    })
  }
  return {
    produce() {
      hash.produced.update(pieceOf(names.sends, now.produced / pieceBytes))
      now.produced += pieceBytes
      pump()
    },
    produced: () => now.produced,
    received: () => now.received,
    hashes: () => ({ received: hash.received.copy().digest('hex'), produced: hash.produced.copy().digest('hex') }),
    lastAt: () => now.lastAt,
    closedBecause: () => now.closed,
    state: () => `sent ${now.sent}, allowed ${now.allowed}, ${current?.socket.connected ? 'connected' : 'not connected'}, last resumption ${last}`,
    use,
    async resume(socket) {
      // One after the other: of two at once the answers would not tell which of them holds.
      const before = resuming
      const own = (async () => {
        await before
        return resume(socket)
      })()
      resuming = own
      return own
    },
  }
}
