import type { StreamItem } from '@steward/contract'

export interface SendOptions {
  /** Idempotency key of a call that changes something; one is made where none is given, so that a lost answer can be asked for again. */
  readonly key?: string
  /** Gives the call up. */
  readonly signal?: AbortSignal
}
export interface Follow {
  readonly sessionId?: string
  /** Only events and flashes of these names. */
  readonly names?: readonly string[]
  /** Go on after this cursor. Absent: a session from its first event, everything from now on. */
  readonly after?: string
}
/** `end` is inclusive. */
export interface Range {
  readonly start: number
  readonly end: number
}
/** Bytes to upload. A one-shot iterable cannot be sent again when the connection is cut; the others are. */
export type Bytes = Uint8Array | Blob | AsyncIterable<Uint8Array>
export interface Download {
  readonly value: unknown
  readonly bytes: AsyncIterable<Uint8Array>
}
/**
 * A way to the daemon. Every verb throws Fault, alike on every door. A cut connection is made again: reads are asked again, writes with
 * the same key, streams go on after their last cursor. What cannot be asked again safely is a fault `unavailable`.
 */
export interface Sender {
  call(op: string, input: unknown, options?: SendOptions): Promise<unknown>
  /** Ends when the signal aborts or the reader stops; throws Fault when the daemon refuses. */
  events(follow: Follow, signal?: AbortSignal): AsyncIterable<StreamItem>
  upload(op: string, input: unknown, bytes: Bytes, options?: SendOptions): Promise<unknown>
  download(op: string, input: unknown, range?: Range, options?: SendOptions): Promise<Download>
  close(): Promise<void>
}
