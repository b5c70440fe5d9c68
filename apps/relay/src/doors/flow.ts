import type { Socket } from 'socket.io'

/** A socket may have so many events under way; then it is not read until some are done. */
const most = 256
const few = 64
interface Pausable {
  pause?(): void
  resume?(): void
}
export interface Flow {
  /** Counts an event until it is answered. */
  track(answered: Promise<void>): void
  /** Resolves when everything that is under way now has been answered. */
  settled(): Promise<void>
}
/** Knows the events under way on a socket and stops reading it while there are too many, so that a flood waits at its sender. */
export function createFlow(socket: Socket): Flow {
  const underWay = new Set<Promise<void>>()
  let paused = false
  const wire = () => (socket.conn.transport as unknown as { socket?: Pausable }).socket
  return {
    track(answered) {
      const counted = answered.finally(() => {
        underWay.delete(counted)
        if (underWay.size > few || !paused) return
        paused = false
        wire()?.resume?.()
      })
      underWay.add(counted)
      if (underWay.size < most || paused) return
      paused = true
      wire()?.pause?.()
    },
    settled: async () => void (await Promise.allSettled(underWay)),
  }
}
