import { z } from 'zod'
import { operation } from '../operation.ts'
import { account, ClientId, database, limit, Millis, RelayId, Sealed } from './common.ts'

/** The existing clients wrap what is sealed in an object that says so. */
const Content = z.object({ t: z.literal('encrypted'), c: Sealed })
export const Message = z.object({
  id: RelayId,
  /** Its place in its session: 1, 2, 3 and so on, without gaps. */
  seq: z.int().min(1),
  content: Content,
  /** The sender's own id: the same one twice is the same message. */
  localId: ClientId.nullable(),
  createdAt: Millis,
  updatedAt: Millis,
})
export type Message = z.output<typeof Message>
const Receipt = Message.omit({ content: true })
const sessionId = RelayId
/** Sequence numbers are 32-bit; the existing clients ask for what is before the last possible one. */
const Place = z.int().min(0).max(2_147_483_647)

export const messageOperations = {
  'messages.latest': operation({
    summary: 'List the 150 newest messages of a session, the newest first.',
    needs: account,
    http: 'GET /v1/sessions/{sessionId}/messages',
    input: z.object({ sessionId }),
    output: z.object({ messages: z.array(Message) }),
  }),
  'messages.page': operation({
    summary: 'List messages of a session before or after a place.',
    needs: account,
    http: 'GET /v3/sessions/{sessionId}/messages',
    input: z
      .object({ sessionId, after_seq: Place.optional(), before_seq: Place.min(1).optional(), limit: limit(500, 100) })
      .refine((input) => input.after_seq === undefined || input.before_seq === undefined, {
        message: 'after_seq and before_seq exclude each other',
      }),
    output: z.object({ messages: z.array(Message), hasMore: z.boolean() }),
  }),
  'messages.append': operation({
    summary: 'Append up to 100 messages to a session; one that is there already is not appended again.',
    needs: account,
    http: 'POST /v3/sessions/{sessionId}/messages',
    database,
    input: z.object({
      sessionId,
      messages: z
        .array(z.object({ content: Sealed, localId: ClientId }))
        .min(1)
        .max(100),
    }),
    output: z.object({ messages: z.array(Receipt) }),
  }),
  'messages.send': operation({
    summary: 'Append one message to a session.',
    needs: account,
    http: 'POST /v1/sessions/{sessionId}/messages',
    status: 201,
    database,
    input: z.object({ sessionId, content: Sealed, localId: ClientId.optional() }),
    output: z.object({ message: Message }),
  }),
}
