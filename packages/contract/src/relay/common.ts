import { z } from 'zod'

/** Bytes as base64, in the standard or the URL alphabet, padded or not; opaque to the relay. */
export const Base64 = z.string().regex(/^[A-Za-z0-9+/_-]*={0,2}$/, 'must be base64')
/** Text that comes back as it was sent from every database: PostgreSQL has no place for NUL, and UTF-8 none for half a surrogate pair. */
export const text = (most: number) =>
  z
    .string()
    .max(most)
    .refine((value) => !value.includes('\0') && value.isWellFormed(), 'must hold neither NUL nor half a surrogate pair')
/** What only the account's own clients can read. The relay keeps it exactly as it was sent. */
export const Sealed = text(8 * 1024 * 1024)
/** Bytes as base64 of at most so many characters. The relay keeps the bytes, and answers them in the standard alphabet, padded (RFC 4648 §4). */
export const bytes = (most: number) => Base64.max(most).refine((value) => value.replace(/=+$/, '').length % 4 !== 1, 'must be whole base64')
/** The box that holds a data key, for the account's own key. Null: the clients use the account's secret itself. */
export const DataKey = Base64.max(4096).nullable()
/** Milliseconds since 1970, as the existing clients count. */
export const Millis = z.int().min(0)
export const Version = z.int().min(0).max(2_147_483_647)
/** An id that a client chose, such as a machine's; any text without control characters. */
export const ClientId = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'must hold no control characters')
/** An id of the relay: sorts by time of making. */
export const RelayId = text(64).min(1)
/** `limit` of a page. */
export const limit = (most: number, usual: number) => z.int().min(1).max(most).default(usual)
export const Done = z.object({ success: z.literal(true) })

/**
 * The scopes of the relay. Whoever comes without a token holds `open:use` alone; the token of an account holds both. There are no finer ones:
 * the existing clients know none.
 */
export const open = 'open:use'
export const account = 'account:use'
/** The one database. */
export const database = 'relay'
