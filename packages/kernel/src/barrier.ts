import { closeSync, fdatasync, openSync } from 'node:fs'
import { promisify } from 'node:util'
import { Fault } from '@steward/contract'

/** Makes what was written to a file durable. Handed in so that a test can slow it down or cut the power. */
export type Sync = (fd: number) => Promise<void>
export const syncToDisk: Sync = promisify(fdatasync)

/**
 * Durability for many commits at once. Commits write to the WAL without waiting; one sync of the WAL file in flight serves every commit
 * made before it started. `durable()` resolves when everything written so far is on disk. A failed sync is final for this database: what
 * the kernel dropped from its cache cannot be written again (https://wiki.postgresql.org/wiki/Fsync_Errors), so it must be opened anew.
 */
export function createBarrier(walPath: string, sync: Sync) {
  const fd = openSync(walPath, 'r')
  let written = 0
  let synced = 0
  let failure: unknown
  let flight: Promise<void> | undefined
  const waiting: { upTo: number; done: () => void; fail: (error: unknown) => void }[] = []

  const broken = () =>
    new Fault('unavailable', 'The disk refused to keep what was written; restart Steward after checking the disk.', undefined, { cause: failure })
  const fly = async (): Promise<void> => {
    while (waiting.length > 0 && failure === undefined) {
      const upTo = written
      try {
        await sync(fd)
        synced = upTo
      } catch (error) {
        failure = error
      }
      const left = waiting.splice(0)
      for (const waiter of left) {
        if (failure !== undefined) waiter.fail(broken())
        else if (waiter.upTo <= synced) waiter.done()
        else waiting.push(waiter)
      }
    }
    flight = undefined
  }
  return {
    /** Says that a commit has been made. */
    wrote: () => void written++,
    async durable(): Promise<void> {
      if (failure !== undefined) throw broken()
      if (synced >= written) return
      const mine = new Promise<void>((done, fail) => waiting.push({ upTo: written, done, fail }))
      flight ??= fly()
      return mine
    },
    healthy: () => failure === undefined,
    assertHealthy() {
      if (failure !== undefined) throw broken()
    },
    close: async () => {
      await flight?.catch(() => undefined)
      closeSync(fd)
    },
  }
}
export type Barrier = ReturnType<typeof createBarrier>
