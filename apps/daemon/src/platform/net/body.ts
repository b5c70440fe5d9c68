import type { IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream'
import type { Readable, Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib'
import { ToolError } from '../../tools/tool.ts'

/** What the fetcher asks for and can decode. */
export const acceptedEncodings = 'gzip, br, deflate'
const mostEncodings = 2
/** A compressed body may be as long as what is wanted of it, plus this. */
const overhead = 64 * 1024

/**
 * Reads at most `limit` bytes of a response's body, counted after decompression, so that a zip bomb costs no more than a plain page;
 * `truncated` says that there was more. Throws ToolError `failed` for an encoding that was not asked for or a broken one.
 */
export async function readBody(response: IncomingMessage, limit: number): Promise<{ bytes: Uint8Array; truncated: boolean }> {
  const encodings = (response.headers['content-encoding'] ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity')
  if (encodings.length > mostEncodings) throw new ToolError('failed', 'The server compressed its answer more than twice.')
  if (encodings.length === 0) return collect(response, limit, () => false)
  const first = await firstChunk(response)
  if (first === null) return { bytes: new Uint8Array(), truncated: false }
  const raw = { cut: false }
  let stream: Readable | null = null
  for (const encoding of encodings.toReversed()) {
    const decoder = decoderFor(encoding, first, stream === null)
    // Errors reach the reader through the last stream.
    stream =
      stream === null
        ? pipeline(limited(first, response, limit + overhead, raw), decoder, () => undefined)
        : pipeline(stream, decoder, () => undefined)
  }
  try {
    return await collect(stream ?? response, limit, () => raw.cut)
  } catch (error) {
    if (response.destroyed && !response.complete) throw error
    throw new ToolError('failed', `The server's answer is not valid ${encodings.join(', ')}.`, { cause: error })
  } finally {
    response.destroy()
  }
}

/** `cut`: the stream was ended on purpose, so that an error about its early end only means that there was more. */
async function collect(stream: Readable, limit: number, cut: () => boolean): Promise<{ bytes: Uint8Array; truncated: boolean }> {
  const chunks: Uint8Array[] = []
  let room = limit
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      chunks.push(chunk.subarray(0, room))
      if (chunk.length > room) return { bytes: Buffer.concat(chunks), truncated: true }
      room -= chunk.length
    }
  } catch (error) {
    if (!cut()) throw error
  }
  return { bytes: Buffer.concat(chunks), truncated: cut() }
}

async function firstChunk(response: IncomingMessage): Promise<Buffer | null> {
  for await (const chunk of response.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) if (chunk.length > 0) return chunk
  return null
}

async function* limited(first: Buffer, rest: IncomingMessage, limit: number, state: { cut: boolean }): AsyncGenerator<Buffer> {
  let room = limit - first.length
  yield first
  for await (const chunk of rest as AsyncIterable<Buffer>) {
    room -= chunk.length
    if (room < 0) {
      state.cut = true
      return
    }
    yield chunk
  }
}

function decoderFor(encoding: string, first: Buffer, outermost: boolean): Transform {
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip()
  if (encoding === 'br') return createBrotliDecompress()
  if (encoding === 'deflate') {
    // RFC 9110 8.4.1.2 says zlib; some servers send the bare stream.
    const zlib = !outermost || ((first[0] ?? 0) & 0x0f) === 8
    return zlib ? createInflate() : createInflateRaw()
  }
  throw new ToolError('failed', `The server compressed its answer with "${encoding}", which was not asked for.`)
}
