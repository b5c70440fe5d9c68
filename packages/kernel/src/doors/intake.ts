import { Fault } from '@steward/contract'
import { chunkBytes, openCredit } from './frame.ts'

/** Takes the chunks of an upload from the wire and hands them to its handler; holds at most the credit that was granted. */
export interface Intake {
  readonly bytes: AsyncIterable<Uint8Array>
  push(chunk: string, end: boolean): void
  /** Breaks the upload: its reader gets the fault. */
  fail(fault: Fault): void
  /** The same, unless all of it has come already. */
  cut(fault: Fault): void
}
const base64 = /^[A-Za-z0-9+/]*={0,2}$/

/** `grant(n)` is called when the handler has taken `n` chunks, so that the sender may send as many more. */
export function createIntake(grant: (more: number) => void, limit: number): Intake {
  const waiting: Uint8Array[] = []
  let taken = 0
  let size = 0
  let ended = false
  let fault: Fault | undefined
  let wake: (() => void) | undefined
  const fail = (why: Fault) => {
    fault ??= why
    wake?.()
  }
  async function* read(): AsyncGenerator<Uint8Array> {
    for (;;) {
      if (fault) throw fault
      const next = waiting.shift()
      if (next !== undefined) {
        if (++taken >= openCredit / 2) {
          grant(taken)
          taken = 0
        }
        yield next
      } else if (ended) return
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  }
  return {
    bytes: read(),
    fail,
    cut: (why) => void (ended || fail(why)),
    push(chunk, end) {
      if (ended || fault) return
      const bytes = Buffer.from(chunk, 'base64')
      size += bytes.byteLength
      if (chunk.length % 4 !== 0 || !base64.test(chunk)) return fail(new Fault('invalid', 'A chunk is base64 text.'))
      if (bytes.byteLength > chunkBytes) return fail(new Fault('invalid', `A chunk has at most ${chunkBytes} bytes.`))
      if (size > limit) return fail(new Fault('too_large', `The body is larger than the ${limit} bytes that are accepted.`))
      if (waiting.length >= openCredit) return fail(new Fault('too_many', 'More chunks were sent than credit was granted for.'))
      if (bytes.byteLength > 0) waiting.push(bytes)
      ended = end
      wake?.()
    },
  }
}
