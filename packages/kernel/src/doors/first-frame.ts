import { Fault, faultStatus } from '@steward/contract'
import type { Caller } from '../caller.ts'
import type { FeedItem } from '../feed.ts'
import { parseJson } from '../json.ts'
import { toFault } from './errors.ts'
import { frameText, serveFrames } from './frames.ts'
import type { DoorOptions } from './http-options.ts'
import { newRequestId } from './request-id.ts'
import type { ServeSocket } from './socket.ts'

/** What a first frame has begun: its answer, and what follows from it. The socket is closed when the items end. */
export interface Begun {
  readonly answer: unknown
  readonly items: AsyncIterable<readonly FeedItem[]>
}
/** Does what a first frame asks for. `signal` aborts when the peer has gone: then the items end, and nothing that was begun. Throws Fault. */
export type Begin = (
  caller: Caller,
  frame: Readonly<Record<string, unknown>>,
  context: { readonly requestId: string; readonly signal: AbortSignal },
) => Promise<Begun>
/** The close code of a socket whose first frame is refused: 4000 and the HTTP status. */
const closeCodeOf = ({ code }: Fault): number => 4_000 + faultStatus[code]

/**
 * A socket whose first frame is call 0: it is answered with `{id: 0, ok}`, its items follow under the same id, and the socket closes with
 * 1000 at their end; `{id: 0, fault}` closes it with 4000 + the HTTP status. All other frames are served as on every socket, meanwhile.
 */
export function serveFirstFrame(options: DoorOptions, begin: Begin): ServeSocket {
  return (wire, caller) => {
    const frames = serveFrames(wire, { ...options, caller, door: 'ws' })
    const gone = new AbortController()
    let first: Promise<void> | undefined
    let following = false
    const refuse = (error: unknown, requestId: string) => {
      const fault = toFault(error)
      if (!(error instanceof Fault)) options.report(error, requestId)
      wire.send(JSON.stringify({ id: 0, fault: { ...fault.toJSON(), requestId } }))
      wire.end(closeCodeOf(fault), fault.code)
    }
    const answer = async (text: string) => {
      const requestId = newRequestId()
      try {
        const { answer: value, items } = await begin(caller, objectIn(text), { requestId, signal: gone.signal })
        wire.send(JSON.stringify({ id: 0, ok: value }))
        following = true
        for await (const batch of items)
          for (const item of batch) {
            if (gone.signal.aborted) return
            if (!wire.send(frameText(0, item)) && !(await wire.drained())) return
          }
        if (caller.ended?.aborted) return
        // An approval that let it go on is answered before the end that it led to.
        await frames.answered()
        wire.end(1_000, '')
      } catch (error) {
        if (!gone.signal.aborted) refuse(error, requestId)
      } finally {
        following = false
      }
    }
    return {
      following: () => following || frames.following(),
      receive(text) {
        if (first === undefined) first = answer(text)
        else void frames.receive(text)
      },
      async close() {
        gone.abort()
        await Promise.all([frames.close(), first])
      },
    }
  }
}
function objectIn(text: string): Readonly<Record<string, unknown>> {
  const value = parseJson(text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new Fault('invalid', 'The first frame is a JSON object that says what to begin.')
}
