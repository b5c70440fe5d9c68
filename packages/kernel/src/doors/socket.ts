import type { Caller } from '../caller.ts'
import { serveFrames, type SocketSession, type Wire } from './frames.ts'
import type { DoorOptions } from './http-options.ts'

/** What is spoken on a path: given a wire and its caller, the frames of one connection. `end` closes it from inside. */
export type ServeSocket = (wire: Wire & { end(code: number, reason: string): void }, caller: Caller) => SocketSession

/** Frames and nothing else: what `/v1/ws` speaks. */
export const serveFrameSocket =
  (options: DoorOptions): ServeSocket =>
  (wire, caller) =>
    serveFrames(wire, { ...options, caller, door: 'ws' })
/** Close codes: the credential has ended; the server stops; nobody is there to speak with now. */
export const closeCodes = { credentialEnded: 4401, goingAway: 1001, tryLater: 1013 } as const
