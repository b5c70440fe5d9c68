import { z } from 'zod'
import { operation } from '../operation.ts'
import { account, database, Millis, RelayId, text } from './common.ts'

const Name = text(100).min(1)
const Amount = z.number().min(-1e15).max(1e15)
/** Amounts by name; `total` is one of them. */
const Amounts = z
  .record(Name, Amount)
  .refine((amounts) => Object.hasOwn(amounts, 'total'), 'must include total')
  .refine((amounts) => Object.keys(amounts).length <= 100, 'must have at most 100 names')
const Seconds = z.int().min(1).max(100_000_000_000)

export const usageOperations = {
  'usage.report': operation({
    summary: 'Say what was used so far under a key, of a session or of none; a later report of the same key takes its place.',
    needs: account,
    http: 'POST /v1/usage',
    database,
    input: z.object({ key: text(200).min(1), sessionId: RelayId.nullish(), tokens: Amounts, cost: Amounts }),
    output: z.object({ success: z.literal(true), reportId: RelayId, createdAt: Millis, updatedAt: Millis }),
  }),
  'usage.query': operation({
    summary: 'Sum up what was used by hours or days (UTC), over at most ten years; times are seconds since 1970.',
    needs: account,
    http: 'POST /v1/usage/query',
    input: z.object({
      sessionId: RelayId.nullish(),
      startTime: Seconds.nullish(),
      endTime: Seconds.nullish(),
      groupBy: z.enum(['hour', 'day']).nullish(),
    }),
    output: z.object({
      usage: z.array(
        z.object({
          timestamp: z.int(),
          tokens: z.record(z.string(), z.number()),
          cost: z.record(z.string(), z.number()),
          reportCount: z.int(),
        }),
      ),
      groupBy: z.enum(['hour', 'day']),
      totalReports: z.int(),
    }),
  }),
}
