import type { Socket } from 'socket.io'

/** A socket may have so many events under way; then it is not read until some are done. */
const most = 256
const few = 64
interface Wire {
  pause?(): void
  resume?(): void
  terminate?(): void
}
export interface Flow {
  /** Counts an event until it is answered. */
  track(answered: Promise<void>): void
  /** Resolves when everything that is under way now has been answered. */
  settled(): Promise<void>
  /** Reads no more; resolves when what is under way has been answered. */
  rest(): Promise<void>
  /** Reads again, and sends whoever is at the other end away: it is told, its transport is closed, and it connects anew, to another node where there is one. */
  part(): Promise<void>
}
/** So long the other end has to take what waits for it and to close its side. */
const partingMs = 1_000

/** Knows the events under way on a socket and stops reading it while there are too many, so that a flood waits at its sender. */
export function createFlow(socket: Socket): Flow {
  const underWay = new Set<Promise<void>>()
  let paused = false
  let resting = false
  const wire = () => (socket.conn.transport as unknown as { socket?: Wire }).socket
  return {
    track(answered) {
      const counted = answered.finally(() => {
        underWay.delete(counted)
        if (resting || underWay.size > few || !paused) return
        paused = false
        wire()?.resume?.()
      })
      underWay.add(counted)
      if (underWay.size < most || paused) return
      paused = true
      wire()?.pause?.()
    },
    settled: async () => void (await Promise.allSettled(underWay)),
    async rest() {
      resting = true
      wire()?.pause?.()
      await Promise.allSettled(underWay)
    },
    part: () =>
      new Promise((resolve) => {
        const held = wire()
        socket.once('disconnect', () => resolve())
        setTimeout(() => {
          held?.terminate?.()
          resolve()
        }, partingMs).unref()
        socket.emit('ended', { reason: 'stopping' })
        held?.resume?.()
        // Not `disconnect`: clients take a polite end from the server as one for good, and do not connect again by themselves.
        socket.conn.close()
      }),
  }
}
