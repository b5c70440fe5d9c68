import { mkdirSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import path from 'node:path'
import { Fault } from '@steward/contract'

/**
 * Takes the one lock of a data folder: an exclusive transaction held on `run/lock.db` until `release`. Nothing else ever opens that file:
 * closing a second descriptor of it in this process would drop the lock (POSIX fcntl). The operating system frees it when the process dies.
 * Throws Fault `conflict` when another process holds it.
 */
export function takeLock(home: string): { release(): void } {
  mkdirSync(path.join(home, 'run'), { recursive: true, mode: 0o700 })
  const db = new DatabaseSync(path.join(home, 'run', 'lock.db'), { timeout: 0 })
  try {
    db.exec('PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    db.close()
    throw new Fault(
      'conflict',
      `Another Steward is using ${home}; stop it with \`steward stop\`, or name another folder in STEWARD_HOME.`,
      undefined,
      { cause: error },
    )
  }
  return { release: () => db.close() }
}
