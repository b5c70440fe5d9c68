import { mkdirSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import path from 'node:path'
import { Fault } from '@steward/contract'
import { storageFault } from './database.ts'
import { inFolder } from './folder.ts'

/**
 * Takes the one lock of a data folder: an exclusive transaction held on `run/lock.db` until `release`. Nothing else ever opens that file:
 * closing a second descriptor of it in this process would drop the lock (POSIX fcntl). The operating system frees it when the process dies.
 * Throws Fault `conflict` when another process holds it, `unavailable` when the folder cannot be written to.
 */
export function takeLock(home: string): { release(): void } {
  inFolder(home, () => mkdirSync(path.join(home, 'run'), { recursive: true, mode: 0o700 }))
  const db = open(path.join(home, 'run', 'lock.db'))
  try {
    db.exec('PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    db.close()
    if (!isBusy(error)) throw storageFault(error)
    throw new Fault(
      'conflict',
      `Another Steward is using ${home}; stop it with \`steward stop\`, or name another folder in STEWARD_HOME.`,
      undefined,
      { cause: error },
    )
  }
  return { release: () => db.close() }
}
const isBusy = (error: unknown) => error instanceof Error && 'errcode' in error && Number(error.errcode) % 256 === 5
function open(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file, { timeout: 0 })
  } catch (error) {
    throw storageFault(error)
  }
}
