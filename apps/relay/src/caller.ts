import { Fault } from '@steward/contract'
import { accountScope, openScope } from '@steward/contract/relay'
import type { Caller } from '@steward/kernel'

/** The socket a call came over. */
export interface SocketOrigin {
  readonly id: string
  readonly sessionId?: string
  readonly machineId?: string
}
/** Whom a token belongs to. */
export interface Holder {
  readonly accountId: string
  readonly deviceId: string
  /** When the token ends, milliseconds since 1970. */
  readonly expiresAt: number
}
/** Who calls the relay: an account on one of its devices, or anyone. */
export interface RelayCaller extends Caller {
  readonly holder?: Holder
  readonly socket?: SocketOrigin
  /** Network address, for limits. */
  readonly address?: string
  /** What the client says it is. */
  readonly client?: string
  /** The address at which it sees this relay, `https://host[:port]`. */
  readonly seenAt?: string
}
/** What is known of a request beside its token. */
export type Origin = Pick<RelayCaller, 'socket' | 'address' | 'client' | 'seenAt'>

/** A caller without a token: it may use what is open. */
export const anyone = (door: string, origin: Origin): RelayCaller => ({
  id: `address:${origin.address ?? 'unknown'}`,
  kind: 'token',
  door,
  scopes: [openScope],
  ...origin,
})
/** A caller with a token. */
export const callerOf = (holder: Holder, door: string, origin: Origin): RelayCaller => ({
  id: holder.accountId,
  kind: 'token',
  door,
  scopes: [openScope, accountScope],
  instanceId: holder.deviceId,
  holder,
  ...origin,
})
/** The account that calls. Throws Fault `unauthenticated` for anyone else. */
export function holderOf(caller: RelayCaller): Holder {
  if (caller.holder === undefined) throw new Fault('unauthenticated', 'Missing authorization header')
  return caller.holder
}
