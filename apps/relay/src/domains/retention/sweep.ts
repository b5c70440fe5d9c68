import type { Lanes } from '../../changes/lane.ts'
import type { Database } from '../../platform/database.ts'
import * as store from './store.ts'

/** Changes and sessions in one step: others get their turn between. */
const atOnce = { changes: 1_000, sessions: 20 }

/**
 * Takes changes older than a time out of the logs, in the lanes of their accounts. A log loses only its beginning (an old change behind a young one, from a
 * host with another clock, stays until its turn): whoever asks for what is gone is told to fetch everything anew.
 */
export async function sweepChanges(database: Database, lanes: Lanes, signal: AbortSignal, before: number): Promise<void> {
  for (let pruned = true; pruned;) {
    pruned = false
    for (const accountId of await store.accountsWithOld(database.queries, before, atOnce.changes))
      for (let more = true; more;) {
        if (signal.aborted) return
        more = await lanes.write(accountId, async ({ db }) => {
          const upTo = await store.oldUpTo(db, accountId, before, atOnce.changes)
          if (upTo === undefined) return false
          await store.prune(db, accountId, upTo)
          pruned = true
          return true
        })
      }
  }
}
/** Removes sessions that nothing was heard of since a time. `remove` does it as if their owner had asked. */
export async function sweepSessions(
  database: Database,
  remove: (accountId: string, ids: readonly string[]) => Promise<readonly string[]>,
  signal: AbortSignal,
  before: number,
): Promise<void> {
  for (;;) {
    const idle = await store.listIdle(database.queries, before, atOnce.sessions)
    for (const [accountId, rows] of Map.groupBy(idle, (row) => row.account_id)) {
      if (signal.aborted) return
      await remove(
        accountId,
        rows.map(({ id }) => id),
      )
    }
    if (idle.length < atOnce.sessions) return
  }
}
