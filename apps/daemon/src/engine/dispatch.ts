import { untilAborted } from './abort.ts'
import { type Channel, ChannelClosed, createChannel } from './channel.ts'
import { conflict } from './conflicts.ts'
import { bounded } from './outcome.ts'
import type { Run } from './run.ts'
import type { CallOutcome, EngineEvent, OpenCall, PreparedCall } from './types.ts'

const readsAtOnce = 8
const graceMs = 1500

/** A call that may run: allowed, or to be asked about, and how far its ledger got before a restart. */
export interface Entry {
  readonly call: PreparedCall
  readonly stage: OpenCall['stage']
}
/** What the calls of one batch share. */
interface Batch {
  readonly run: Run
  readonly channel: Channel<EngineEvent>
  readonly outputBytes: number
  readonly reads: Slots
  waiting: number
  executing: number
}

/**
 * Runs the calls of one batch and merges their lines. A call starts when every earlier call that it conflicts with is finished and made durable;
 * others run beside it, eight reads at once. Running time stands still while all that happens is waiting for a person. When the run is stopped, tools
 * get 1.5 s to end; calls that did not end by then are left open for the caller.
 */
export async function* dispatch(run: Run, entries: readonly Entry[], outputBytes: number): AsyncGenerator<EngineEvent> {
  if (entries.length === 0) return
  const channel = createChannel<EngineEvent>()
  const batch: Batch = { run, channel, outputBytes, reads: createSlots(readsAtOnce), waiting: 0, executing: 0 }
  const over = new AbortController()
  const started: { call: PreparedCall; done: Promise<void> }[] = []
  for (const entry of entries) {
    const earlier = started.filter((other) => conflict(other.call, entry.call)).map((other) => other.done)
    started.push({ call: entry.call, done: carry(batch, entry, Promise.all(earlier)) })
  }
  const giveUp = (): void => void closeAfterRest(channel, run.ports.sleep(graceMs, over.signal))
  void closeWhenDone(
    channel,
    started.map(({ done }) => done),
  )
  if (run.signal.aborted) giveUp()
  run.signal.addEventListener('abort', giveUp, { once: true })
  try {
    yield* channel
  } finally {
    run.signal.removeEventListener('abort', giveUp)
    over.abort()
    run.clock.resume()
  }
}

async function closeWhenDone(channel: Channel<EngineEvent>, calls: readonly Promise<void>[]): Promise<void> {
  try {
    await Promise.all(calls)
    channel.close()
  } catch (error) {
    channel.close(error)
  }
}

async function closeAfterRest(channel: Channel<EngineEvent>, sleep: Promise<void>): Promise<void> {
  await Promise.allSettled([sleep])
  channel.close()
}

/** Takes one call to its end. Rejects only when the host itself failed; a stopped run leaves the call as it is. */
async function carry(batch: Batch, entry: Entry, earlier: Promise<unknown>): Promise<void> {
  const { signal } = batch.run
  try {
    if (!(await mayRun(batch, entry))) return
    await untilAborted(earlier, signal)
    if (entry.call.access === 'write') return await execute(batch, entry.call)
    await untilAborted(batch.reads.take(), signal)
    try {
      await execute(batch, entry.call)
    } finally {
      batch.reads.give()
    }
  } catch (error) {
    if (!signal.aborted && !(error instanceof ChannelClosed)) throw error
  }
}

/** Asks the person where that is still to be done. False when the call was answered instead of run. */
async function mayRun(batch: Batch, { call, stage }: Entry): Promise<boolean> {
  const { run, channel } = batch
  if (stage === 'approved' || stage === 'started') return true
  if (stage === 'asked' && call.decision.action !== 'ask') return true
  if (stage === 'asked') await channel.put({ type: 'call.waiting', call })
  count(batch, 'waiting', 1)
  try {
    const settlement = await untilAborted(run.ports.settled(call.callId, run.signal), run.signal)
    count(batch, 'waiting', -1)
    await channel.put({ type: 'call.settled', callId: call.callId, settlement })
    if (settlement.action === 'approve') return true
    const outcome: CallOutcome = settlement.action === 'result' ? settlement.outcome : { status: 'denied', output: null, text: settlement.reason }
    await finish(batch, call, outcome, 0)
    return false
  } catch (error) {
    run.clock.resume()
    throw error
  }
}

async function execute(batch: Batch, call: PreparedCall): Promise<void> {
  const { run, channel } = batch
  await channel.put({ type: 'call.started', call })
  run.signal.throwIfAborted()
  const startedAt = run.ports.now()
  count(batch, 'executing', 1)
  try {
    const outcome = await run.ports.execute(call, run.signal).catch((error: unknown) => {
      if (run.signal.aborted) throw error
      return unexpected(call, error)
    })
    await finish(batch, call, outcome, run.ports.now() - startedAt)
  } finally {
    count(batch, 'executing', -1)
  }
}

function finish(batch: Batch, call: PreparedCall, outcome: CallOutcome, durationMs: number): Promise<void> {
  const { callId, name } = call
  const elapsedMs = batch.run.clock.elapsedMs()
  return batch.channel.put({ type: 'call.finished', callId, name, outcome: bounded(outcome, batch.outputBytes), durationMs, elapsedMs })
}

/** A tool that broke instead of failing: whether it had its effect is known only of tools that may be repeated anyway. */
function unexpected(call: PreparedCall, error: unknown): CallOutcome {
  const words = error instanceof Error ? error.message : String(error)
  if (call.repeatable) return { status: 'failed', output: null, text: `The tool broke: ${words}` }
  return { status: 'unknown', output: null, text: `The tool broke: ${words} Whether it had its effect is unknown: verify before you repeat it.` }
}

function count(batch: Batch, what: 'waiting' | 'executing', by: number): void {
  batch[what] += by
  if (batch.waiting > 0 && batch.executing === 0) batch.run.clock.pause()
  else batch.run.clock.resume()
}

interface Slots {
  take(): Promise<void>
  give(): void
}

/** So many at once, the others in the order they came. */
function createSlots(free: number): Slots {
  const queue: (() => void)[] = []
  return {
    take() {
      if (free > 0) {
        free--
        return Promise.resolve()
      }
      return new Promise((resolve) => queue.push(resolve))
    },
    give() {
      const next = queue.shift()
      if (next) next()
      else free++
    },
  }
}
