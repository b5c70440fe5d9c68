import type { FileHandle } from 'node:fs/promises'

const chunkBytes = 64 * 1024
/** A line is cut where it is longer than this. */
const longestLine = 1024 * 1024
const newline = 0x0a

/** One file of the log, open for reading up to where it ended when it was opened. */
export interface LogSource {
  readonly name: string
  /** Tells a file from all others, whatever its name becomes. */
  readonly id: string
  readonly handle: Pick<FileHandle, 'read'>
  readonly size: number
  /** When it was last written, ISO 8601. */
  readonly writtenAt: string
}
/** Counts what is read. */
export interface Meter {
  bytes: number
}
export async function readAt({ handle }: Pick<LogSource, 'handle'>, from: number, to: number, meter?: Meter): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read({ buffer: Buffer.allocUnsafe(to - from), position: from })
  if (meter) meter.bytes += bytesRead
  return buffer.subarray(0, bytesRead)
}
/** The lines before `end`, the last one first. What is in memory of the file is a chunk, and a line that is longer. */
export async function* linesBackward(source: LogSource, end: number, meter?: Meter): AsyncGenerator<string> {
  let tail: Buffer = Buffer.alloc(0)
  for (let to = end; to > 0;) {
    const from = Math.max(0, to - chunkBytes)
    const chunk = Buffer.concat([await readAt(source, from, to, meter), tail])
    let upTo = chunk.length
    for (let at = chunk.lastIndexOf(newline, upTo - 1); at >= 0 && upTo > 0; at = at === 0 ? -1 : chunk.lastIndexOf(newline, at - 1)) {
      if (at + 1 < upTo) yield chunk.toString('utf8', at + 1, upTo)
      upTo = at
    }
    tail = chunk.subarray(0, upTo)
    if (tail.length > longestLine) {
      yield tail.toString('utf8')
      tail = Buffer.alloc(0)
    }
    to = from
  }
  if (tail.length > 0) yield tail.toString('utf8')
}
/** The lines from `start` on, with the place after each. A last one without its end is given too. */
export async function* linesForward(
  source: LogSource,
  start: number,
  meter?: Meter,
): AsyncGenerator<{ readonly text: string; readonly end: number }> {
  let head: Buffer = Buffer.alloc(0)
  for (let from = start; from < source.size;) {
    const to = Math.min(source.size, from + chunkBytes)
    const read = await readAt(source, from, to, meter)
    if (read.length === 0) break
    const chunk = Buffer.concat([head, read])
    const base = from - head.length
    let after = 0
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, after)) {
      if (at > after) yield { text: chunk.toString('utf8', after, at), end: base + at + 1 }
      after = at + 1
    }
    head = chunk.subarray(after)
    if (head.length > longestLine) {
      yield { text: head.toString('utf8'), end: from + read.length }
      head = Buffer.alloc(0)
    }
    from += read.length
  }
  if (head.length > 0) yield { text: head.toString('utf8'), end: source.size }
}
