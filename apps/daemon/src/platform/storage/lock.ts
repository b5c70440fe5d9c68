import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import path from 'node:path'
import { Fault } from '@steward/contract'
import { storageFault } from './database.ts'
import { inFolder } from './folder.ts'

/**
 * Takes the one lock of a data folder: an exclusive transaction held on `run/lock.db` until `release`. Nothing else ever opens that file:
 * closing a second descriptor of it in this process would drop the lock (POSIX fcntl). The operating system frees it when the process dies.
 * Throws Fault `conflict` with the holder's process id when another process holds it, `unavailable` when the folder cannot be written to.
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
      `Another Steward${processOf(home)} is using ${home}; stop it with \`steward stop\`, or name another folder in STEWARD_HOME.`,
      undefined,
      { cause: error },
    )
  }
  leaveName(home)
  return { release: () => db.close() }
}
const holderFile = (home: string) => path.join(home, 'run', 'holder')
/** A courtesy to those who find the lock taken. A full disk, where the lock itself needs no room, does without. */
function leaveName(home: string): void {
  try {
    writeFileSync(holderFile(home), `${process.pid}\n`, { mode: 0o600 })
  } catch {
    // The one before stays named.
  }
}
/** Who holds the lock, or has held it last: it is written after the lock is taken, so for a moment it may name the one before. */
function processOf(home: string): string {
  try {
    const pid = readFileSync(holderFile(home), 'utf8').trim()
    return pid === '' ? '' : ` (process ${pid})`
  } catch {
    return ''
  }
}
const isBusy = (error: unknown) => error instanceof Error && 'errcode' in error && Number(error.errcode) % 256 === 5
function open(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file, { timeout: 0 })
  } catch (error) {
    throw storageFault(error)
  }
}
