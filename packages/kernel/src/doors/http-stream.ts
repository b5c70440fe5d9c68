import type { ServerResponse } from 'node:http'
import { Fault } from '@steward/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Caller } from '../caller.ts'
import type { FeedItem, Subscription } from '../feed.ts'
import { drained, stallLimitMs } from './drained.ts'
import { faultBody, toFault } from './errors.ts'
import type { HttpOptions } from './http-options.ts'

/** A written piece of a stream is at most about so long before its reader's back-pressure is asked again. */
const pieceLength = 65_536
const asksFor = (value: unknown): string[] => (Array.isArray(value) ? value : [value]).flatMap((names: unknown) => String(names).split(','))

/** Reads what a request wants to follow. `Last-Event-ID` goes before `?after=`. Throws Fault `invalid` for fields it does not know. */
function subscriptionOf(request: FastifyRequest): Subscription {
  const { after, names, sessionId, ...rest } = request.query as Record<string, unknown>
  const unknown = Object.keys(rest)[0]
  if (unknown !== undefined)
    throw new Fault('invalid', `An event stream knows after, names and sessionId, not ${JSON.stringify(unknown.slice(0, 100))}.`)
  if (Array.isArray(after) || Array.isArray(sessionId)) throw new Fault('invalid', 'after and sessionId may be given once.')
  const named = (request.params as Record<string, string>)['sessionId']
  if (named !== undefined && sessionId !== undefined && sessionId !== named)
    throw new Fault('invalid', 'The field sessionId is given twice with different values.')
  const last = request.headers['last-event-id']
  const from = typeof last === 'string' && last !== '' ? last : after
  const session = named ?? sessionId
  return {
    ...(typeof session === 'string' ? { sessionId: session } : {}),
    ...(names === undefined ? {} : { names: asksFor(names) }),
    ...(typeof from === 'string' && from !== '' ? { after: from } : {}),
  }
}
const oneLine = (text: string) => text.replace(/[\r\n\0]/g, '')
/** One item in the text of an event stream (WHATWG HTML §9.2). Made by joining: no JSON work per reader. */
function sseText(item: FeedItem): string {
  if (item.kind === 'event') return `id: ${item.cursor}\nevent: ${item.name}\ndata: ${item.json}\n\n`
  if (item.kind === 'flash') return `event: ${item.name}\ndata: ${item.json}\n\n`
  if (item.kind === 'cursor') return `: cursor\nid: ${item.cursor}\n\n`
  return `id: ${item.cursor}\nevent: reset\ndata: {"cursor":${JSON.stringify(item.cursor)}}\n\n`
}
/** Serves one reader until it goes, its credential ends, the server closes, or it stops reading. Faults before the first byte are thrown. */
export async function serveEvents(
  request: FastifyRequest,
  reply: FastifyReply,
  caller: Caller,
  closing: AbortSignal,
  options: HttpOptions,
): Promise<void> {
  const gone = new AbortController()
  const signals = [gone.signal, closing, ...(caller.ended ? [caller.ended] : [])]
  const signal = AbortSignal.any(signals)
  const items = await options.feed.open(caller, subscriptionOf(request), signal)
  const head = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no' }
  reply.hijack()
  const out = reply.raw
  out.on('close', () => gone.abort()).on('error', () => gone.abort())
  for (const [name, value] of Object.entries({ ...reply.getHeaders(), ...head })) if (value !== undefined) out.setHeader(name, value)
  out.writeHead(200)
  if (request.method === 'HEAD') return void out.end()
  out.write('retry: 1000\n\n')
  const beat = setInterval(() => out.writableNeedDrain || out.write(': beat\n\n'), options.heartbeatMs ?? 15_000)
  try {
    for await (const batch of items) if (!(await write(out, batch, options.stallLimitMs ?? stallLimitMs, signal))) break
  } catch (error) {
    if (!signal.aborted) tell(out, error, request.id, options)
  } finally {
    clearInterval(beat)
    gone.abort()
    if (out.writableNeedDrain) out.destroy()
    else out.end()
  }
}
async function write(out: ServerResponse, batch: readonly FeedItem[], limitMs: number, signal: AbortSignal): Promise<boolean> {
  let text = ''
  for (const [at, item] of batch.entries()) {
    text += sseText(item)
    if (text.length < pieceLength && at < batch.length - 1) continue
    if (!out.write(text) && !(await drained(out, limitMs, signal))) return false
    text = ''
  }
  return !signal.aborted
}
/** A stream that breaks after its first byte says why, in an event that no log has. */
function tell(out: ServerResponse, error: unknown, requestId: string, { report }: HttpOptions): void {
  const fault = toFault(error)
  if (fault.code === 'internal') report(error, requestId)
  out.write(`event: fault\ndata: ${oneLine(faultBody(fault, requestId))}\n\n`)
}
