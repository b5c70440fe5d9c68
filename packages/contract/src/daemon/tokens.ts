import { z } from 'zod'
import { operation } from '../operation.ts'
import { At, listOf, LoginId, Nothing, page, Permission, TokenId } from './common.ts'

/** `noun:verb`, `noun:*`, `*:read` or `*`; a noun is an operation's or an app's. */
export const Scope = Permission
export const Token = z
  .object({
    id: TokenId,
    name: z.string(),
    scopes: z.array(Scope),
    createdBy: z.string(),
    createdAt: At,
    expiresAt: At.nullable(),
    lastUsedAt: At.nullable(),
    revokedAt: At.nullable(),
  })
  .meta({ id: 'Token' })
export type Token = z.infer<typeof Token>

/**
 * A browser that logged in as the owner. `client` is what it calls itself (its User-Agent), `address` where it came from, `current` says that this very call
 * came with it.
 */
export const Login = z
  .object({
    id: LoginId,
    client: z.string().nullable(),
    address: z.string().nullable(),
    createdAt: At,
    expiresAt: At,
    lastUsedAt: At.nullable(),
    endedAt: At.nullable(),
    current: z.boolean(),
  })
  .meta({ id: 'Login' })
export type Login = z.infer<typeof Login>

export const tokens = {
  'tokens.create': operation({
    summary: 'Create an access token; its text is shown this once. It can hold no scope that its maker lacks.',
    needs: 'tokens:write',
    http: 'POST /v1/tokens',
    status: 201,
    database: 'settings',
    secret: true,
    input: z.strictObject({
      name: z.string().trim().min(1).max(100),
      scopes: z.array(Scope).min(1).max(50),
      expiresAt: At.optional(),
    }),
    output: z.object({ token: Token, secret: z.string() }),
  }),
  'tokens.list': operation({
    summary: 'List access tokens, newest first.',
    needs: 'tokens:read',
    http: 'GET /v1/tokens',
    input: z.strictObject({ ...page }),
    output: listOf(Token),
  }),
  'tokens.revoke': operation({
    summary: 'Revoke an access token and those it has made; their open connections end.',
    needs: 'tokens:write',
    http: 'DELETE /v1/tokens/{id}',
    status: 204,
    database: 'settings',
    cli: { positionals: ['id'] },
    input: z.strictObject({ id: TokenId }),
    output: Nothing,
  }),
  'tokens.whoami': operation({
    summary: 'Say who calls, and with which scopes.',
    needs: 'system:read',
    http: 'GET /v1/whoami',
    input: z.strictObject({}),
    output: z.object({ id: z.string(), kind: z.string(), door: z.string(), scopes: z.array(z.string()) }),
  }),
  'logins.create': operation({
    summary: 'Make a one-time code that opens the console in a browser.',
    needs: 'tokens:write',
    http: 'POST /v1/logins',
    status: 201,
    secret: true,
    input: z.strictObject({}),
    output: z.object({ code: z.string(), url: z.string().nullable(), expiresAt: At }),
  }),
  'logins.list': operation({
    summary: 'List the browsers that have logged in as the owner, newest first; those that have ended stay until they would have expired.',
    needs: 'tokens:read',
    http: 'GET /v1/logins',
    input: z.strictObject({ ...page }),
    output: listOf(Login),
  }),
  'logins.end': operation({
    summary: 'Log a browser out; its open connections end.',
    needs: 'tokens:write',
    http: 'DELETE /v1/logins/{id}',
    status: 204,
    database: 'settings',
    cli: { positionals: ['id'] },
    input: z.strictObject({ id: LoginId }),
    output: Nothing,
  }),
}
