import type { Lanes } from '../../changes/lane.ts'
import type { Blobs } from '../../platform/blobs.ts'
import type { Database } from '../../platform/database.ts'
import * as store from './store.ts'

/** Bytes that were announced may come for so long. */
const awaitedMs = 60 * 60_000
/** Refs, or files, in one step of a sweep. */
const atOnce = 200

/** Forgets announced attachments whose bytes have not come within the hour, and gives their room back to the account. */
export async function sweepAwaited(database: Database, lanes: Lanes, signal: AbortSignal, now: number): Promise<void> {
  for (;;) {
    const rows = await store.listAwaited(database.queries, now - awaitedMs, atOnce)
    for (const { accountId, ref } of rows) {
      if (signal.aborted) return
      await lanes.write(accountId, async ({ db, count }) => count('attachmentBytes', -(await store.removeAwaited(db, accountId, ref))))
    }
    if (rows.length < atOnce) return
  }
}
/** Removes files that no attachment is known for: those of a session whose removal was cut short. Young ones are left, for the clocks of two hosts differ. */
export async function sweepOrphans(database: Database, blobs: Blobs, signal: AbortSignal, now: number): Promise<void> {
  let keys: string[] = []
  const judge = async () => {
    const known = await store.knownKeys(database.queries, keys)
    for (const key of keys) if (!known.has(key) && !signal.aborted) await blobs.remove(key)
    keys = []
  }
  for await (const { key, modifiedAt } of blobs.list('sessions/')) {
    if (signal.aborted) return
    if (now - Date.parse(modifiedAt) < awaitedMs) continue
    keys.push(key)
    if (keys.length >= atOnce) await judge()
  }
  if (keys.length > 0) await judge()
}
