import type { z } from 'zod'

/** What one kind of durable event is: the log it lies in, its data, and whether the audit chain takes it up. */
export interface EventKind<D extends z.ZodType = z.ZodType> {
  readonly log: string
  readonly data: D
  readonly audit?: boolean
}
/** Writes an event kind down, keeping its exact types. */
export const event = <D extends z.ZodType>(kind: EventKind<D>): EventKind<D> => kind

/** A durable fact as every door shows it. `seq` is its number within its log; the cursor travels beside it, never inside. */
export interface WireEvent {
  readonly seq: number
  readonly id: string
  readonly name: string
  readonly at: string
  readonly sessionId?: string
  readonly runId?: string
  readonly data: unknown
}
/** A passing signal. It has no number: it can be dropped, and a durable event with the whole always follows. */
export interface WireFlash {
  readonly name: string
  readonly at: string
  readonly sessionId?: string
  readonly runId?: string
  readonly data: unknown
}
/** What a reader of a stream gets: an event with the cursor after it, a flash, a bare cursor, or word that its cursor no longer leads anywhere. */
export type StreamItem =
  | { readonly event: WireEvent; readonly cursor: string }
  | { readonly flash: WireFlash }
  | { readonly cursor: string }
  | { readonly reset: string }
