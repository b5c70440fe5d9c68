import { Readable } from 'node:stream'
import { Fault } from '@steward/contract'
import type { ByteRange } from '@steward/kernel'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Sends bytes as they come, whole or one range of them (RFC 9110 §14). */
export function sendBytes(
  request: FastifyRequest,
  reply: FastifyReply,
  { size }: { readonly size: number },
  open: (range?: ByteRange) => AsyncIterable<Uint8Array>,
): FastifyReply {
  const range = rangeOf(request.headers.range, size)
  reply.headers({ 'accept-ranges': 'bytes', 'content-type': 'application/octet-stream', 'content-disposition': 'attachment' })
  if (range === undefined) return reply.header('content-length', size).send(Readable.from(open()))
  reply.headers({ 'content-range': `bytes ${range.start}-${range.end}/${size}`, 'content-length': range.end - range.start + 1 })
  return reply.status(206).send(Readable.from(open(range)))
}
/** One range of the header; several, or another unit, are answered with the whole. Throws Fault `unprocessable` for one beyond the end. */
export function rangeOf(header: string | undefined, size: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return undefined
  const [from, to] = [match[1] ?? '', match[2] ?? '']
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from)
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  if (start > end) throw new Fault('unprocessable', `The file has ${size} bytes; the range lies beyond them.`)
  return { start, end }
}
