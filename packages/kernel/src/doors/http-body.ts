import type { IncomingMessage } from 'node:http'
import { Fault } from '@steward/contract'
import { parseJson } from '../json.ts'
import { tooLarge } from './bytes.ts'

/** How many bytes of a refused body are still read, so that the client gets to see the answer; then the connection is cut. */
const lingerBytes = 16 * 1024 * 1024

/** Reads a JSON body whole. An empty one is `undefined`. Throws Fault `too_large` or `invalid`. Never destroys the stream: the answer must still get out. */
export async function readJson(stream: IncomingMessage, limit: number): Promise<unknown> {
  const declared = Number(stream.headers['content-length'] ?? 0)
  if (declared > limit) throw tooLarge(limit)
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    size += (chunk as Buffer).length
    if (size > limit) throw tooLarge(limit)
    chunks.push(chunk as Buffer)
  }
  if (size === 0) return undefined
  const bytes = Buffer.concat(chunks, size)
  try {
    return parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    if (error instanceof Fault) throw error
    throw new Fault('invalid', 'The body is not UTF-8 text.', undefined, { cause: error })
  }
}
/** Reads the rest of a body nobody wants, within bounds. */
export function discard(stream: IncomingMessage): void {
  if (stream.complete || stream.destroyed) return
  let size = 0
  stream.on('error', () => undefined)
  stream.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > lingerBytes) stream.socket.destroy()
  })
  stream.resume()
}
