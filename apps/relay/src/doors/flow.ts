import type { Socket } from 'socket.io'

/** A socket may have so many events under way; then it is not read until some are done. */
const most = 256
const few = 64
interface Pausable {
  pause?(): void
  resume?(): void
}
/** Counts events under way on a socket and stops reading it while there are too many, so that a flood waits at its sender. */
export function createFlow(socket: Socket): { begin(): void; end(): void } {
  let underWay = 0
  let paused = false
  const wire = () => (socket.conn.transport as unknown as { socket?: Pausable }).socket
  return {
    begin() {
      underWay++
      if (underWay < most || paused) return
      paused = true
      wire()?.pause?.()
    },
    end() {
      underWay--
      if (underWay > few || !paused) return
      paused = false
      wire()?.resume?.()
    },
  }
}
