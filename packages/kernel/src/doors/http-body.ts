import type { IncomingMessage } from 'node:http'
import { Fault } from '@steward/contract'
import { parseJson } from '../json.ts'
import { tooLarge } from './bytes.ts'

/** How many bytes of a refused body are still read, so that the client gets to see the answer; then the connection is cut. */
const lingerBytes = 16 * 1024 * 1024

/** Reads a body whole, as it comes. Throws Fault `too_large`. Never destroys the stream: the answer must still get out. */
export async function readBytes(stream: IncomingMessage, limit: number): Promise<Buffer> {
  const declared = Number(stream.headers['content-length'] ?? 0)
  if (declared > limit) throw tooLarge(limit)
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    size += (chunk as Buffer).length
    if (size > limit) throw tooLarge(limit)
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks, size)
}
/** Reads a JSON body whole. An empty one is `undefined`. Throws Fault `too_large` or `invalid`. */
export async function readJson(stream: IncomingMessage, limit: number): Promise<unknown> {
  const bytes = await readBytes(stream, limit)
  if (bytes.length === 0) return undefined
  try {
    return parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    if (error instanceof Fault) throw error
    throw new Fault('invalid', 'The body is not UTF-8 text.', undefined, { cause: error })
  }
}
/**
 * Reads on in a body nobody wants, for so long and so far at most, so that the client gets to see the answer: a connection that is closed
 * under a client which still sends takes the answer with it. True when there is no more to come.
 */
export function discard(stream: IncomingMessage, lingerMs: number): Promise<boolean> {
  if (stream.complete || stream.destroyed) return Promise.resolve(true)
  return new Promise((resolve) => {
    let size = 0
    const read = (chunk: Buffer) => {
      size += chunk.length
      if (size > lingerBytes) stop()
    }
    const stop = () => {
      clearTimeout(late)
      stream.off('data', read).off('end', stop).off('close', stop)
      if (!stream.complete) stream.pause()
      resolve(stream.complete || stream.destroyed)
    }
    const late = setTimeout(stop, lingerMs)
    stream.on('error', () => undefined)
    stream.on('data', read).on('end', stop).on('close', stop)
    stream.resume()
  })
}
