import { createHash, randomUUID } from 'node:crypto'
import { Fault, mutates, secretFields, type Answer, type Contract, type Input, type Operation, type Output, type Sent } from '@steward/contract'
import { can, type Caller } from './caller.ts'
import { createLanes } from './lanes.ts'

/** What is known of a call before it runs; the ledger writes it beside what the call changes. */
export interface CallFacts {
  readonly operation: string
  readonly caller: Caller
  readonly requestId: string
  /** SHA-256 over the parsed input, hex. */
  readonly digest: string
  /** The id the call is about, where its input has one. */
  readonly subject: string | null
  readonly key?: string
  /** The one database of this call. */
  readonly database?: string
}
/** Where calls are made durable: the daemon hands in synchronous SQLite, the relay something else. `X` is what it adds to a handler's context (its commit). */
export interface Ledger<X> {
  begin(facts: CallFacts, op: Operation): { readonly context: X; durable(): Promise<void> }
  /** What an earlier call with the same (caller, operation, key) answered; `digest` tells whether it was the same call. */
  recall(
    facts: CallFacts,
    op: Operation,
  ): { readonly digest: string; readonly answer: unknown } | undefined | Promise<{ readonly digest: string; readonly answer: unknown } | undefined>
  refused(facts: CallFacts, fault: Fault): void
  wasRead(facts: CallFacts): void
}
export interface ByteRange {
  readonly start: number
  /** Inclusive. */
  readonly end: number
}
export type OpenBytes = (range?: ByteRange) => AsyncIterable<Uint8Array>
export interface CallOptions {
  readonly signal?: AbortSignal
  /** Idempotency key: an equal twin gets the first answer, another body with the same key is a conflict. */
  readonly key?: string
  readonly requestId?: string
  /** The bytes of an upload. */
  readonly body?: AsyncIterable<Uint8Array>
}
/** An answer, with the bytes of a download. */
export interface Reply {
  readonly value: unknown
  readonly open?: OpenBytes
}
export interface Reach<C extends Contract> {
  /** Calls another operation as the same caller: same checks, same audit, a key derived from this call's. Its commits are durable when the outermost call answers. */
  call<N extends keyof C & string>(name: N, input: Sent<C[N]>): Promise<Answer<C[N]>>
}
export interface Base {
  readonly caller: Caller
  readonly signal: AbortSignal
  readonly requestId: string
  readonly body: AsyncIterable<Uint8Array> | undefined
  /** Hands the bytes of a download to the door. */
  attach(open: OpenBytes): void
}
export type Context<C extends Contract, X> = X & Base & Reach<C>
export type Handler<C extends Contract, X, N extends keyof C> = (context: Context<C, X>, input: Input<C[N]>) => Promise<Output<C[N]>>
export type Handlers<C extends Contract, X> = { [N in keyof C]: Handler<C, X, N> }
export type Call = (caller: Caller, name: string, input: unknown, options?: CallOptions) => Promise<Reply>

const digestOf = (input: unknown) => createHash('sha256').update(JSON.stringify(input)).digest('hex')
/** What a call is about, by its id or key; a field that holds a secret is never it. */
const subjectOf = (op: Operation, input: Record<string, unknown>): string | null => {
  const subject = input['id'] ?? input['sessionId'] ?? (secretFields(op).includes('key') ? undefined : input['key'])
  return typeof subject === 'string' ? subject : null
}
/** Turns a zod error into one sentence with the place of the first fault, and the rest as details. */
export function invalid(name: string, issues: readonly { path: PropertyKey[]; message: string; code?: string }[]): Fault {
  const shown = issues.slice(0, 20).map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message.slice(0, 300) }))
  const first = shown[0]
  const place = first?.path ? `${first.path}: ` : ''
  return new Fault('invalid', `The input of ${name} does not fit: ${place}${first?.message ?? 'unknown fault'}.`.replace(/\.\.$/, '.'), {
    issues: shown,
  })
}

