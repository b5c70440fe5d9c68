import { Fault } from '@steward/contract'
import type { ByteRange } from '@steward/kernel'

export interface PutOptions {
  /** What is larger is refused. */
  readonly maxBytes: number
  /** The size where it is known before; a body of another size is refused. An object store is then written to without a detour. */
  readonly size?: number
}
export interface Blob {
  /** Of the whole blob, in bytes. */
  readonly size: number
  /** Its bytes, or those of the range; for one reader. */
  readonly body: AsyncIterable<Uint8Array>
}
export interface ListedBlob {
  readonly key: string
  readonly size: number
  /** ISO 8601 UTC, milliseconds. */
  readonly modifiedAt: string
}
/**
 * Bytes by key, in a folder or an object store. A key is 1..512 characters of `A-Za-z0-9._-` in parts split by `/`, none of which begins with a dot; a prefix
 * is parts that end with `/`. Both throw Fault `invalid` otherwise. A store that fails throws Fault `unavailable`, in its own words.
 */
export interface Blobs {
  /**
   * Writes a blob, or a new one over it, durable when this resolves; until then, and where it fails, nothing has changed. Throws Fault `too_large` beyond
   * `maxBytes`, `invalid` for a body that breaks off or has not the size it should.
   */
  put(key: string, body: AsyncIterable<Uint8Array>, options: PutOptions): Promise<{ readonly size: number }>
  /** A blob or a range of it; undefined where there is none. Throws Fault `invalid` for a range that begins behind the end. */
  get(key: string, range?: ByteRange): Promise<Blob | undefined>
  /** Does nothing where there is none. */
  remove(key: string): Promise<void>
  /** Removes all under the prefix, which is not empty. */
  removePrefix(prefix: string): Promise<void>
  /** All under the prefix (all there are for ''), in no order that is promised. What comes or goes meanwhile may be missed. */
  list(prefix: string): AsyncIterable<ListedBlob>
}
const part = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/
/** Whether the text is a key: an object store may hold others' too. */
export const isKey = (text: string): boolean => text.length <= 512 && text.split('/').every((name) => part.test(name))

/** The key, where it is one. */
export function checkedKey(key: string): string {
  if (isKey(key)) return key
  throw new Fault('invalid', 'A file key is made of letters, digits, ".", "_", "-" and "/", 512 characters at most; no part of it begins with a dot.')
}
/** The prefix, where it is one: '' or parts that end with a slash. */
export function checkedPrefix(prefix: string): string {
  if (prefix === '' || (prefix.endsWith('/') && isKey(prefix.slice(0, -1)))) return prefix
  throw new Fault('invalid', 'A prefix of file keys ends with "/" and is made of letters, digits, ".", "_", "-" and "/"; no part begins with a dot.')
}
/** The prefix of things to remove: all of them at once are not to be removed by mistake. */
export function checkedPart(prefix: string): string {
  if (prefix !== '') return checkedPrefix(prefix)
  throw new Fault('invalid', 'Say under which prefix the files are to be removed.')
}
/** Throws Fault `invalid` for a range that `size` bytes do not have. */
export function checkRange(range: ByteRange | undefined, size: number): void {
  if (range && (range.start < 0 || range.start >= size || range.end < range.start)) throw outOfRange()
}
/** The fault of a range that there is not. */
export const outOfRange = () => new Fault('invalid', 'The range lies outside the bytes there are.')
/** The body as it comes, held to its limits: throws as `put` says, and for a body that breaks off. */
export async function* checkedBody(body: AsyncIterable<Uint8Array>, { maxBytes, size }: PutOptions): AsyncGenerator<Uint8Array, void> {
  if (size !== undefined && size > maxBytes) throw tooLarge(maxBytes)
  let taken = 0
  for await (const chunk of whole(body)) {
    taken += chunk.length
    if (taken > maxBytes) throw tooLarge(maxBytes)
    if (size !== undefined && taken > size) throw otherSize(size)
    yield chunk
  }
  if (size !== undefined && taken < size) throw otherSize(size)
}
const tooLarge = (maxBytes: number) => new Fault('too_large', `The file is larger than ${maxBytes} bytes, the most that is taken.`)
const otherSize = (size: number) => new Fault('invalid', `The upload has not the ${size} bytes that were announced; send it again.`)
/** A body that breaks off is the sender's fault. */
async function* whole(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  try {
    yield* body
  } catch (error) {
    if (error instanceof Fault) throw error
    throw new Fault('invalid', 'The upload broke off before its end; send it again.', undefined, { cause: error })
  }
}
