import { z } from 'zod'
import { operation } from '../operation.ts'
import { account, Base64, database, Done, Millis, open, RelayId } from './common.ts'

const Key = Base64.max(200)
/** Asking for a pairing answers this to everyone: a caller signs the challenge itself, or waits until somebody approves it. */
const Asked = z.object({
  state: z.enum(['requested', 'authorized']),
  token: z.string().optional(),
  response: z.string().optional(),
  /** To be signed after the line `steward-relay/login/1`. Good for one login until `expiresAt`. */
  challenge: z.string(),
  expiresAt: Millis,
})
const LoggedIn = z.object({ success: z.literal(true), token: z.string(), expiresAt: Millis })
const Device = z.object({
  id: RelayId,
  /** What the client said of itself. */
  client: z.string(),
  createdAt: Millis,
  lastSeenAt: Millis,
  expiresAt: Millis,
  /** The device this answer went to. */
  current: z.boolean(),
})
const ask = z.object({ publicKey: Key.optional(), supportsV2: z.boolean().optional() })

export const authOperations = {
  'auth.login': operation({
    summary: 'Log in with a challenge the client made itself, as the existing clients do; each one counts once.',
    needs: open,
    http: 'POST /v1/auth',
    database,
    secret: true,
    input: z.object({ publicKey: Key, challenge: Base64.max(400), signature: Key }),
    output: LoggedIn,
  }),
  'auth.request': operation({
    summary: 'Ask for a challenge to sign, or ask to be approved by a device that is logged in.',
    needs: open,
    http: 'POST /v1/auth/request',
    database,
    secret: true,
    input: ask,
    output: Asked,
  }),
  'auth.status': operation({
    summary: 'Say whether a key waits to be approved.',
    needs: open,
    http: 'GET /v1/auth/request/status',
    input: z.object({ publicKey: z.string().max(200).default('') }),
    output: z.object({ status: z.enum(['not_found', 'pending', 'authorized']), supportsV2: z.boolean() }),
  }),
  'auth.respond': operation({
    summary: 'Log in with a signed challenge, or approve a key that waits.',
    needs: open,
    http: 'POST /v1/auth/response',
    database,
    secret: true,
    input: z.object({ publicKey: Key, challenge: z.string().max(400).optional(), signature: Key.optional(), response: Base64.max(4096).optional() }),
    output: z.object({ success: z.literal(true), token: z.string().optional(), expiresAt: Millis.optional() }),
  }),
  'auth.linkRequest': operation({
    summary: "Ask to become another device of an account: the existing clients' way for a second device.",
    needs: open,
    http: 'POST /v1/auth/account/request',
    database,
    secret: true,
    input: ask,
    output: Asked,
  }),
  'auth.linkRespond': operation({
    summary: 'Approve another device of the account.',
    needs: account,
    http: 'POST /v1/auth/account/response',
    database,
    input: z.object({ publicKey: Key, response: Base64.max(4096) }),
    output: Done,
  }),
  'auth.me': operation({
    summary: 'Say who is logged in, and as which device.',
    needs: account,
    http: 'GET /v1/auth/me',
    input: z.object({}),
    output: z.object({ id: RelayId, publicKey: z.string(), deviceId: RelayId, expiresAt: Millis, createdAt: Millis }),
  }),
  'auth.refresh': operation({
    summary: 'Get a token that lasts longer; the old one keeps until it ends.',
    needs: account,
    http: 'POST /v1/auth/refresh',
    database,
    secret: true,
    input: z.object({}),
    output: LoggedIn,
  }),
  'auth.logout': operation({
    summary: "End this device's token and close its sockets.",
    needs: account,
    http: 'POST /v1/auth/logout',
    database,
    input: z.object({}),
    output: Done,
  }),
  'devices.list': operation({
    summary: 'List the devices that are logged in.',
    needs: account,
    http: 'GET /v1/auth/devices',
    input: z.object({ limit: z.int().min(1).max(200).default(100), cursor: z.string().max(100).optional() }),
    output: z.object({ devices: z.array(Device), nextCursor: z.string().nullable() }),
  }),
  'devices.revoke': operation({
    summary: 'End a device: its token no longer counts and its sockets are closed.',
    needs: account,
    http: 'DELETE /v1/auth/devices/{id}',
    database,
    input: z.object({ id: RelayId }),
    output: Done,
  }),
}
