import { z } from 'zod'

/** Bytes of one frame, at most. */
export const mostBytes = 256 * 1024
/** How far a sender may be ahead of its receiver at first, and how far a receiver may let it be. */
export const firstWindow = 1024 * 1024
export const mostWindow = 4 * 1024 * 1024

const streamId = z.string().min(1).max(64)
const offset = z.int().min(0)
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array && value.length > 0 && value.length <= mostBytes, {
  message: `must be 1 to ${mostBytes} bytes`,
})
/** What clients send, by event. */
export const frames = {
  open: z.object({ machineId: z.string().min(1).max(200), meta: z.string().max(16_384).default('') }),
  data: z.object({ streamId, offset, data: bytes }),
  credit: z.object({ streamId, upTo: offset }),
  close: z.object({ streamId, reason: z.string().max(200).default('') }),
  resume: z.object({ streamId, key: z.string().max(100), received: offset }),
}
/** What an end answers when it is offered a stream, or told that the other is back. */
export const offerAnswer = z.object({ accept: z.boolean(), reason: z.string().max(200).optional() })
export const resumeAnswer = z.object({ received: offset })
