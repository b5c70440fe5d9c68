import type { KvItem } from '@steward/contract/relay'
import { sql } from 'kysely'
import type { Queries } from '../../platform/database.ts'

/** What a key has: no value once it was deleted. */
export interface Entry {
  readonly key: string
  readonly value: string | null
  readonly version: number
}
const present = ({ key, value, version }: Entry): KvItem[] => (value === null ? [] : [{ key, value, version }])

/** The bytes of entries; a deleted one keeps its key. */
export const weightOf = (entries: readonly Entry[]): number =>
  entries.reduce((sum, { key, value }) => sum + Buffer.byteLength(key) + (value?.length ?? 0), 0)
/** The entries of these keys, deleted ones too. */
export const findEntries = (queries: Queries, accountId: string, keys: readonly string[]): Promise<Entry[]> =>
  queries.selectFrom('kv').select(['key', 'value', 'version']).where('account_id', '=', accountId).where('key', 'in', keys).execute()
/** What these keys hold, by key. */
export const findItems = async (queries: Queries, accountId: string, keys: readonly string[]): Promise<KvItem[]> => {
  if (keys.length === 0) return []
  const items = (await findEntries(queries, accountId, keys)).flatMap(present)
  const at = new Map(keys.map((key, index) => [key, index]))
  return items.toSorted((a, b) => (at.get(a.key) ?? 0) - (at.get(b.key) ?? 0))
}
/** The keys with a value that begin with `prefix`, in order, after `after`, and how long each value is. */
export async function listKeys(queries: Queries, accountId: string, limit: number, prefix: string, after: string | undefined) {
  const all = queries
    .selectFrom('kv')
    .select(['key', sql<number>`LENGTH(value)`.as('size')])
    .where('account_id', '=', accountId)
    .where('value', 'is not', null)
    .orderBy('key')
    .limit(limit)
  const from = after === undefined ? all : all.where('key', '>', after)
  if (prefix === '') return from.execute()
  // Not LIKE, which ignores case in one database, nor a range of keys, whose order is the locale's in the other.
  return from.where(sql<string>`SUBSTR(key, 1, LENGTH(CAST(${prefix} AS TEXT)))`, '=', prefix).execute()
}
export async function saveEntries(queries: Queries, accountId: string, entries: readonly Entry[], now: number): Promise<void> {
  await queries
    .insertInto('kv')
    .values(entries.map((entry) => ({ account_id: accountId, ...entry, updated_at: now })))
    .onConflict((conflict) =>
      conflict.columns(['account_id', 'key']).doUpdateSet((row) => ({
        value: row.ref('excluded.value'),
        version: row.ref('excluded.version'),
        updated_at: row.ref('excluded.updated_at'),
      })),
    )
    .execute()
}
