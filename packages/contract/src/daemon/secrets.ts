import { z } from 'zod'
import { operation, writeOnly } from '../operation.ts'
import { At, listOf, Nothing, page } from './common.ts'

const Name = z.string().regex(/^[a-z][a-z0-9-]{0,39}\.[A-Za-z][A-Za-z0-9_-]{0,59}$/, 'must look like app.name')
/** A secret of an app. Its value is sealed at rest and never shown again. */
export const Secret = z.object({ name: Name, updatedAt: At }).meta({ id: 'Secret' })
export type Secret = z.infer<typeof Secret>

export const secrets = {
  'secrets.set': operation({
    summary: 'Store a secret of an app, such as a token; it is sealed and never shown again.',
    needs: 'secrets:write',
    http: 'PUT /v1/secrets/{name}',
    database: 'settings',
    cli: { positionals: ['name'] },
    input: z.strictObject({ name: Name, value: writeOnly(z.string().min(1).max(100_000)) }),
    output: Secret,
    lane: ({ name }) => `secret:${name}`,
  }),
  'secrets.list': operation({
    summary: 'List the names of stored secrets.',
    needs: 'secrets:read',
    http: 'GET /v1/secrets',
    input: z.strictObject({ ...page }),
    output: listOf(Secret),
  }),
  'secrets.remove': operation({
    summary: 'Forget a stored secret.',
    needs: 'secrets:write',
    http: 'DELETE /v1/secrets/{name}',
    status: 204,
    database: 'settings',
    cli: { positionals: ['name'] },
    input: z.strictObject({ name: Name }),
    output: Nothing,
  }),
}
