/** Who calls. A door makes it from a credential and hands it to `call`; nothing else grants rights. */
export interface Caller {
  readonly id: string
  readonly kind: 'owner' | 'token' | 'channel' | 'task' | 'agent'
  /** The door it came through, or the room that calls in its own name. */
  readonly door: string
  readonly scopes: readonly string[]
  /** One running client; leases are held by it. */
  readonly instanceId?: string
  /** The browser's login that it came with, where it came with one. */
  readonly loginId?: string
  /** Aborts when the credential ends (revoked, expired): its open connections end with it. */
  readonly ended?: AbortSignal
}
/** What a door read off the wire. */
export interface Credential {
  readonly token?: string
  readonly cookie?: string
  /** Network address, for limiting failures. */
  readonly address?: string
}
/** Turns credentials into callers, here or by asking whoever knows them. Throws Fault: `unauthenticated`, or `too_many` after repeated failures. */
export interface Identifier {
  authenticate(credential: Credential, door: string): Caller | Promise<Caller>
}
/** Knows all credentials itself. */
export interface Authenticator extends Identifier {
  authenticate(credential: Credential, door: string): Caller
  /**
   * IPC: proof = base64url HMAC-SHA256(key, nonce). The key is the owner's token, or the gateway's: that proves that a connection may be there,
   * and gives it no rights (`null`). Throws Fault as `authenticate` does.
   */
  prove(nonce: string, proof: string, door: string): Caller | null
}

const covers = (held: string, asked: string): boolean => {
  if (held === '*' || held === asked) return true
  const [noun, verb] = held.split(':')
  const [askedNoun, askedVerb] = asked.split(':')
  return (noun === '*' || noun === askedNoun) && (verb === '*' || verb === askedVerb)
}
/** True when the scopes cover the one asked for. `*:read` covers every `noun:read`; a wildcard asked for must be covered whole. */
export const holds = (scopes: readonly string[], asked: string): boolean => scopes.some((held) => covers(held, asked))
export const can = (caller: Caller, scope: string): boolean => holds(caller.scopes, scope)
/** The scopes that both lists grant: what a connection that speaks for another may do. */
export function intersect(a: readonly string[], b: readonly string[]): string[] {
  return [...new Set([...a.filter((scope) => holds(b, scope)), ...b.filter((scope) => holds(a, scope))])]
}
