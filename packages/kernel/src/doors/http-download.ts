import { Readable } from 'node:stream'
import { Fault } from '@steward/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ByteRange, Reply } from '../call.ts'
import { openBytes } from './bytes.ts'
import { faultBody } from './errors.ts'

/** Fields of a download's answer that HTTP has headers for. */
interface About {
  readonly name?: unknown
  readonly mediaType?: unknown
  readonly size?: unknown
}
/**
 * The one range of a `Range` header over `size` bytes (RFC 9110 §14). `undefined`: none, several, or a unit we do not know: the whole is
 * sent. `null`: it lies outside.
 */
function parseRange(header: string | undefined, size: number): ByteRange | null | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return undefined
  const [from, to] = [match[1] ?? '', match[2] ?? '']
  if (from === '') return Number(to) === 0 || size === 0 ? null : { start: Math.max(0, size - Number(to)), end: size - 1 }
  const range = { start: Number(from), end: to === '' ? size - 1 : Math.min(Number(to), size - 1) }
  if (to !== '' && Number(to) < range.start) return undefined
  return range.start >= size ? null : range
}
/** `Content-Disposition` that makes browsers save, never show; any name, by RFC 5987. */
function attachment(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const full = encodeURIComponent(name.toWellFormed()).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
  return `attachment; filename="${plain}"; filename*=UTF-8''${full}`
}
/** Sends the bytes of a download with back-pressure, whole or one range. `x-answer` carries the operation's answer, percent-encoded JSON. */
export async function sendBytes(request: FastifyRequest, reply: FastifyReply, answer: Reply): Promise<FastifyReply> {
  const { name, mediaType, size } = (answer.value ?? {}) as About
  const total = typeof size === 'number' ? size : undefined
  const range = total === undefined || request.headers['if-range'] !== undefined ? undefined : parseRange(request.headers.range, total)
  if (total !== undefined) reply.header('accept-ranges', 'bytes')
  if (range === null) {
    const fault = new Fault('unprocessable', `The range lies outside the ${total} bytes there are.`)
    return reply.status(416).header('content-range', `bytes */${total}`).type('application/json; charset=utf-8').send(faultBody(fault, request.id))
  }
  const length = range ? range.end - range.start + 1 : total
  const bytes = answer.open && request.method !== 'HEAD' ? await openBytes(answer.open, range) : undefined
  reply.status(range ? 206 : reply.statusCode)
  if (range) reply.header('content-range', `bytes ${range.start}-${range.end}/${total}`)
  if (length !== undefined) reply.header('content-length', length)
  reply.header('content-type', typeof mediaType === 'string' && /^[\w.+-]+\/[\w.+-]+$/.test(mediaType) ? mediaType : 'application/octet-stream')
  reply.header('content-disposition', attachment(typeof name === 'string' ? name : 'file'))
  reply.header('content-security-policy', "sandbox; default-src 'none'; frame-ancestors 'none'")
  const told = encodeURIComponent(JSON.stringify(answer.value))
  if (told.length <= 4096) reply.header('x-answer', told)
  return reply.send(Readable.from(bytes ? exactly(bytes, length) : [], { objectMode: false }))
}
/** Breaks the connection when the bytes are fewer or more than was promised: a short answer must not look whole. */
async function* exactly(bytes: AsyncIterable<Uint8Array>, length: number | undefined): AsyncGenerator<Uint8Array> {
  let sent = 0
  for await (const chunk of bytes) {
    sent += chunk.byteLength
    if (length !== undefined && sent > length) break
    yield chunk
  }
  if (length !== undefined && sent !== length) throw new Error(`A download promised ${length} bytes and had ${sent}.`)
}
