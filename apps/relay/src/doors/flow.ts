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
  begin(): void
  end(): void
  /** Reads no more; resolves when what is under way has been answered. */
  rest(): Promise<void>
  /** Reads again, and sends whoever is at the other end away: it is told, its transport is closed, and it connects anew, to another node where there is one. */
  part(): Promise<void>
}
/** So long the other end has to take what waits for it and to close its side. */
const partingMs = 1_000

/** Counts events under way on a socket and stops reading it while there are too many, so that a flood waits at its sender. */
export function createFlow(socket: Socket): Flow {
  let underWay = 0
  let paused = false
  let rested: (() => void) | undefined
  const wire = () => (socket.conn.transport as unknown as { socket?: Wire }).socket
  return {
    begin() {
      underWay++
      if (underWay < most || paused) return
      paused = true
      wire()?.pause?.()
    },
    end() {
      underWay--
      if (rested !== undefined) return void (underWay === 0 && rested())
      if (underWay > few || !paused) return
      paused = false
      wire()?.resume?.()
    },
    rest: () =>
      new Promise((resolve) => {
        rested = resolve
        wire()?.pause?.()
        if (underWay === 0) resolve()
      }),
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
