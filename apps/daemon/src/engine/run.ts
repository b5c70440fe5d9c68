import { untilAborted } from './abort.ts'
import { createClock, type RunClock } from './clock.ts'
import { type Ledger, ledgerOf } from './rebuild.ts'
import type { EngineEvent, EnginePorts, RunState } from './types.ts'

const longestSleepMs = 3_600_000
const shortestSleepMs = 250

/** Why a run must end at once, whatever it is doing. */
export type Halt = 'cancelled' | 'minutes'

/** One run at work: its state as the ledger has it, its clock, and the signal that ends everything it has under way. */
export interface Run {
  readonly ports: EnginePorts
  readonly clock: RunClock
  readonly signal: AbortSignal
  readonly state: () => Ledger
  readonly apply: (event: EngineEvent) => void
  readonly halted: () => Halt | null
  /** Ends what is still under way. */
  readonly end: () => void
}

/** Starts the clock and the watch over `limits.minutes`, and ties the run to the caller's signal. The caller must `end` it. */
export function beginRun(initial: RunState, ports: EnginePorts, signal: AbortSignal, reduce: (state: Ledger, event: EngineEvent) => Ledger): Run {
  let state = ledgerOf(initial)
  let halt: Halt | null = null
  const work = new AbortController()
  const clock = createClock(initial.spent.elapsedMs, () => ports.now())
  const stop = (why: Halt): void => {
    halt ??= why
    work.abort(new DOMException('The run was stopped.', 'AbortError'))
  }
  const cancel = (): void => stop('cancelled')
  if (signal.aborted) cancel()
  signal.addEventListener('abort', cancel, { once: true })
  // Its only failure is a host that cannot read its settings; the next step reads them too and fails in the open.
  watchMinutes(ports, clock, work.signal, () => stop('minutes')).catch(() => undefined)
  return {
    ports,
    clock,
    signal: work.signal,
    state: () => state,
    apply: (event) => {
      state = reduce(state, event)
    },
    halted: () => halt,
    end() {
      signal.removeEventListener('abort', cancel)
      work.abort(new DOMException('The run has ended.', 'AbortError'))
    },
  }
}

/** Sleeps unless the run is stopped; never throws. */
export async function rest(run: Run, ms: number): Promise<void> {
  await quietly(run.ports.sleep(ms, run.signal), run.signal)
}

/** Lives as long as the run: calls `expired` once the running time is used up. While the clock stands still it looks again after what is left. */
async function watchMinutes(ports: EnginePorts, clock: RunClock, signal: AbortSignal, expired: () => void): Promise<void> {
  while (!signal.aborted) {
    const leftMs = ports.settings().limits.minutes * 60_000 - clock.elapsedMs()
    if (leftMs <= 0) return expired()
    await quietly(ports.sleep(Math.min(longestSleepMs, Math.max(shortestSleepMs, leftMs)), signal), signal)
  }
}

/** Waits for a sleep or the end of the run. A sleep says nothing but that it is over, so its rejection is its end. */
async function quietly(sleep: Promise<void>, signal: AbortSignal): Promise<void> {
  await Promise.allSettled([untilAborted(sleep, signal)])
}