/** The one door: every transport calls this and nothing else. `report` hears of what is nobody's fault but ours. */
export function createCall<C extends Contract, X extends object>(
  contract: C,
  handlers: NoInfer<Handlers<C, X>>,
  ledger: Ledger<X>,
  report: (error: unknown, facts: CallFacts) => void,
): Call {
  const inLane = createLanes()
  const underWay = new Map<string, { digest: string; reply: Promise<Reply> }>()

  const call = async (caller: Caller, name: string, input: unknown, options: CallOptions, settlers: (() => Promise<void>)[]): Promise<Reply> => {
    const requestId = options.requestId ?? `req_${randomUUID().replaceAll('-', '')}`
    const bare: CallFacts = { operation: name.slice(0, 100), caller, requestId, digest: '', subject: null }
    const refuse = (fault: Fault): never => {
      ledger.refused(bare, fault)
      throw fault
    }
    const op = Object.hasOwn(contract, name) ? contract[name as keyof C] : undefined
    if (op === undefined) return refuse(new Fault('not_found', `There is no operation ${JSON.stringify(name.slice(0, 100))}.`))
    if (!can(caller, op.needs)) return refuse(new Fault('forbidden', `${name} needs the scope ${op.needs}, which this credential does not hold.`))
    const parsed = op.input.safeParse(input ?? {})
    if (!parsed.success) throw invalid(name, parsed.error.issues)
    const writes = mutates(op)
    const data = parsed.data as Record<string, unknown>
    const database = typeof op.database === 'function' ? op.database(data) : op.database
    const facts: CallFacts = {
      ...bare,
      digest: writes ? digestOf(data) : '',
      subject: subjectOf(op, data),
      ...(database === undefined ? {} : { database }),
      ...(writes && database !== undefined && options.key !== undefined ? { key: options.key } : {}),
    }
    const run = () =>
      inLane(op.lane?.(data), async () => {
        options.signal?.throwIfAborted()
        let open: OpenBytes | undefined
        let nested = 0
        const begun = ledger.begin(facts, op)
        const context = {
          ...begun.context,
          caller,
          requestId,
          signal: options.signal ?? new AbortController().signal,
          body: options.body,
          attach: (bytes: OpenBytes) => void (open = bytes),
          call: async (other: string, sent: unknown) => {
            const more = {
              ...(options.signal ? { signal: options.signal } : {}),
              ...(options.key === undefined ? {} : { key: `${options.key}>${nested++}` }),
            }
            return (await call(caller, other, sent, { requestId, ...more }, settlers)).value
          },
        }
        const handler = handlers[name as keyof C] as (context: unknown, input: unknown) => Promise<unknown>
        const value = op.output.parse(await handler(context, data))
        if (writes) settlers.push(() => begun.durable())
        else ledger.wasRead(facts)
        return { value, ...(open ? { open } : {}) } satisfies Reply
      })
    try {
      return await (facts.key === undefined ? run() : once(facts, op, run, settlers))
    } catch (error) {
      if (error instanceof Fault) {
        if (writes) ledger.refused(facts, error)
        throw error
      }
      if (options.signal?.aborted) throw new Fault('unavailable', `${name} was given up by its caller.`, undefined, { cause: error })
      report(error, facts)
      throw new Fault('internal', `${name} failed inside Steward; the log has the request ${requestId}.`, undefined, { cause: error })
    }
  }

  /** Reserved in memory before the lane: an equal twin joins the first, another body with the same key is refused. */
  const once = async (facts: CallFacts, op: Operation, run: () => Promise<Reply>, settlers: (() => Promise<void>)[]): Promise<Reply> => {
    const slot = JSON.stringify([facts.caller.id, facts.operation, facts.key])
    const clash = () => new Fault('conflict', `The idempotency key was used before with another input.`)
    const twin = underWay.get(slot)
    if (twin) {
      if (twin.digest !== facts.digest) throw clash()
      const reply = await twin.reply
      settlers.push(() => ledger.begin(facts, op).durable())
      return reply
    }
    const work = async () => {
      const earlier = await ledger.recall(facts, op)
      if (!earlier) return run()
      if (earlier.digest !== facts.digest) throw clash()
      if (op.secret) throw new Fault('conflict', 'This call was made before; its answer carried a secret and is not shown again.')
      return { value: op.output.parse(earlier.answer) }
    }
    const reply = work()
    underWay.set(slot, { digest: facts.digest, reply })
    try {
      return await reply
    } finally {
      underWay.delete(slot)
    }
  }

  return async (caller, name, input, options = {}) => {
    const settlers: (() => Promise<void>)[] = []
    const reply = await call(caller, name, input, options, settlers)
    await Promise.all(settlers.map((settle) => settle()))
    return reply
  }
}
