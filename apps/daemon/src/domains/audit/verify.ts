import { setImmediate as turn } from 'node:timers/promises'
import { digestOf, macOf, sealOf } from './chain.ts'
import type { AuditRow, AuditStore, LogName } from './store.ts'

const sliceMs = 8
interface AuditFault {
  readonly seq: number
  readonly what: string
}
/**
 * Walks the chain and says where it first breaks: a link that was changed, removed or put in, an event that no longer is what it was, a cut-off
 * end. An event that is not there any more is no fault. Works in slices of 8 ms, so that calls go on meanwhile.
 */
export async function verifyChain(store: AuditStore, key: Buffer, eventOf: (log: LogName, seq: number) => string | null, signal: AbortSignal) {
  const head = store.head()
  const end = store.newest()?.seq ?? 0
  let before: AuditRow | undefined
  let entries = 0
  let began = performance.now()
  const broken = (seq: number, what: string) => ({ entries, firstFault: { seq, what } satisfies AuditFault })
  for (;;) {
    const rows = store.after(before?.seq ?? 0, end, 64)
    for (const row of rows) {
      const expected = (before?.seq ?? 0) + 1
      if (row.seq !== expected) return broken(expected, 'This entry was removed.')
      if (row.mac !== macOf(key, before?.mac ?? '', row)) return broken(row.seq, 'This entry was changed, put in, or follows one that was removed.')
      const json = eventOf(row.log, row.logSeq)
      if (json !== null && digestOf(json) !== row.digest) return broken(row.seq, `The event ${row.log} ${row.logSeq} that it tells of was changed.`)
      entries++
      before = row
      if (performance.now() - began > sliceMs) {
        await turn()
        signal.throwIfAborted()
        began = performance.now()
      }
    }
    if (rows.length === 0) break
  }
  if (head && end < head.seq) return broken(end + 1, 'The end of the audit was cut off.')
  if (head ? head.seq !== end || head.seal !== sealOf(key, end, before?.mac ?? '') : end > 0)
    return broken(end, 'The end of the audit is not sealed with its key: it was cut off or added to.')
  return { entries, firstFault: null }
}
