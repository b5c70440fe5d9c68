import { Fault } from '@steward/contract'
import type { relayOperations } from '@steward/contract/relay'
import type { RelayHandlers } from '../../context.ts'
import type { Database, Queries } from '../../platform/database.ts'
import * as store from './store.ts'

type Names = Extract<keyof typeof relayOperations, `accessKeys.${string}`>
const demand = async (queries: Queries, pair: store.Pair) => {
  if (!(await store.ownsBoth(queries, pair))) throw new Fault('not_found', 'Session or machine not found')
}
const pairOf = (account_id: string, { sessionId, machineId }: { sessionId: string; machineId: string }): store.Pair => ({
  account_id,
  session_id: sessionId,
  machine_id: machineId,
})

/** Access keys: what lets one machine of the account read one session, sealed for that machine. */
export function accessKeyHandlers({ queries }: Database): RelayHandlers<Names> {
  return {
    async 'accessKeys.get'({ holder }, input) {
      const pair = pairOf(holder().accountId, input)
      await demand(queries, pair)
      const row = await store.findKey(queries, pair)
      return { accessKey: row ? store.accessKeyOf(row) : null }
    },
    async 'accessKeys.create'({ write, holder }, input) {
      const pair = pairOf(holder().accountId, input)
      return write(async (tx) => {
        await demand(tx.db, pair)
        if (await store.findKey(tx.db, pair)) throw new Fault('conflict', 'Access key already exists')
        const row = { ...pair, data: input.data, data_version: 1, created_at: tx.now, updated_at: tx.now }
        await store.insertKey(tx.db, row)
        return { success: true as const, accessKey: store.accessKeyOf(row) }
      })
    },
    async 'accessKeys.update'({ write, holder }, input) {
      const pair = pairOf(holder().accountId, input)
      return write(async (tx) => {
        await demand(tx.db, pair)
        const row = await store.findKey(tx.db, pair)
        if (!row) throw new Fault('not_found', 'Access key not found')
        if (row.data_version !== input.expectedVersion)
          return { success: false as const, error: 'version-mismatch' as const, currentVersion: row.data_version, currentData: row.data }
        const version = row.data_version + 1
        await store.updateKey(tx.db, pair, { data: input.data, data_version: version, updated_at: tx.now })
        return { success: true as const, version }
      })
    },
  }
}
