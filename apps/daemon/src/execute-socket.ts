import { setImmediate as turn } from 'node:timers/promises'
import { Fault } from '@steward/contract'
import type { EventName, ExecutionStatus, Outcome, RunStatus, Session } from '@steward/contract/daemon'
import { can, invalid, type Call, type Caller, type Feed, type FeedItem } from '@steward/kernel'
import type { Begin, Begun } from '@steward/kernel/http'
import { z } from 'zod'

const runFrame = z.strictObject({ text: z.string().min(1).max(1_000_000), sessionId: z.string().optional(), agentId: z.string().optional() })
const executionEvents: readonly EventName[] = ['execution.started', 'execution.progress', 'execution.completed', 'execution.failed']
/** Where nothing more comes by itself: at the end, and where a person must take it up again. */
const restingExecutions: readonly ExecutionStatus[] = ['completed', 'failed', 'denied', 'cancelled', 'interrupted']
const restingRuns: readonly RunStatus[] = ['completed', 'failed', 'cancelled', 'interrupted']
type Items = readonly FeedItem[]
interface Told {
  readonly name: string
  readonly runId?: string
  readonly data: { readonly executionId?: string; readonly status?: string }
}

/**
 * What the first frame of `/v1/execute` begins: `{planId}`, `{toolId, inputs}` or `{workflowId, inputs}` an execution, `{text}` a run. Its
 * events follow until it rests. They are read from before the start, so that none is missed. A peer that goes away stops nothing.
 */
export function createBegin({ call, feed }: { readonly call: Call; readonly feed: Feed }): Begin {
  return async (caller, { id, ...frame }, { requestId, signal }) => {
    if (id !== undefined && id !== 0) throw new Fault('invalid', 'The first frame is call 0: leave its id away; the frames after it have ids from 1.')
    const stop = new AbortController()
    const over = AbortSignal.any([signal, stop.signal])
    const ask = async (name: string, input: unknown) => (await call(caller, name, input, { requestId })).value
    try {
      return await (Object.hasOwn(frame, 'text') ? beginRun : beginExecution)({ feed, caller, ask, signal: over }, frame)
    } catch (error) {
      stop.abort()
      throw error
    }
  }
}
interface Beginning {
  readonly feed: Feed
  readonly caller: Caller
  readonly signal: AbortSignal
  ask(name: string, input: unknown): Promise<unknown>
}
async function beginExecution({ feed, caller, ask, signal }: Beginning, frame: Readonly<Record<string, unknown>>): Promise<Begun> {
  const events = openAtHead(feed, caller, executionEvents, signal)
  const outcome = (await ask('executions.start', { ...frame, waitMs: 0 })) as Outcome
  const { id, status } = outcome
  if (id === null) return { answer: outcome, items: nothing() }
  const mine = (item: FeedItem) => item.kind === 'event' && item.json.includes(id) && read(item).data.executionId === id
  const last = (item: FeedItem) => restingExecutions.some((rest) => rest === read(item).data.status)
  // A plan that was executed before answers with its first result. What is on disk has been told by the next turn: without its start, no end will come.
  const items = restingExecutions.includes(status) && !(await events.toldOf(mine)) ? nothing() : events.until(mine, last)
  return { answer: { id, status }, items }
}
async function beginRun({ feed, caller, ask, signal }: Beginning, frame: Readonly<Record<string, unknown>>): Promise<Begun> {
  const parsed = runFrame.safeParse(frame)
  if (!parsed.success) throw invalid('a run', parsed.error.issues)
  const { text, sessionId: known, agentId } = parsed.data
  if (known !== undefined && agentId !== undefined) throw new Fault('invalid', 'A session keeps its agent: give agentId only for a new session.')
  if (!can(caller, 'sessions:read'))
    throw new Fault('forbidden', 'Following a run needs the scope sessions:read, which this credential does not hold.')
  const sessionId = known ?? ((await ask('sessions.create', agentId === undefined ? {} : { agentId })) as Session).id
  const events = openAtHead(feed, caller, undefined, signal)
  const { runId } = (await ask('messages.send', { sessionId, text })) as { runId: string }
  const mine = (item: FeedItem) => (item.kind === 'event' || item.kind === 'flash') && item.json.includes(runId) && read(item).runId === runId
  const last = (item: FeedItem) => {
    if (item.kind !== 'event' || item.name !== 'status') return false
    return restingRuns.some((rest) => rest === read(item).data.status)
  }
  return { answer: { id: runId, sessionId, status: 'queued' satisfies RunStatus }, items: events.until(mine, last) }
}
const read = (item: FeedItem): Told =>
  item.kind === 'event' || item.kind === 'flash' ? (JSON.parse(item.json) as Told) : { name: item.kind, data: {} }
async function* nothing(): AsyncGenerator<Items> {}

/**
 * A stream of all logs that stands at their head when this returns. Whoever may begin something sees how it goes: this door lends the scope
 * for the stream, and shows nothing of it but what was begun here.
 */
function openAtHead(feed: Feed, caller: Caller, names: readonly EventName[] | undefined, signal: AbortSignal) {
  const items = feed.open({ ...caller, scopes: [...caller.scopes, 'events:read'] }, names ? { names } : {}, signal)[Symbol.asyncIterator]()
  // A reader takes its place at its first pull.
  let next = items.next()
  next.catch(() => undefined)
  return {
    /** Whether the items that have come by the next turn hold such a one. They stay to be read. */
    async toldOf(mine: (item: FeedItem) => boolean): Promise<boolean> {
      const come = await Promise.race([next, turn(undefined)])
      return come !== undefined && come.done !== true && come.value.some(mine)
    },
    /** The items that `mine` picks, up to and with the first of them that is the last. */
    async *until(mine: (item: FeedItem) => boolean, last: (item: FeedItem) => boolean): AsyncGenerator<Items> {
      try {
        for (let come = await next; come.done !== true; come = await next) {
          const picked = come.value.filter(mine)
          const end = picked.findIndex(last)
          if (picked.length > 0) yield end === -1 ? picked : picked.slice(0, end + 1)
          if (end !== -1) return
          next = items.next()
        }
      } finally {
        await items.return?.()
      }
    },
  }
}
