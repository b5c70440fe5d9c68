import { Fault, mutates } from '@steward/contract'
import { intersect, type Caller } from '../caller.ts'
import type { FeedItem } from '../feed.ts'
import { endCaller, type As, type Via } from './behalf.ts'
import { openBytes } from './bytes.ts'
import { createCredit, pieces } from './credit.ts'
import { answerDelegate, type Delegates } from './delegates.ts'
import { idempotencyKey, toFault } from './errors.ts'
import { maxInFlight, readFrame, type DelegateFrame, type OpFrame, type SubscribeFrame } from './frame.ts'
import type { DoorOptions } from './http-options.ts'
import { createIntake, type Intake } from './intake.ts'
import { newRequestId } from './request-id.ts'

/** A connection that carries frames of text. */
export interface Wire {
  /** Hands one frame over. False when the peer is behind: wait for `drained` before the next of a stream. */
  send(frame: string): boolean
  /** True when the peer has taken what was sent; false when it is gone or took too long, and was cut off. */
  drained(): Promise<boolean>
}
export interface FrameOptions extends DoorOptions {
  /** Whose connection it is. `null`: it has no rights of its own, and each frame must say whose it is (`as`). */
  readonly caller: Caller | null
  readonly door: string
  /** What connections without rights of their own may ask beside calls and streams. */
  readonly delegates?: Delegates
}
/** What is spoken on one connection. */
export interface SocketSession {
  /** Takes one frame. A promise says when it takes more: until then nothing should be read for it. */
  receive(text: string): void | Promise<void>
  /** Streams and reads end, what was asked to be done is done; resolves when all is settled. */
  close(): Promise<void>
  /** Whether an event stream is open. */
  following(): boolean
}
/** One connection's calls and streams. */
export interface FrameSession extends SocketSession {
  /** Resolves when what is being done now has been answered; reads and streams are not waited for. */
  answered(): Promise<void>
}
interface Flight {
  readonly abort: AbortController
  readonly kind: 'read' | 'write' | 'stream'
  readonly intake?: Intake
  readonly credit: ReturnType<typeof createCredit>
}
const parts = ['{"id":', ',"event":', ',"flash":', ',"cursor":', ',"reset":', '}'] as const

/** One item of a stream as a frame. Made by joining: no JSON work per reader. */
export function frameText(id: number, item: FeedItem): string {
  const [open, event, flash, cursor, reset, close] = parts
  if (item.kind === 'event') return open + id + event + item.json + cursor + JSON.stringify(item.cursor) + close
  if (item.kind === 'flash') return open + id + flash + item.json + close
  return open + id + (item.kind === 'cursor' ? cursor : reset) + JSON.stringify(item.cursor) + close
}
/**
 * Serves the frames of the doors over any wire: calls, streams, uploads and downloads, many at a time. A broken frame is answered, never
 * fatal. Whoever speaks for another (`as`) has the scopes that both hold, for that frame alone.
 */
