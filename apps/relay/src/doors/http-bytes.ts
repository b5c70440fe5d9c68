import { Readable } from 'node:stream'
import { Fault } from '@steward/contract'
import type { ByteRange } from '@steward/kernel'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { wireFault } from './faults.ts'

/** Fields of a download's answer that HTTP has headers for. */
export interface About {
  /** Bytes, where that is known before: only then ranges can be had. */
  readonly size?: number
  readonly mediaType?: string
  /** A plain file name. */
  readonly name?: string
}
/** Sends bytes as they come, whole or one range of them (RFC 9110 §14). */
export function sendBytes(
  request: FastifyRequest,
  reply: FastifyReply,
  { size, mediaType = 'application/octet-stream', name }: About,
  open: (range?: ByteRange) => AsyncIterable<Uint8Array>,
): FastifyReply {
  const range = size === undefined ? undefined : rangeOf(request.headers.range, size)
  if (range === null) {
    const fault = new Fault('unprocessable', `The file has ${size} bytes; the range lies beyond them.`)
    const { body } = wireFault(fault, request.id)
    return reply.status(416).header('content-range', `bytes */${size}`).type('application/json; charset=utf-8').send(JSON.stringify(body))
  }
  reply.headers({ 'content-type': mediaType, 'content-disposition': name === undefined ? 'attachment' : `attachment; filename="${name}"` })
  if (size === undefined) return reply.send(streamOf(open()))
  reply.header('accept-ranges', 'bytes')
  if (range === undefined) return reply.header('content-length', size).send(streamOf(open()))
  reply.headers({ 'content-range': `bytes ${range.start}-${range.end}/${size}`, 'content-length': range.end - range.start + 1 })
  return reply.status(206).send(streamOf(open(range)))
}
const streamOf = (bytes: AsyncIterable<Uint8Array>) => Readable.from(bytes, { objectMode: false })
/** One range of the header. Several, another unit, or none: undefined, the whole is sent. One beyond the end: null. */
function rangeOf(header: string | undefined, size: number): ByteRange | null | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return undefined
  const [from, to] = [match[1] ?? '', match[2] ?? '']
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from)
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  return start > end ? null : { start, end }
}
