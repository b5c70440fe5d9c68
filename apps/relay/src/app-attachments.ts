import { Fault } from '@steward/contract'
import { attachmentHandlers } from './domains/attachments/handlers.ts'
import { sweepAwaited, sweepOrphans } from './domains/attachments/sweep.ts'
import { ownsSession } from './domains/sessions/store.ts'
import type { Parts } from './parts.ts'
import type { Blobs } from './platform/blobs.ts'
import { createSweeper } from './sweeper.ts'

const perAccount = { points: 60, perMs: 60_000 }

/** The room of attachments. */
export function openAttachments({ config, database, lanes, limit, withLock, report }: Parts, files: Blobs | undefined) {
  const sweeper = createSweeper(
    [
      { name: 'sweep-uploads', everyMs: config.sweepEveryMs, run: (signal, now) => sweepAwaited(database, lanes, signal, now) },
      ...(files === undefined
        ? []
        : [
            {
              name: 'sweep-files',
              everyMs: config.sweepFilesEveryMs,
              run: (signal: AbortSignal, now: number) => sweepOrphans(database, files, signal, now),
            },
          ]),
    ],
    withLock,
    report,
  )
  const removals = new Set<Promise<void>>()
  return {
    handlers: attachmentHandlers({
      database,
      ownsSession,
      blobs() {
        if (files) return files
        throw new Fault(
          'unavailable',
          'This relay has no place for files that all its nodes see: its operator must set an S3 bucket, or a shared folder.',
        )
      },
      publicUrl: config.publicUrl,
      limitUploads: (accountId) => limit('upload', accountId, perAccount),
      stallLimitMs: config.stallLimitMs,
    }),
    /** Removes the files of sessions that are gone. What fails is told of, and left to the sweep. */
    removed(_accountId: string, sessionIds: readonly string[]): void {
      if (files === undefined) return
      const work = (async () => {
        for (const id of sessionIds) await files.removePrefix(`sessions/${id}/`)
      })()
        .catch((error: unknown) => report(error, 'files'))
        .finally(() => removals.delete(work))
      removals.add(work)
    },
    start: sweeper.start,
    async stop() {
      await sweeper.stop()
      await Promise.all(removals)
    },
  }
}
