import { chunkBytes, openCredit } from './frame.ts'

/** Counts what may still be sent. `take` waits for a grant; it answers false once the transfer is over. */
export function createCredit() {
  let left = openCredit
  let over = false
  let wake: (() => void) | undefined
  const mustWait = () => left === 0 && !over
  return {
    grant(more: number): void {
      left = Math.min(left + more, 1_000_000)
      wake?.()
    },
    end(): void {
      over = true
      wake?.()
    },
    async take(): Promise<boolean> {
      while (mustWait()) await new Promise<void>((resolve) => (wake = resolve))
      left -= 1
      return !over
    },
  }
}
/** Cuts bytes into pieces that fit a chunk. */
export async function* pieces(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) for (let at = 0; at < chunk.byteLength; at += chunkBytes) yield chunk.subarray(at, at + chunkBytes)
}
