import type { Socket } from 'socket.io'
import { isBehind } from '../connection.ts'

/** A socket may have so many events under way; then it is not read until some are done. */
const most = 256
const few = 64
/** After so many answers it is looked at whether they are taken. */
const looksEvery = 16
interface Wire {
  pause?(): void
  resume?(): void
  terminate?(): void
}
export interface Flow {
  /** Counts an event until it is answered. */
  track(answered: Promise<void>): void
  /** Does work whose answer may be large: one piece at a time, begun when what was answered before has gone out. */
  alone<T>(work: () => Promise<T>): Promise<T>
  /** Resolves when everything that is under way now has been answered. */
  settled(): Promise<void>
  /** Reads no more; resolves when what is under way has been answered. */
  rest(): Promise<void>
  /** Reads again, and sends whoever is at the other end away: it is told, its transport is closed, and it connects anew, to another node where there is one. */
  part(): Promise<void>
}
/** So long the other end has to take what waits for it and to close its side. */
const partingMs = 1_000

/**
 * Knows the events under way on a socket and stops reading it while there are too many, or while their answers are not taken, so that a flood waits at its sender.
 * Long polling cannot be stopped: there the time-out of pings bounds it.
 */
export function createFlow(socket: Socket): Flow {
  const underWay = new Set<Promise<void>>()
  let [isBusy, isFull, isPaused, resting] = [false, false, false, false]
  let answers = 0
  let turn: Promise<unknown> = Promise.resolve()
  const waiting = new Set<() => void>()
  const wire = () => (socket.conn.transport as unknown as { socket?: Wire }).socket
  const steer = () => {
    const stops = isBusy || isFull
    if (resting || stops === isPaused) return
    isPaused = stops
    if (stops) wire()?.pause?.()
    else wire()?.resume?.()
  }
  const look = () => {
    isFull = isBehind({ socket })
    if (!isFull) {
      for (const go of waiting) go()
      waiting.clear()
    }
    steer()
  }
  const taken = () => {
    look()
    return isFull && socket.connected ? new Promise<void>((go) => waiting.add(go)) : undefined
  }
  const { conn } = socket
  conn.on('drain', look)
  socket.once('disconnect', () => {
    conn.off('drain', look)
    for (const go of waiting) go()
  })
  return {
    track(answered) {
      const counted = answered.finally(() => {
        underWay.delete(counted)
        if (underWay.size <= few) isBusy = false
        if (++answers % looksEvery === 0) look()
        else steer()
      })
      underWay.add(counted)
      if (underWay.size >= most) isBusy = true
      steer()
    },
    alone(work) {
      const mine = turn.then(taken).then(work)
      turn = mine.catch(() => undefined)
      return mine
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
