import type { Reader } from '../changes/hub.ts'
import type { Numbered } from '../changes/log.ts'
import { roomOf, type Connection } from '../connection.ts'

/** So much may wait for one socket before it gets a cursor of its own instead. */
const waitingBytes = 1024 * 1024

export interface ReaderPorts {
  /** Called when the socket has taken nothing for too long. */
  stalled(): void
  /** Called when it cannot keep up (1), and when it has caught up or gone (-1). */
  behind(step: 1 | -1): void
  readonly limitMs: number
}
/** A socket as a reader of the log, with what waits for it counted. */
export interface SocketReader extends Reader {
  readonly connection: Connection
  /** Counts what was told to its room. */
  told(bytes: number): void
  full(): boolean
  end(): void
}
/** What a change weighs on the wire, about: what waits is counted, not measured. */
export const weightOf = ({ update }: Numbered): number => 300 + lengthOf(update.body, 3)
/** The characters of the texts in a value, so many levels deep. */
function lengthOf(value: unknown, levels: number): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null || levels === 0) return 0
  let sum = 0
  for (const inner of Object.values(value)) sum += lengthOf(inner, levels - 1)
  return sum
}
/** Makes a socket a reader. */
export function createReader(connection: Connection, { stalled, behind, limitMs }: ReaderPorts): SocketReader {
  const { socket, sessionId, machineId } = connection
  // Live changes have a room of their own: a socket leaves it while it reads for itself, and still hears signals.
  const room = liveRoom(roomOf(connection))
  let waiting = 0
  let isBehind = false
  const note = (now: boolean) => {
    if (isBehind !== now) behind(now ? 1 : -1)
    isBehind = now
  }
  let ready: (() => void) | undefined
  let clock: NodeJS.Timeout | undefined
  const drained = () => {
    waiting = 0
    clearTimeout(clock)
    clock = undefined
    const go = ready
    ready = undefined
    go?.()
  }
  socket.conn.on('drain', drained)
  // What Engine.IO has not handed to the network yet; its types keep it to itself.
  const queue = () => (socket.conn as unknown as { writeBuffer: readonly unknown[] }).writeBuffer
  const full = () => waiting > waitingBytes && queue().length > 0
  return {
    id: socket.id,
    connection,
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(machineId === undefined ? {} : { machineId }),
    give(change) {
      socket.emit('update', change.update)
      waiting += weightOf(change)
    },
    settled() {
      if (!full()) return Promise.resolve()
      clock ??= setTimeout(stalled, limitMs)
      return new Promise((go) => (ready = go))
    },
    live(on) {
      note(!on)
      if (on) void socket.join(room)
      else void socket.leave(room)
    },
    reset: (seq) => void socket.emit('reset', { seq }),
    told: (bytes) => {
      if (queue().length > 0) waiting += bytes
    },
    full,
    end() {
      note(false)
      socket.conn.off('drain', drained)
      drained()
    },
  }
}
export const liveRoom = (room: string): string => `live:${room}`
