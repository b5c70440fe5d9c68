import { wholeEnd, wholeStart } from './kept-output.ts'

/** The latest bytes of a long output, addressed by their offset since its start. */
export interface OutputRing {
  add(chunk: Uint8Array): void
  /** The kept text from `offset` on and the offset to ask next. Says so in a first line when bytes before it are gone. While `open`, a half character at the end waits. */
  read(offset: number, open: boolean): { text: string; nextOffset: number }
}

/** Keeps the last `limit` bytes; memory grows with the output and stays below twice the limit. */
export function createOutputRing(limit: number): OutputRing {
  let chunks: Uint8Array[] = []
  let bytes = 0
  let end = 0
  const compact = (): Buffer => {
    const kept = Buffer.concat(chunks).subarray(-limit)
    chunks = [kept]
    bytes = kept.length
    return kept
  }
  return {
    add(chunk) {
      chunks.push(chunk)
      bytes += chunk.length
      end += chunk.length
      if (bytes > 2 * limit || chunks.length > 4096) compact()
    },
    read(offset, open) {
      const kept = compact()
      const start = end - kept.length
      const from = Math.min(Math.max(offset, start), end)
      const lost = offset < start
      const rest = kept.subarray(from - start)
      const whole = open ? wholeEnd(rest) : rest
      const text = (lost ? wholeStart(whole) : whole).toString()
      return { text: lost ? `[… ${start - offset} bytes are no longer kept …]\n${text}` : text, nextOffset: from + whole.length }
    },
  }
}
