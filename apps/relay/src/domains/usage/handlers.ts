import { setImmediate as turn } from 'node:timers/promises'
import { Fault } from '@steward/contract'
import type { relayOperations } from '@steward/contract/relay'
import type { OwnsSession, RelayHandlers } from '../../context.ts'
import type { Database, Queries } from '../../platform/database.ts'
import { newId } from '../../platform/ids.ts'
import * as store from './store.ts'
import { createSums } from './sums.ts'

type Names = Extract<keyof typeof relayOperations, `usage.${string}`>
/** What a socket hears of a report. */
export interface Used {
  readonly id: string
  readonly key: string
  readonly tokens: Readonly<Record<string, number>>
  readonly cost: Readonly<Record<string, number>>
  readonly timestamp: number
}
const dayMs = 86_400_000
const longestMs = { hour: 366 * dayMs, day: 3_660 * dayMs }
const amounts = (text: string) => JSON.parse(text) as Record<string, number>

export interface UsagePorts {
  readonly database: Database
  readonly ownsSession: OwnsSession
  /** Hears of each report of a session. */
  tell(accountId: string, used: Used): void
}
/** What agents have used. */
export function usageHandlers({ database: { queries }, ownsSession, tell }: UsagePorts): RelayHandlers<Names> {
  const demand = async (db: Queries, accountId: string, sessionId: string | null | undefined) => {
    if (typeof sessionId === 'string' && !(await ownsSession(db, accountId, sessionId))) throw new Fault('not_found', 'Session not found')
  }
  return {
    async 'usage.report'({ write, holder }, { key, sessionId, tokens, cost }) {
      const { accountId } = holder()
      const texts = { tokens: JSON.stringify(tokens), cost: JSON.stringify(cost) }
      const { row, now } = await write(async (tx) => {
        await demand(tx.db, accountId, sessionId)
        const report = { id: newId(), accountId, sessionId: sessionId ?? '', key, ...texts, now: tx.now }
        return { row: await store.saveReport(tx.db, report), now: tx.now }
      })
      if (typeof sessionId === 'string') tell(accountId, { id: sessionId, key, tokens, cost, timestamp: now })
      return { success: true, reportId: row.id, createdAt: row.created_at, updatedAt: now }
    },
    async 'usage.query'({ holder }, { sessionId, startTime, endTime, groupBy }) {
      const { accountId } = holder()
      const by = groupBy ?? 'day'
      const to = endTime === null || endTime === undefined ? Date.now() : endTime * 1000
      const from = startTime === null || startTime === undefined ? Math.max(0, to - longestMs[by]) : startTime * 1000
      if (to - from > longestMs[by])
        throw new Fault('invalid', `Usage by the ${by} is summed up over at most ${longestMs[by] / dayMs} days; ask for a shorter time.`)
      await demand(queries, accountId, sessionId)
      const sums = createSums(by)
      for await (const rows of store.readReports(queries, { accountId, ...(typeof sessionId === 'string' ? { sessionId } : {}), from, to })) {
        for (const { created_at, tokens, cost } of rows) sums.add(created_at, amounts(tokens), amounts(cost))
        // The embedded database answers at once: others get their turn between the pages.
        await turn()
      }
      return sums.all()
    },
  }
}
