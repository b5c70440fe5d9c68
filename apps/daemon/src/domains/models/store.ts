import type { z } from 'zod'
import type { PriceTable, Provider } from '@steward/contract/daemon'
import { plain, type Database } from '../../platform/storage/database.ts'

export interface ProviderRecord {
  readonly id: string
  readonly kind: Provider['kind']
  readonly baseUrl: string | null
  readonly api: Provider['api']
  readonly sealedKey: string | null
  readonly models: readonly string[]
  readonly updatedAt: string
}
export interface PriceRecord extends z.infer<typeof PriceTable> {
  readonly model: string
  readonly contextTokens: number | null
  readonly maxOutputTokens: number | null
}
const toRecord = (row: unknown): ProviderRecord => {
  const { models, ...rest } = plain<Record<string, unknown>>(row)
  return { ...(rest as unknown as ProviderRecord), models: JSON.parse(models as string) as string[] }
}
/** The only file that knows the tables providers and prices. */
export function createModelStore(db: Database) {
  const columns = 'id, kind, base_url AS baseUrl, api, sealed_key AS sealedKey, models, updated_at AS updatedAt'
  const priceColumns =
    'model, input, output, cache_read AS cacheRead, cache_write AS cacheWrite, context_tokens AS contextTokens, max_output_tokens AS maxOutputTokens'
  const every = db.prepare(`SELECT ${columns} FROM providers ORDER BY id`)
  const byId = db.prepare(`SELECT ${columns} FROM providers WHERE id = ?`)
  const put = db.prepare('INSERT OR REPLACE INTO providers (id, kind, base_url, api, sealed_key, models, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)')
  const remove = db.prepare('DELETE FROM providers WHERE id = ?')
  const prices = db.prepare(`SELECT ${priceColumns} FROM prices ORDER BY model`)
  const priceOf = db.prepare(`SELECT ${priceColumns} FROM prices WHERE model = ?`)
  const putPrice =
    db.prepare(`INSERT OR REPLACE INTO prices (model, input, output, cache_read, cache_write, context_tokens, max_output_tokens, updated_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
  const removePrice = db.prepare('DELETE FROM prices WHERE model = ?')
  return {
    list: () => every.all().map(toRecord),
    find(id: string): ProviderRecord | undefined {
      const row = byId.get(id)
      return row && toRecord(row)
    },
    put: ({ id, kind, baseUrl, api, sealedKey, models, updatedAt }: ProviderRecord) =>
      void put.run(id, kind, baseUrl, api, sealedKey, JSON.stringify(models), updatedAt),
    remove: (id: string) => Number(remove.run(id).changes) > 0,
    prices: () => prices.all().map((row) => plain<PriceRecord>(row)),
    findPrice(model: string): PriceRecord | undefined {
      const row = priceOf.get(model)
      return row && plain<PriceRecord>(row)
    },
    putPrice: ({ model, input, output, cacheRead, cacheWrite, contextTokens, maxOutputTokens }: PriceRecord) =>
      void putPrice.run(model, input, output, cacheRead, cacheWrite, contextTokens, maxOutputTokens, new Date().toISOString()),
    removePrice: (model: string) => void removePrice.run(model),
  }
}
export type ModelStore = ReturnType<typeof createModelStore>
