import { Fault } from '@steward/contract'
import type { ByteRange, OpenBytes } from '../call.ts'

/** Opens the bytes of a download and waits for the first of them, so that bytes that cannot be read are a fault and not a broken answer. */
export async function openBytes(open: OpenBytes, range: ByteRange | undefined): Promise<AsyncGenerator<Uint8Array, void>> {
  const source = open(range)[Symbol.asyncIterator]()
  const first = await source.next()
  return (async function* () {
    try {
      for (let next = first; !next.done; next = await source.next()) yield next.value
    } finally {
      await source.return?.()
    }
  })()
}
/** Passes bytes on up to `limit` of them. Throws Fault `too_large` at the first byte more. */
export async function* limited(bytes: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Uint8Array, void> {
  let size = 0
  for await (const chunk of bytes) {
    size += chunk.byteLength
    if (size > limit) throw tooLarge(limit)
    yield chunk
  }
}
export const tooLarge = (limit: number) => new Fault('too_large', `The body is larger than the ${limit} bytes that are accepted.`)
