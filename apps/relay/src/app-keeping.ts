import { portabilityHandlers } from './domains/portability/handlers.ts'
import { sweepClosed } from './domains/portability/removal.ts'
import { sweepChanges, sweepSessions } from './domains/retention/sweep.ts'
import type { Parts } from './parts.ts'
import type { Blobs } from './platform/blobs.ts'
import { createSweeper } from './sweeper.ts'

const dayMs = 24 * 60 * 60_000
const exports = { points: 10, perMs: 60 * 60_000 }
interface Others {
  readonly files: Blobs | undefined
  closeRoom(room: string): Promise<void>
  removeSessions(accountId: string, ids: readonly string[]): Promise<readonly string[]>
}
/** How long things are kept, and how an account takes them away. */
export function openKeeping({ config, database, lanes, limit, ended, withLock, report }: Parts, { files, closeRoom, removeSessions }: Others) {
  const removal = {
    database,
    blobs: files,
    // A room that the voice server does not close now closes by itself.
    closeRoom: (room: string) => closeRoom(room).catch((error: unknown) => report(error, 'voice')),
    ended: (accountId: string) => ended(accountId),
  }
  const everyMs = config.sweepEveryMs
  const { sessionsKeptMs } = config
  // A reader that is connected falls behind by seconds: a day is more than any needs.
  const keptMs = Math.max(dayMs, config.changesKeptMs)
  const sweeper = createSweeper(
    [
      { name: 'sweep-closed', everyMs, run: (signal) => sweepClosed(removal, signal) },
      { name: 'sweep-changes', everyMs, run: (signal, now) => sweepChanges(database, lanes, signal, now - keptMs) },
      ...(sessionsKeptMs > 0
        ? [
            {
              name: 'sweep-sessions',
              everyMs,
              run: (signal: AbortSignal, now: number) => sweepSessions(database, removeSessions, signal, now - sessionsKeptMs),
            },
          ]
        : []),
    ],
    withLock,
    report,
  )
  return {
    handlers: portabilityHandlers({
      ...removal,
      limitExports: (accountId) => limit('export', accountId, exports),
      report: (error) => report(error, 'account-removal'),
    }),
    start: sweeper.start,
    stop: sweeper.stop,
  }
}
