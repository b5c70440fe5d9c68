import { Fault, type Operation } from '@steward/contract'
import { accountScope } from '@steward/contract/relay'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { anyone, callerOf, type Holder, type Origin, type RelayCaller } from '../caller.ts'
import { addressOf, networkOf } from '../platform/addresses.ts'
import { createSlots } from './slots.ts'

export interface GateOptions {
  /** Whom a token belongs to. Throws Fault `unauthenticated`. */
  identify(token: string): Promise<Holder>
  /** Refuses an address that asks too much of what is open. Throws Fault `too_many`. */
  limitOpen(address: string): Promise<void>
  readonly maxBodyBytes: number
  /** True behind a proxy that says for whom it asks. */
  readonly trustProxy: boolean
  /** What one account may have under way at once. */
  readonly requestsPerAccount: number
  /** What comes without a token must have come whole within. */
  readonly headTimeoutMs: number
}
/** Nothing that is open to everyone needs a larger body. */
const openBodyBytes = 64 * 1024
/** A body is held in memory until it is answered: it counts as one more request for each such piece. */
const pieceBytes = 256 * 1024

/**
 * Judges a request by its head alone, before any of its body is read: who asks, whether too much is asked, and how much may follow. Throws Fault `unauthenticated`,
 * `too_many` or `too_large`.
 */
export function createGate({ identify, limitOpen, maxBodyBytes, trustProxy, requestsPerAccount, headTimeoutMs }: GateOptions) {
  const callers = new WeakMap<FastifyRequest, RelayCaller>()
  const limitOf = (op: Operation) => (op.needs === accountScope ? maxBodyBytes : openBodyBytes)
  const slots = createSlots(requestsPerAccount)
  const tooMany = () => new Fault('too_many', 'This account has too many requests under way; ask again in a moment.', { retryAfterMs: 1_000 })
  const taken = new WeakMap<FastifyRequest, { readonly accountId: string; readonly weight: number; release(): void }>()
  return {
    async enter(op: Operation, request: FastifyRequest, reply: FastifyReply): Promise<void> {
      const { headers, raw } = request
      const address = networkOf(addressOf(raw.socket.remoteAddress, headers['x-forwarded-for'], trustProxy))
      const origin: Origin = { address, client: String(headers['x-happy-client'] ?? '').slice(0, 100), seenAt: seenAt(request, trustProxy) }
      const isOpen = op.needs !== accountScope
      if (isOpen) await limitOpen(address)
      const caller = await callerOfRequest(headers.authorization, op, origin, identify)
      // Gone while it was found out who it is: no end of it will come that would free what it takes.
      if (reply.raw.destroyed) throw new Fault('invalid', 'The client has gone.')
      const declared = headers['content-length'] === undefined ? undefined : Number(headers['content-length'])
      if (op.bytes !== 'upload' && declared !== undefined && declared > limitOf(op)) throw tooLarge(limitOf(op))
      callers.set(request, caller)
      if (isOpen) {
        // Timed, since anybody may leave it half said.
        const late = setTimeout(() => raw.complete || raw.destroy(), headTimeoutMs).unref()
        reply.raw.once('close', () => clearTimeout(late))
      }
      if (caller.holder === undefined) return
      const hasBody = headers['transfer-encoding'] !== undefined || (declared ?? 0) > 0
      const weight = op.bytes === 'upload' || !hasBody ? 1 : 1 + Math.floor((declared ?? limitOf(op)) / pieceBytes)
      const { accountId } = caller.holder
      const release = slots.take(accountId, weight)
      if (release === undefined) throw tooMany()
      taken.set(request, { accountId, weight, release })
      reply.raw.once('close', release)
    },
    /** Weighs an answer, which is held in memory until its client has taken it, as bodies are. Throws Fault `too_many`. */
    weigh(request: FastifyRequest, reply: FastifyReply, answerBytes: number): void {
      const held = taken.get(request)
      const more = Math.floor(answerBytes / pieceBytes)
      if (held === undefined || more === 0) return
      held.release()
      const release = slots.take(held.accountId, held.weight + more)
      if (release === undefined) throw tooMany()
      if (reply.raw.destroyed) release()
      else reply.raw.once('close', release)
    },
    /** Who asks. */
    callerOf(request: FastifyRequest): RelayCaller {
      const caller = callers.get(request)
      if (caller === undefined) throw new Error(`Nobody has judged the request of ${request.routeOptions.url}.`)
      return caller
    },
    /** Bytes of this operation's body, at most. */
    limitOf,
  }
}
export type Gate = ReturnType<typeof createGate>
const tooLarge = (limit: number) => new Fault('too_large', `The body may hold at most ${limit} bytes.`)
/** The address at which the client sees the relay: what the nearest proxy says, where one is trusted, else what it asked for. */
function seenAt({ headers, raw }: FastifyRequest, trustProxy: boolean): string {
  const said = (name: 'x-forwarded-proto' | 'x-forwarded-host') =>
    trustProxy ? [headers[name] ?? []].flat().join(',').split(',').at(-1)?.trim() || undefined : undefined
  const scheme = said('x-forwarded-proto') ?? ('encrypted' in raw.socket ? 'https' : 'http')
  return `${scheme}://${said('x-forwarded-host') ?? headers.host ?? 'localhost'}`
}
/** A token counts wherever it is sent: a wrong one is refused even where none is needed. */
async function callerOfRequest(header: string | undefined, op: Operation, origin: Origin, identify: GateOptions['identify']): Promise<RelayCaller> {
  if (header === undefined) {
    if (op.needs === accountScope) throw new Fault('unauthenticated', 'Missing authorization header')
    return anyone('http', origin)
  }
  const token = /^Bearer +(\S+)$/i.exec(header)?.[1]
  if (token === undefined) throw new Fault('unauthenticated', 'Missing authorization header')
  return callerOf(await identify(token), 'http', origin)
}
