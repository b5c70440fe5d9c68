import type { LogLine } from '@steward/contract/daemon'
import { linesBackward, linesForward, readAt, type LogSource, type Meter } from './file-lines.ts'
import { parseLine, rawLine } from './lines.ts'

/** Lines of several processes may stand so much out of the order of their times. */
const slackMs = 5_000
/** A file is not searched in steps smaller than this. */
const stepBytes = 64 * 1024
/** Raw words are given as one line up to this length. */
const rawChars = 64 * 1024
const at = (line: LogLine): number => Date.parse(line.time)

/** A line with the time it is sorted by: its own, but never against the order of its file. */
export interface Placed {
  readonly line: LogLine
  readonly order: number
}
/** The first place of a file at or after `from` where a line of a known time begins. */
async function firstTime(source: LogSource, from: number, meter?: Meter): Promise<{ readonly start: number; readonly time: number } | undefined> {
  const bytes = await readAt(source, from, Math.min(source.size, from + stepBytes), meter)
  const firstEnd = bytes.indexOf(0x0a)
  let start = from === 0 ? 0 : firstEnd + 1
  if (firstEnd < 0) return undefined
  for (let end = bytes.indexOf(0x0a, start); end >= 0; end = bytes.indexOf(0x0a, start)) {
    const line = parseLine(bytes.toString('utf8', start, end))
    if (line) return { start: from + start, time: at(line) }
    start = end + 1
  }
  return undefined
}
/** The start of a line such that those before it are older than `time`, or younger by less than a step; `slack` to either side is allowed for. */
async function seek(source: LogSource, time: number, meter?: Meter): Promise<{ low: number; high: number; highTime: string }> {
  let [low, high, highTime] = [0, source.size, source.writtenAt]
  let unknownFrom = source.size
  while (Math.min(high, unknownFrom) - low > stepBytes) {
    const middle = low + Math.floor((Math.min(high, unknownFrom) - low) / 2)
    const found = await firstTime(source, middle, meter)
    if (!found) unknownFrom = middle
    else if (found.time > time) [high, highTime, unknownFrom] = [found.start, new Date(found.time).toISOString(), Math.min(unknownFrom, middle)]
    else low = found.start
  }
  return { low, high, highTime }
}
/** The lines of one file, newest first. Raw words count as written just before what follows them, or when the file was last written. */
async function* backward(source: LogSource, until: number, meter?: Meter): AsyncGenerator<Placed> {
  const { high, highTime } = until === Number.POSITIVE_INFINITY ? { high: source.size, highTime: source.writtenAt } : await seek(source, until, meter)
  let following = highTime
  let order = Number.POSITIVE_INFINITY
  let raw: string[] = []
  let rawLength = 0
  const placed = (line: LogLine): Placed => ({ line, order: (order = Math.min(order, at(line))) })
  const block = (): Placed => {
    const words = raw.toReversed().join('\n')
    raw = []
    rawLength = 0
    return placed(rawLine(words, following))
  }
  for await (const text of linesBackward(source, high, meter)) {
    const line = parseLine(text)
    if (!line) {
      raw.push(text)
      rawLength += text.length
      if (rawLength > rawChars) yield block()
      continue
    }
    if (raw.length > 0) yield block()
    following = line.time
    yield placed(line)
  }
  if (raw.length > 0) yield block()
}
/** The lines of one file from a time on, oldest first. */
async function* forward(source: LogSource, since: number): AsyncGenerator<Placed> {
  const { low } = since === Number.NEGATIVE_INFINITY ? { low: 0 } : await seek(source, since)
  let order = Number.NEGATIVE_INFINITY
  let raw: string[] = []
  let rawLength = 0
  const placed = (line: LogLine): Placed => ({ line, order: (order = Math.max(order, at(line))) })
  const block = (time: string): Placed => {
    const words = raw.join('\n')
    raw = []
    rawLength = 0
    return placed(rawLine(words, time))
  }
  for await (const { text } of linesForward(source, low)) {
    const line = parseLine(text)
    if (!line) {
      raw.push(text)
      rawLength += text.length
      if (rawLength > rawChars) yield block(source.writtenAt)
      continue
    }
    if (raw.length > 0) yield block(line.time)
    yield placed(line)
  }
  if (raw.length > 0) yield block(source.writtenAt)
}
/** The next of several streams by `before`; of equals that of the first stream. */
async function* merged(streams: readonly AsyncGenerator<Placed>[], before: (one: Placed, other: Placed) => boolean): AsyncGenerator<Placed> {
  try {
    const heads = await Promise.all(streams.map(async (stream) => ({ stream, next: await stream.next() })))
    for (;;) {
      let best: { stream: AsyncGenerator<Placed>; next: IteratorResult<Placed> } | undefined
      for (const head of heads) if (head.next.done !== true && (best === undefined || before(head.next.value, best.next.value as Placed))) best = head
      if (!best) return
      const { value } = best.next as IteratorYieldResult<Placed>
      best.next = await best.stream.next()
      yield value
    }
  } finally {
    await Promise.all(streams.map((stream) => stream.return(undefined)))
  }
}
/** All lines, newest first, from a time (ms since 1970) back. A few younger ones may come before. What is read is counted in `meter`. */
export const newestFirst = (files: readonly LogSource[], until = Number.POSITIVE_INFINITY, meter?: Meter): AsyncGenerator<Placed> =>
  merged(
    files.toReversed().map((file) => backward(file, until + slackMs, meter)),
    (one, other) => one.order > other.order,
  )
/** All lines, oldest first, from a time (ms since 1970) on. A few older ones may come before. */
export const oldestFirst = (files: readonly LogSource[], since = Number.NEGATIVE_INFINITY): AsyncGenerator<Placed> =>
  merged(
    files.map((file) => forward(file, since - slackMs)),
    (one, other) => one.order < other.order,
  )
