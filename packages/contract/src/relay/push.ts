import { z } from 'zod'
import { operation } from '../operation.ts'
import { account, ClientId, database, Done, Millis, RelayId } from './common.ts'

/** The address of a phone at Expo's push service. */
const Token = ClientId.max(512)

export const pushOperations = {
  'pushTokens.list': operation({
    summary: 'List the phones that are told of events, the newest first.',
    needs: account,
    http: 'GET /v1/push-tokens',
    input: z.object({}),
    output: z.object({ tokens: z.array(z.object({ id: RelayId, token: Token, createdAt: Millis, updatedAt: Millis })) }),
  }),
  'pushTokens.add': operation({
    summary: 'Tell a phone of events; of more than 200 the one that was added longest ago is let go.',
    needs: account,
    http: 'POST /v1/push-tokens',
    database,
    input: z.object({ token: Token }),
    output: Done,
  }),
  'pushTokens.remove': operation({
    summary: 'No longer tell a phone of events.',
    needs: account,
    http: 'DELETE /v1/push-tokens/{token}',
    database,
    input: z.object({ token: Token }),
    output: Done,
  }),
  'push.event': operation({
    summary: "Tell the account's phones of an event of a session, unless somebody is looking; says what came of it.",
    needs: account,
    http: 'POST /v1/sessions/{sessionId}/push-event',
    database,
    input: z.object({
      sessionId: RelayId,
      kind: z.enum(['done', 'permission', 'question']),
      title: z.string().min(1).max(200),
      body: z.string().min(1).max(500),
      data: z.record(z.string(), z.unknown()).optional(),
    }),
    output: z.object({
      success: z.literal(true),
      result: z.enum(['sent', 'partial', 'suppressed', 'no_tokens', 'failed']),
      /** How many phones there are, and for how many the push service took it. */
      tokens: z.int().optional(),
      delivered: z.int().optional(),
      reason: z.string().optional(),
    }),
  }),
}
