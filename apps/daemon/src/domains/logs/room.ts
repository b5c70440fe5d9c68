import type { RoomHandlers } from '../../platform/context.ts'
import { pageOf } from '../../platform/log/page.ts'
import { openSources } from '../../platform/log/sources.ts'
import { decodePlace, encodePage, wrongCursor } from '../../platform/page.ts'

export interface LogsPorts {
  readonly home: string
  /** Hands what is still in memory to the files. */
  flush(): void
}
/** The log by page, for callers that cannot read the files. */
export function createLogsRoom({ home, flush }: LogsPorts) {
  const handlers = {
    async 'logs.list'(_context, { limit, cursor, ...filter }) {
      flush()
      await using sources = await openSources(home)
      const { items, next } = await pageOf(sources, filter, limit, cursor === undefined ? undefined : placeOf(cursor))
      return { items: [...items], nextCursor: next === undefined ? null : encodePage({ ...next }) }
    },
  } satisfies RoomHandlers
  return { handlers }
}
function placeOf(cursor: string) {
  const { at, seen } = decodePlace(cursor)
  if (typeof at !== 'number' || typeof seen !== 'number') throw wrongCursor()
  return { at, seen }
}
