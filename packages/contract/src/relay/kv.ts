import { z } from 'zod'
import { operation } from '../operation.ts'
import { account, bytes, database, limit, text, Version } from './common.ts'

const Key = text(512).min(1)
const Item = z.object({ key: z.string(), value: z.string(), version: Version })
export type KvItem = z.output<typeof Item>

export const kvOperations = {
  'kv.get': operation({
    summary: 'Get a value of the key-value store.',
    needs: account,
    http: 'GET /v1/kv/{key}',
    input: z.object({ key: Key }),
    output: Item,
  }),
  'kv.list': operation({
    summary: 'List values by key. A page ends early when it grows large; go on after its last key.',
    needs: account,
    http: 'GET /v1/kv',
    input: z.object({ prefix: text(512).optional(), after: Key.optional(), limit: limit(1000, 100) }),
    output: z.object({ items: z.array(Item), hasMore: z.boolean() }),
  }),
  'kv.bulk': operation({
    summary: 'Get the values of up to 100 keys; keys without a value are left out.',
    needs: account,
    http: 'POST /v1/kv/bulk',
    input: z.object({ keys: z.array(Key).min(1).max(100) }),
    output: z.object({ values: z.array(Item) }),
  }),
  'kv.mutate': operation({
    summary: 'Set and delete up to 100 keys, all or none; version -1 says that a key is new.',
    needs: account,
    http: 'POST /v1/kv',
    database,
    input: z.object({
      mutations: z
        .array(z.object({ key: Key, value: bytes(256 * 1024).nullable(), version: z.int().min(-1).max(2_147_483_646) }))
        .min(1)
        .max(100)
        .refine((all) => new Set(all.map(({ key }) => key)).size === all.length, 'must name each key once'),
    }),
    output: z.object({ success: z.literal(true), results: z.array(z.object({ key: z.string(), version: Version })) }),
  }),
}
