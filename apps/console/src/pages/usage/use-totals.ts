import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import type { Fault } from '@steward/contract'
import { call } from '../../platform/daemon.ts'
import type { Stretch, Total } from './sums.ts'

export type Grouping = 'day' | 'model' | 'agent' | 'task'
export interface Totals {
  readonly rows: readonly Total[]
  /** There are more rows than are read. */
  readonly isCut: boolean
}
const mostPages = 10
/** Sums of a stretch of time, all pages of them. They stay current. */
export function useTotals(by: Grouping, { since, until }: Stretch, model?: string, enabled = true): UseQueryResult<Totals, Fault> {
  const asked = {
    by,
    limit: 200,
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(model === undefined ? {} : { model }),
  }
  return useQuery<Totals, Fault>({
    queryKey: ['usage.totals', asked, 'whole'],
    enabled,
    async queryFn({ signal }) {
      const rows: Total[] = []
      for (let page = 0, cursor: string | undefined; page < mostPages; page++) {
        const answer = await call('usage.totals', { ...asked, ...(cursor === undefined ? {} : { cursor }) }, { signal })
        rows.push(...answer.items)
        if (answer.nextCursor === null) return { rows, isCut: false }
        cursor = answer.nextCursor
      }
      return { rows, isCut: true }
    },
  })
}
