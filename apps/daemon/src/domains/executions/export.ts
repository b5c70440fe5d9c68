import { setImmediate as turn } from 'node:timers/promises'
import { Fault } from '@steward/contract'
import type { RoomHandlers } from '../../platform/context.ts'
import type { ExecutionStore, HistoryFilter } from './store.ts'

const pageSize = 100
/** The history as JSON lines, read page by page: a page is all that is ever held. */
export function createExport(executions: ExecutionStore) {
  async function* lines(filter: HistoryFilter): AsyncGenerator<Uint8Array> {
    const encoder = new TextEncoder()
    for (let cursor: string | undefined; ;) {
      const page = executions.list({ ...filter, limit: pageSize, ...(cursor === undefined ? {} : { cursor }) })
      if (page.items.length > 0) yield encoder.encode(page.items.map((item) => `${JSON.stringify(item)}\n`).join(''))
      if (page.nextCursor === null) return
      cursor = page.nextCursor
      await turn()
    }
  }
  return {
    async 'history.export'({ attach }, filter) {
      attach((range) => {
        if (range) throw new Fault('invalid', 'An export cannot be read in ranges.')
        return lines(filter)
      })
      return { name: 'history.jsonl', mediaType: 'application/x-ndjson', size: null }
    },
  } satisfies RoomHandlers
}
