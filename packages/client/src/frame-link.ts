import { Fault } from '@steward/contract'
import { rest, waitBefore, type Patience } from './back-off.ts'
import { cutOff, faultFrom, givenUp, unreachable } from './faults.ts'

/** An open connection that carries frames. */
export interface Line {
  send(frame: string): void
  /** Ends it at once; `closed` follows. */
  cut(): void
  /** Resolves when the connection has ended; with a fault when the daemon said why and a new one would end the same way. */
  readonly closed: Promise<Fault | undefined>
}
/** Opens a connection. Frames that come in go to `receive`. Throws Fault where the daemon refuses; anything else is a failed try. */
export type OpenLine = (receive: (frame: string) => void, signal: AbortSignal) => Promise<Line>

export interface Answer {
  readonly id: number
  readonly ok?: unknown
  readonly fault?: unknown
  readonly [field: string]: unknown
}
/** Something under way: a call, a stream, a transfer. */
export interface Flight {
  /** Says itself to a connection: at the beginning, and anew on each connection after a cut. */
  start(send: (rest: Record<string, unknown>) => void): void
  /** `length` is how long the frame was, in characters. */
  receive(answer: Answer, length: number): void
  fail(fault: Fault): void
  /** After a cut it is said again; what may not be fails. */
  again(): boolean
  /** Streams wait for ever, calls as long as patience says. */
  patient(): boolean
}
/** How the connection does, for whoever shows it: `since` and `nextTryAt` in milliseconds of the epoch. */
export type ConnectionState = { readonly connected: true } | { readonly connected: false; readonly since: number; readonly nextTryAt: number }
export interface Link {
  /** How many things are under way. */
  readonly busy: number
  /** Whether there is a connection now. */
  readonly connected: boolean
  /** Puts something under way; answers how to send more for it, and how to end it. */
  add(flight: Flight): { send(rest: Record<string, unknown>): void; end(): void }
  /** Whether the connection may be dead: it is cut and made anew. */
  suspect(): void
  close(): Promise<void>
}
const maxFrameLength = 16 * 1024 * 1024

/** Keeps one connection while anything is under way, with many things at a time; makes it anew after a cut. `watch` is told when it is there, and before each wait for it. */
export function createLink(open: OpenLine, pace: Patience, watch: (state: ConnectionState) => void = () => undefined): Link {
  const flights = new Map<number, Flight>()
  const closed = new AbortController()
  let line: Line | undefined
  let keeper: Promise<void> | undefined
  let lastId = 0
  let attempt = 0
  let troubleSince: number | undefined

  const failAll = (fault: Fault, which: (flight: Flight) => boolean = () => true) => {
    for (const [id, flight] of flights) {
      if (!which(flight)) continue
      flights.delete(id)
      flight.fail(fault)
    }
  }
  const sendFor = (id: number) => (parts: Record<string, unknown>) => {
    if (line === undefined || !flights.has(id)) return
    const frame = JSON.stringify({ id, ...parts })
    if (frame.length * 3 <= maxFrameLength || new TextEncoder().encode(frame).byteLength <= maxFrameLength) return line.send(frame)
    const flight = flights.get(id)
    flights.delete(id)
    flight?.fail(new Fault('too_large', `A frame has at most ${maxFrameLength} bytes.`))
  }
  const receive = (text: string) => {
    attempt = 0
    troubleSince = undefined
    const answer = JSON.parse(text) as Answer
    flights.get(answer.id)?.receive(answer, text.length)
  }
  const keep = async () => {
    while (flights.size > 0 && !closed.signal.aborted) {
      troubleSince ??= Date.now()
      try {
        line = await open(receive, closed.signal)
        for (const [id, flight] of flights) flight.start(sendFor(id))
        // Told last: what the one who is told puts under way says itself, and must not be said once more here.
        watch({ connected: true })
        const why = await line.closed
        line = undefined
        if (why) failAll(why)
        else failAll(cutOff(), (flight) => !flight.again())
      } catch (error) {
        line = undefined
        if (error instanceof Fault && !error.retryable) failAll(error)
        else if (Date.now() - troubleSince >= pace.patienceMs)
          failAll(error instanceof Fault ? error : unreachable(error), (flight) => !flight.patient())
      }
      if (flights.size === 0) break
      const waitMs = waitBefore(attempt++, pace)
      watch({ connected: false, since: (troubleSince ??= Date.now()), nextTryAt: Date.now() + waitMs })
      await rest(waitMs, closed.signal)
    }
    troubleSince = undefined
  }
  const ensure = () => {
    keeper ??= keep().finally(() => {
      keeper = undefined
      if (flights.size > 0 && !closed.signal.aborted) ensure()
    })
  }
  return {
    get busy() {
      return flights.size
    },
    get connected() {
      return line !== undefined
    },
    add(flight) {
      const id = ++lastId
      if (closed.signal.aborted) {
        flight.fail(givenUp())
        return { send: () => undefined, end: () => undefined }
      }
      flights.set(id, flight)
      if (line) flight.start(sendFor(id))
      ensure()
      return { send: sendFor(id), end: () => void flights.delete(id) }
    },
    suspect: () => line?.cut(),
    async close() {
      closed.abort()
      failAll(givenUp())
      line?.cut()
      await keeper
    },
  }
}
/** The fault of an answer, if it is one. */
export const faultIn = (answer: Answer): Fault | undefined => (answer.fault === undefined ? undefined : faultFrom(answer.fault))
