import { Fault } from '@steward/contract'
import type { relayOperations } from '@steward/contract/relay'
import type { RelayHandlers } from '../../context.ts'
import { canonicalBase64 } from '../../platform/base64.ts'
import type { Database } from '../../platform/database.ts'
import { worded } from '../../worded.ts'
import * as store from './store.ts'

type Names = Extract<keyof typeof relayOperations, `kv.${string}`>
/** A page holds so many characters of values, but always one value. */
const pageSize = 4 * 1024 * 1024
/** The version of a key that never was. */
const unborn = -1

/** The account's key-value store. A deleted key keeps its version, so that whoever had it before notices. */
export function kvHandlers({ queries }: Database): RelayHandlers<Names> {
  return {
    async 'kv.get'({ holder }, { key }) {
      const [item] = await store.findItems(queries, holder().accountId, [key])
      if (!item) throw new Fault('not_found', 'Key not found')
      return item
    },
    async 'kv.list'({ holder }, { prefix = '', after, limit }) {
      const { accountId } = holder()
      const keys = await store.listKeys(queries, accountId, limit + 1, prefix, after)
      let size = 0
      const fits = keys.slice(0, limit).filter((entry, at) => (size += entry.size) <= pageSize || at === 0)
      const items = await store.findItems(
        queries,
        accountId,
        fits.map(({ key }) => key),
      )
      return { items, hasMore: fits.length < keys.length }
    },
    async 'kv.bulk'({ holder }, { keys }) {
      return { values: await store.findItems(queries, holder().accountId, [...new Set(keys)]) }
    },
    async 'kv.mutate'({ write, holder }, { mutations }) {
      const { accountId } = holder()
      return write(async (tx) => {
        const keys = mutations.map(({ key }) => key)
        const known = new Map((await store.findEntries(tx.db, accountId, keys)).map((entry) => [entry.key, entry]))
        const errors = mutations.flatMap(({ key, version }) => {
          const { version: current = unborn, value = null } = known.get(key) ?? {}
          return current === version ? [] : [{ key, error: 'version-mismatch' as const, version: current, value }]
        })
        if (errors.length > 0) throw worded('conflict', 'Some keys have another version now.', { success: false, errors })
        const changes = mutations.map(({ key, value, version }) => ({
          key,
          value: value === null ? null : canonicalBase64(value),
          version: version + 1,
        }))
        const before = mutations.flatMap(({ key }) => known.get(key) ?? [])
        tx.count('kvBytes', store.weightOf(changes) - store.weightOf(before))
        await store.saveEntries(tx.db, accountId, changes, tx.now)
        tx.emit({ t: 'kv-batch-update', body: { changes } })
        return { success: true as const, results: changes.map(({ key, version }) => ({ key, version })) }
      })
    },
  }
}
