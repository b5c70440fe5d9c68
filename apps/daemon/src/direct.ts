import { Fault } from '@steward/contract'
import type { Caller, CallOptions, Reply } from '@steward/kernel'
import { keepGraveLines } from './app-log.ts'
import { openApp } from './app.ts'
import { finishRestore, restoreBackup as restore } from './platform/backup/restore.ts'
import { openFolder } from './platform/storage/folder.ts'
import { takeLock } from './platform/storage/lock.ts'
import { isWished } from './platform/storage/turn.ts'

export interface Direct {
  call(name: string, input: unknown, options?: CallOptions): Promise<Reply>
  close(): Promise<void>
}
/**
 * The daemon's operations in this process, for a command that finds no daemon: holding the lock, without recovery, scheduling or doors. A run
 * that is started this way waits for the next daemon. Throws Fault `conflict` when another process holds the data folder, or a daemon is just
 * starting on it.
 */
export async function openDirect({ home: given }: { readonly home: string }): Promise<Direct> {
  const home = openFolder(given)
  if (isWished(home)) throw new Fault('conflict', `A daemon is just starting on ${home}.`)
  const lock = takeLock(home)
  try {
    await finishRestore(home)
    const app = await openApp({ home, logTo: keepGraveLines(home) })
    const owner: Caller = { id: 'owner', kind: 'owner', door: 'direct', scopes: ['*'] }
    return {
      call: (name, input, options) => app.call(owner, name, input, options),
      async close() {
        await app.close()
        lock.release()
      },
    }
  } catch (error) {
    lock.release()
    throw error
  }
}
/** Puts a backup in place of the data, which is kept aside. Throws Fault `conflict` while a daemon holds the folder. */
export async function restoreBackup({ home: given, path }: { readonly home: string; readonly path: string }) {
  const home = openFolder(given)
  const lock = takeLock(home)
  try {
    await finishRestore(home)
    return await restore(home, path)
  } finally {
    lock.release()
  }
}
