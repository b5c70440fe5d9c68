import { z } from 'zod'
import { operation } from '../operation.ts'
import { account, database } from './common.ts'

/** An account leaves: with all it has, or for good. */
export const portabilityOperations = {
  'accounts.export': operation({
    summary: 'Download everything the relay keeps for the account, one JSON object a line; the last line says that it is whole.',
    needs: account,
    http: 'GET /v1/account/export',
    bytes: 'download',
    input: z.object({}),
    output: z.object({ mediaType: z.literal('application/x-ndjson'), name: z.string() }),
  }),
  'accounts.delete': operation({
    summary: 'Remove the account with everything in it, for good; `confirm` is its public key.',
    needs: account,
    http: 'DELETE /v1/account',
    database,
    input: z.object({ confirm: z.string().max(200) }),
    output: z.object({
      success: z.literal(true),
      /** True when something could not be removed yet; nobody can reach it, and the relay goes on by itself. */
      pending: z.boolean(),
    }),
  }),
}
