import { z } from 'zod'
import { operation, writeOnly } from '../operation.ts'
import { account, ClientId, database, Done, text } from './common.ts'

const Vendor = z.enum(['openai', 'anthropic', 'gemini'])
export type Vendor = z.output<typeof Vendor>
export const vendors: readonly Vendor[] = Vendor.options
const Token = text(64 * 1024).min(1)

/** Tokens of model vendors. The relay can read them: they are sealed where it keeps them, not end to end. */
export const vendorOperations = {
  'vendors.register': operation({
    summary: 'Keep the token of a vendor.',
    needs: account,
    http: 'POST /v1/connect/{vendor}/register',
    database,
    input: z.object({ vendor: Vendor, token: writeOnly(Token) }),
    output: Done,
  }),
  'vendors.token': operation({
    summary: 'Get the token of a vendor.',
    needs: account,
    http: 'GET /v1/connect/{vendor}/token',
    secret: true,
    input: z.object({ vendor: Vendor }),
    output: z.object({ token: z.string().nullable() }),
  }),
  'vendors.tokens': operation({
    summary: 'Get the tokens of all vendors.',
    needs: account,
    http: 'GET /v1/connect/tokens',
    secret: true,
    input: z.object({}),
    output: z.object({ tokens: z.array(z.object({ vendor: z.string(), token: z.string() })) }),
  }),
  'vendors.remove': operation({
    summary: 'Forget the token of a vendor.',
    needs: account,
    http: 'DELETE /v1/connect/{vendor}',
    database,
    input: z.object({ vendor: ClientId }),
    output: Done,
  }),
}
