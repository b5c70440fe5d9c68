import type { WithLock } from './platform/lock.ts'

export interface Sweep {
  readonly name: string
  readonly everyMs: number
  run(signal: AbortSignal, now: number): Promise<void>
}
const lockMs = 60_000
const firstMs = 10 * 60_000

/**
 * Runs sweeps at their times, each on one node at a time and never over itself: the first soon after the start, for a relay may be restarted more often than a sweep is due. `stop` waits for
 * what is under way, which is told to end.
 */
export function createSweeper(sweeps: readonly Sweep[], withLock: WithLock, report: (error: unknown, what: string) => void) {
  const clocks: NodeJS.Timeout[] = []
  const running = new Map<string, Promise<void>>()
  const stopped = new AbortController()
  const run = ({ name, run: sweep }: Sweep): void => {
    if (running.has(name) || stopped.signal.aborted) return
    const work = withLock(name, lockMs, (signal) => sweep(AbortSignal.any([signal, stopped.signal]), Date.now()))
      .then(
        () => undefined,
        (error: unknown) => stopped.signal.aborted || report(error, name),
      )
      .then(() => void running.delete(name))
    running.set(name, work)
  }
  return {
    start(): void {
      for (const sweep of sweeps)
        clocks.push(setTimeout(() => run(sweep), Math.min(sweep.everyMs, firstMs)).unref(), setInterval(() => run(sweep), sweep.everyMs).unref())
    },
    async stop(): Promise<void> {
      for (const clock of clocks) clearTimeout(clock)
      stopped.abort()
      await Promise.all(running.values())
    },
  }
}
