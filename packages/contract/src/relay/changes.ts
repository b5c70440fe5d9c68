import { z } from 'zod'
import { operation } from '../operation.ts'
import { account, limit, Millis, RelayId } from './common.ts'

/** One numbered change of an account, as sockets get it in the event `update`. `body.t` says what changed. */
export const Update = z.object({ id: RelayId, seq: z.int().min(1), createdAt: Millis, body: z.looseObject({ t: z.string() }) })
export type Update = z.output<typeof Update>

export const changeOperations = {
  'changes.list': operation({
    summary: 'List what changed after a place in the log of the account; numbers have no gaps, and what was deleted since is there as `erased`.',
    needs: account,
    http: 'GET /v1/changes',
    input: z.object({ since: z.int().min(0).default(0), limit: limit(1000, 200) }),
    output: z.object({
      changes: z.array(Update),
      /** The last number there is. */
      seq: z.int(),
      hasMore: z.boolean(),
      /** True when the log no longer reaches back to `since`: fetch everything anew and go on from `seq`. */
      reset: z.boolean(),
    }),
  }),
}
