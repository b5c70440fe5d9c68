import { setImmediate as turn } from 'node:timers/promises'
import { Fault } from '@steward/contract'
import type { RoomHandlers } from '../../platform/context.ts'
import type { AuditFilter, AuditRow, AuditStore } from './store.ts'

const pageSize = 100
/** The audit as JSON lines, read page by page: a page is all that is ever held. `entryOf` is a line as callers see it. */
export function createAuditExport(store: Pick<AuditStore, 'list'>, entryOf: (row: AuditRow) => object) {
  async function* lines(filter: AuditFilter): AsyncGenerator<Uint8Array> {
    const encoder = new TextEncoder()
    for (let before: number | undefined; ;) {
      const rows = store.list(filter, pageSize, before)
      if (rows.length > 0) yield encoder.encode(rows.map((row) => `${JSON.stringify(entryOf(row))}\n`).join(''))
      before = rows.at(-1)?.seq
      if (before === undefined || rows.length < pageSize) return
      await turn()
    }
  }
  return {
    async 'audit.export'({ attach }, filter) {
      attach((range) => {
        if (range) throw new Fault('invalid', 'An export cannot be read in ranges.')
        return lines(filter)
      })
      return { name: 'audit.jsonl', mediaType: 'application/x-ndjson', size: null }
    },
  } satisfies RoomHandlers
}