export function serveFrames(wire: Wire, options: FrameOptions): FrameSession {
  const flights = new Map<number, Flight>()
  const settled = new Map<Promise<void>, Flight['kind']>()
  let closed = false
  const send = (frame: string): boolean => closed || wire.send(frame)
  const answer = (id: number, rest: Record<string, unknown>) => send(JSON.stringify({ id, ...rest }))
  const refuse = (id: number, error: unknown, requestId: string): void => {
    const fault = toFault(error)
    if (!(error instanceof Fault)) options.report(error, requestId)
    answer(id, { fault: { ...fault.toJSON(), requestId } })
  }
  const callerFor = async ({ as, via }: { readonly as?: As | undefined; readonly via?: Via | undefined }): Promise<Caller> => {
    const { caller, authenticator, door } = options
    if (caller && via) throw new Fault('invalid', 'The field via is for connections that speak for others alone.')
    if (as === undefined) {
      if (caller) return caller
      throw new Fault('unauthenticated', 'This connection has no rights of its own: each frame must carry a credential in the field as.')
    }
    const named = await endCaller(authenticator, as, via, door)
    return caller ? { ...named, scopes: intersect(caller.scopes, named.scopes) } : named
  }
  const downloaded = async (id: number, value: unknown, bytes: AsyncIterable<Uint8Array>, { abort, credit }: Flight) => {
    answer(id, { ok: value })
    for await (const piece of pieces(bytes)) {
      if (!(await credit.take()) || abort.signal.aborted || closed) return
      if (!answer(id, { chunk: Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString('base64') }) && !(await wire.drained())) return
    }
    answer(id, { chunk: '', end: true })
  }
  const run = async ({ id, op, input, key, range, bytes, ...behalf }: OpFrame, flight: Flight, requestId: string) => {
    const caller = await callerFor(behalf)
    const reply = await options.call(caller, op, input, {
      requestId,
      signal: flight.abort.signal,
      ...(key === undefined ? {} : { key: idempotencyKey(key) }),
      ...(flight.intake ? { body: flight.intake.bytes } : {}),
    })
    if (reply.open === undefined || bytes === false) return void answer(id, { ok: reply.value })
    checkRange(range, reply.value)
    await downloaded(id, reply.value, await openBytes(reply.open, range), flight)
  }
  const follow = async ({ id, subscribe, after, ack, ...behalf }: SubscribeFrame, { abort }: Flight) => {
    const caller = await callerFor(behalf)
    const signal = caller.ended ? AbortSignal.any([abort.signal, caller.ended]) : abort.signal
    const subscription = {
      ...(subscribe.sessionId === undefined ? {} : { sessionId: subscribe.sessionId }),
      ...(subscribe.names === undefined ? {} : { names: subscribe.names }),
      ...(after === undefined ? {} : { after }),
    }
    const items = await options.feed.open(caller, subscription, signal)
    if (ack) answer(id, { open: true })
    for await (const batch of items)
      for (const item of batch) {
        if (signal.aborted || closed) break
        if (!send(frameText(id, item)) && !(await wire.drained())) return
      }
    if (caller.ended?.aborted) throw new Fault('unauthenticated', 'The credential of this stream has ended.')
    answer(id, { ok: null })
  }
  const delegated = async (frame: DelegateFrame, { abort }: Flight) => {
    const { caller, delegates } = options
    if (caller || !delegates) throw new Fault('invalid', 'This is for connections that speak for others alone.')
    answer(frame.id, { ok: await answerDelegate(frame, { ...options, delegates }, abort.signal, (fields) => answer(frame.id, fields)) })
  }
  const start = (id: number, flight: Flight, work: (requestId: string) => Promise<void>, named?: string) => {
    const requestId = named ?? newRequestId()
    if (flights.has(id)) return refuse(id, new Fault('conflict', `The id ${id} is in use by a call that is still under way.`), requestId)
    if (flights.size >= maxInFlight)
      return refuse(id, new Fault('too_many', `At most ${maxInFlight} calls may be under way on one connection.`), requestId)
    flights.set(id, flight)
    const task = (async () => {
      try {
        await work(requestId)
      } catch (error) {
        refuse(id, error, requestId)
      } finally {
        flights.delete(id)
        flight.credit.end()
      }
    })()
    settled.set(task, flight.kind)
    void task.finally(() => settled.delete(task))
  }
  const flightOf = (frame: OpFrame): Flight => {
    const op = Object.hasOwn(options.contract, frame.op) ? options.contract[frame.op] : undefined
    const intake = op?.bytes === 'upload' ? createIntake((credit) => answer(frame.id, { credit }), options.maxUploadBytes()) : undefined
    return { abort: new AbortController(), kind: op && mutates(op) ? 'write' : 'read', credit: createCredit(), ...(intake ? { intake } : {}) }
  }
  return {
    following: () => [...flights.values()].some(({ kind }) => kind === 'stream'),
    receive(text) {
      if (closed) return
      const read = readFrame(text)
      if (read.kind === 'broken') return refuse(read.id, read.fault, newRequestId())
      const { id } = read.frame
      if (read.kind === 'op') {
        const flight = flightOf(read.frame)
        return start(id, flight, (requestId) => run(read.frame, flight, requestId), options.caller ? undefined : read.frame.via?.requestId)
      }
      if (read.kind === 'delegate') {
        const long = ['identify', 'terms'].includes(read.frame.delegate)
        const flight: Flight = { abort: new AbortController(), kind: long ? 'stream' : 'write', credit: createCredit() }
        return start(id, flight, () => delegated(read.frame, flight), read.frame.via?.requestId)
      }
      if (read.kind === 'subscribe') {
        const flight: Flight = { abort: new AbortController(), kind: 'stream', credit: createCredit() }
        return start(id, flight, () => follow(read.frame, flight))
      }
      // What is meant for a call that has just ended crosses its answer on the way: no fault.
      const flight = flights.get(id)
      if (read.kind === 'chunk') flight?.intake?.push(read.frame.chunk, read.frame.end ?? false)
      else if (read.kind === 'credit') flight?.credit.grant(read.frame.credit)
      else if (flight) stop(flight, new Fault('unavailable', 'The upload was cancelled.'))
    },
    async close() {
      closed = true
      for (const flight of flights.values()) {
        if (flight.kind === 'write') flight.intake?.cut(new Fault('unavailable', 'The connection was cut in the middle of the upload.'))
        else stop(flight, new Fault('unavailable', 'The connection was closed.'))
      }
      await Promise.all(settled.keys())
    },
    async answered() {
      await Promise.all([...settled].flatMap(([task, kind]) => (kind === 'write' ? [task] : [])))
    },
  }
}
function stop(flight: Flight, fault: Fault): void {
  flight.abort.abort()
  flight.intake?.fail(fault)
  flight.credit.end()
}
function checkRange(range: { start: number; end: number } | undefined, value: unknown): void {
  const size = (value as { size?: unknown } | null)?.size
  if (range === undefined || (range.end >= range.start && typeof size === 'number' && range.end < size)) return
  throw new Fault('unprocessable', `The range lies outside the ${typeof size === 'number' ? size : 'unknown number of'} bytes there are.`)
}
