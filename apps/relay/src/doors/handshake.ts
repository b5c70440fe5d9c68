import { Fault } from '@steward/contract'
import type { Socket } from 'socket.io'
import { z } from 'zod'
import { callerOf, type Holder } from '../caller.ts'
import { fieldsOf, type Connection, type Scope } from '../connection.ts'
import { relayFault } from './faults.ts'
import { checkInput } from './input.ts'

const Handshake = z.object({
  token: z.string().min(1).max(4096),
  clientType: z.enum(['user-scoped', 'session-scoped', 'machine-scoped']).default('user-scoped'),
  sessionId: z.string().min(1).max(200).optional(),
  machineId: z.string().min(1).max(200).optional(),
  happyClient: z.string().max(200).optional(),
  appState: z.string().max(20).optional(),
  /** The last change the client has. */
  since: z.int().min(0).optional(),
})
export type Handshake = z.output<typeof Handshake>

/** Reads how a socket introduces itself. Throws a Fault with the words that the existing clients know. */
export function readHandshake(socket: Socket): Handshake {
  const auth = fieldsOf(socket.handshake.auth)
  if (typeof auth['token'] !== 'string' || auth['token'] === '') throw new Fault('unauthenticated', 'Missing authentication token')
  checkInput(auth)
  const read = Handshake.safeParse(auth)
  if (!read.success)
    throw new Fault('invalid', `The handshake does not fit: ${read.error.issues[0]?.path.join('.')}: ${read.error.issues[0]?.message}`)
  if (read.data.clientType === 'session-scoped' && read.data.sessionId === undefined)
    throw new Fault('invalid', 'Session ID required for session-scoped clients')
  if (read.data.clientType === 'machine-scoped' && read.data.machineId === undefined)
    throw new Fault('invalid', 'Machine ID required for machine-scoped clients')
  return read.data
}
/**
 * How long the log waits for a client that has just come. The existing `happy` command (seen in 1.2.5) fetches its session's messages at every connect, and hands to its
 * agent twice what is pushed to it before that answer has come and is in it too. What is pushed after the answer it compares with what it has.
 */
export const fetchingMs = ({ clientType, happyClient, since }: Handshake): number =>
  clientType === 'session-scoped' && since === undefined && happyClient?.startsWith('cli-coding-session/') ? 1_000 : 0

/** A refused handshake, as `connect_error` shows it: the sentence, and in `data` what can be done. What went wrong inside is nobody's business. */
export function refusal(error: unknown): Error & { data: { code: string; retryAfterMs?: number } } {
  const { code, message, details } = relayFault(error)
  const { retryAfterMs } = (details ?? {}) as { retryAfterMs?: number }
  const words = code === 'internal' ? 'The connection was refused.' : message
  return Object.assign(new Error(words), { data: { code, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) } })
}
/** Whom the token belongs to. Throws a Fault with the words that the existing clients know. */
export async function holderOfHandshake({ token }: Handshake, identify: (token: string) => Promise<Holder>): Promise<Holder> {
  try {
    return await identify(token)
  } catch (error) {
    if (error instanceof Fault && error.code === 'unauthenticated')
      throw new Fault('unauthenticated', 'Invalid authentication token', undefined, { cause: error })
    throw error
  }
}
/** The connection of a socket that is logged in. */
export function connectionOf(socket: Socket, holder: Holder, handshake: Handshake, address: string): Connection {
  const gone = new AbortController()
  socket.once('disconnect', () => gone.abort())
  const scope: Scope = handshake.clientType
  const own = {
    ...(scope === 'session-scoped' && handshake.sessionId !== undefined ? { sessionId: handshake.sessionId } : {}),
    ...(scope === 'machine-scoped' && handshake.machineId !== undefined ? { machineId: handshake.machineId } : {}),
  }
  const caller = callerOf(holder, 'socket', { socket: { id: socket.id, ...own }, address, client: handshake.happyClient ?? '' })
  return { id: socket.id, socket, holder, caller, scope, ...own, gone: gone.signal }
}
