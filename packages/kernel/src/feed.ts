import type { Caller } from './caller.ts'

export interface Subscription {
  readonly sessionId?: string
  /** Only events and flashes of these names. */
  readonly names?: readonly string[]
  /** Resume after this cursor. Absent: a session from its first event, everything from the head. */
  readonly after?: string
}
/** One thing for a reader. `json` is the serialised WireEvent or WireFlash, made once and shared by all readers. */
export type FeedItem =
  | { readonly kind: 'event'; readonly name: string; readonly json: string; readonly cursor: string }
  | { readonly kind: 'flash'; readonly name: string; readonly json: string }
  | { readonly kind: 'cursor'; readonly cursor: string }
  | { readonly kind: 'reset'; readonly cursor: string }
/**
 * Streams of events. Pulled, so a reader that does not ask costs its cursor and nothing more; what it missed of flashes is made up
 * from the whole when it asks again. Throws Fault before the first item for a caller without the scope, an unknown session or a broken cursor.
 */
export interface Feed extends OpenFeed {
  open(caller: Caller, subscription: Subscription, signal: AbortSignal): AsyncIterable<readonly FeedItem[]>
}
/** The same where the logs are elsewhere: it may take a moment until a stream is open. */
export interface OpenFeed {
  open(
    caller: Caller,
    subscription: Subscription,
    signal: AbortSignal,
  ): AsyncIterable<readonly FeedItem[]> | Promise<AsyncIterable<readonly FeedItem[]>>
}
