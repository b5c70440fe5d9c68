import type { Fault } from '@steward/contract'
import type { CallFacts } from '@steward/kernel'
import type { Commit } from '../../platform/storage/event-log.ts'
import type { AuditStore } from './store.ts'

const flushMs = 200
const fullAt = 100
const mostKinds = 1_000
const readsMs = 30_000
interface Refusal {
  readonly operation: string
  readonly caller: string
  readonly door: string
  readonly requestId: string
  readonly digest: string
  readonly subject: string | null
  readonly code: string
  count: number
}
/**
 * Keeps what changed nothing: each refusal as an event of the agents log, written in batches, equal ones of a batch counted; reads as counts
 * by day, operation and caller. While the disk refuses, both wait in memory, at most 1,000 kinds of each; what is beyond is counted together.
 */
export function createRefusals(store: AuditStore, commit: Commit, report: (error: unknown) => void) {
  let refusals = new Map<string, Refusal>()
  let reads = new Map<string, { day: string; operation: string; caller: string; n: number }>()
  let timer: NodeJS.Timeout | undefined
  let soon: NodeJS.Immediate | undefined

  const flush = () => {
    clearTimeout(timer)
    clearImmediate(soon)
    timer = soon = undefined
    if (refusals.size === 0) return
    const batch = refusals
    try {
      commit((emit) => {
        for (const refusal of batch.values()) emit('call.refused', refusal)
      })
      refusals = new Map()
    } catch (error) {
      report(error)
      timer = setTimeout(flush, 5_000).unref()
    }
  }
  const flushReads = () => {
    if (reads.size === 0) return
    const batch = reads
    try {
      commit(() => {
        for (const { day, operation, caller, n } of batch.values()) store.addRead(day, operation, caller, n)
      })
      reads = new Map()
    } catch (error) {
      report(error)
    }
  }
  const beat = setInterval(flushReads, readsMs).unref()
  return {
    refused({ operation, caller, requestId, digest, subject }: CallFacts, { code }: Fault) {
      const crowded = refusals.size >= mostKinds
      const facts = crowded
        ? { operation: '(many)', caller: '(many)', door: '(many)', requestId: '', digest: '', subject: null }
        : { operation, caller: caller.id, door: caller.door, requestId, digest, subject }
      const kind = JSON.stringify([facts.operation, facts.caller, facts.door, facts.digest, facts.subject, code])
      const known = refusals.get(kind)
      if (known) known.count++
      else refusals.set(kind, { ...facts, code, count: 1 })
      if (refusals.size === fullAt) soon ??= setImmediate(flush)
      timer ??= setTimeout(flush, flushMs).unref()
    },
    wasRead({ operation, caller }: CallFacts) {
      const day = new Date().toISOString().slice(0, 10)
      const mine = JSON.stringify([day, operation, caller.id])
      const kind = reads.has(mine) || reads.size < mostKinds ? mine : JSON.stringify([day, '(many)', '(many)'])
      const known = reads.get(kind)
      if (known) known.n++
      else {
        const [, shownOperation = '', shownCaller = ''] = JSON.parse(kind) as string[]
        reads.set(kind, { day, operation: shownOperation, caller: shownCaller, n: 1 })
      }
    },
    /** Writes what is waiting. */
    flush() {
      flush()
      flushReads()
    },
    /** Reads that are not written yet. */
    unwrittenReads: () => [...reads.values()].reduce((sum, { n }) => sum + n, 0),
    close() {
      clearInterval(beat)
      flush()
      flushReads()
      clearTimeout(timer)
    },
  }
}
