import type { LogLine } from '@steward/contract/daemon'
import { passes, type LogFilter } from './lines.ts'
import { newestFirst } from './read.ts'
import type { Sources } from './sources.ts'

/** A place in the merged lines, newest first: so many of those at this time have been seen. */
export interface LogCursor {
  readonly at: number
  readonly seen: number
}
export interface LogPage {
  readonly items: readonly LogLine[]
  /** Undefined at the end. */
  readonly next: LogCursor | undefined
}
/** A page that finds nothing ends when it has read so much. */
const bytesOfPage = 8 * 1024 * 1024
const slackMs = 5_000

/** A page of lines, newest first, read from the ends of the files. In memory are the page and a chunk of each file. */
export async function pageOf({ files }: Pick<Sources, 'files'>, filter: LogFilter, limit: number, cursor?: LogCursor): Promise<LogPage> {
  const meter = { bytes: 0 }
  const until = Math.min(cursor?.at ?? Number.POSITIVE_INFINITY, filter.until === undefined ? Number.POSITIVE_INFINITY : Date.parse(filter.until))
  const since = filter.since === undefined ? Number.NEGATIVE_INFINITY : Date.parse(filter.since) - slackMs
  const items: LogLine[] = []
  let place = cursor ?? { at: Number.POSITIVE_INFINITY, seen: 0 }
  let again = 0
  // What is read to come to the cursor does not count: every page gets on.
  let isFirst = true
  for await (const { line, order } of newestFirst(files, until, meter)) {
    if (cursor && (order > cursor.at || (order === cursor.at && again++ < cursor.seen))) continue
    if (isFirst) meter.bytes = 0
    isFirst = false
    if (order < since) return { items, next: undefined }
    if (items.length === limit || meter.bytes > bytesOfPage) return { items, next: place }
    place = order === place.at ? { at: order, seen: place.seen + 1 } : { at: order, seen: 1 }
    if (passes(line, filter)) items.push(line)
  }
  return { items, next: undefined }
}
