import { closeSync, copyFileSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Fault } from '@steward/contract'
import { z } from 'zod'
import { syncFolder } from '../storage/store.ts'
import { databaseNames, entriesOf, keyNames } from './layout.ts'
import { readManifest, verifyBackup } from './verify.ts'

const journalName = 'restore.json'
const Journal = z.object({ staged: z.string(), aside: z.string() })
/** When the old databases cannot tell their epoch, the new one is so much later that no old cursor fits. */
const epochLeap = 1_000
const parts = [...databaseNames, 'files', ...keyNames]

const epochOf = (file: string, readOnly: boolean): number | undefined => {
  if (!existsSync(file)) return 0
  try {
    const db = new DatabaseSync(file, { readOnly })
    try {
      return Number((db.prepare('SELECT epoch FROM log_state').get() as { epoch: number }).epoch)
    } finally {
      db.close()
    }
  } catch {
    return undefined
  }
}
const syncPath = (file: string) => {
  const fd = openSync(file, 'r')
  fsyncSync(fd)
  closeSync(fd)
}
/**
 * Puts a backup in the place of the data. The caller holds the lock of `home` and has no database open. Verifies first (Fault `unprocessable`
 * when the backup is not whole); keeps the old data in `before-restore-<time>`; starts a new epoch in all three databases, so that no cursor
 * of before leads anywhere. Until the journal is written nothing has changed; after it a crash is completed by `finishRestore`.
 */
export async function restoreBackup(home: string, from: string): Promise<{ aside: string; epoch: number }> {
  finishRestore(home)
  const verdict = await verifyBackup(from)
  const manifest = readManifest(from)
  if (!verdict.intact || typeof manifest === 'string')
    throw new Fault('unprocessable', `${from} is not whole, so nothing was changed: ${verdict.faults[0] ?? 'it cannot be read'}`, {
      faults: verdict.faults,
    })
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const time = new Date().toISOString().replaceAll(/[:.]/g, '-')
  const staged = path.join(home, `restoring-${time}`)
  const aside = path.join(home, `before-restore-${time}`)
  const known = [
    ...databaseNames.map((name) => epochOf(path.join(home, name), false)),
    ...databaseNames.map((name) => epochOf(path.join(from, name), true)),
  ]
  const epoch = Math.max(...known.map((one) => one ?? 0)) + (known.includes(undefined) ? epochLeap : 1)
  mkdirSync(path.join(staged, 'files', 'tmp'), { recursive: true, mode: 0o700 })
  const folders = new Set([staged, path.join(staged, 'files')])
  for (const { path: name } of entriesOf(manifest)) {
    const target = path.join(staged, name)
    const folder = path.dirname(target)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    folders.add(folder)
    copyFileSync(path.join(from, name), target)
    syncPath(target)
  }
  for (const name of databaseNames) {
    const db = new DatabaseSync(path.join(staged, name))
    db.exec(`UPDATE log_state SET epoch = ${epoch}`)
    db.close()
    syncPath(path.join(staged, name))
  }
  for (const folder of folders) syncFolder(folder)
  mkdirSync(aside, { mode: 0o700 })
  const journal = path.join(home, journalName)
  writeFileSync(`${journal}.part`, JSON.stringify({ staged: path.basename(staged), aside: path.basename(aside) }), { mode: 0o600 })
  syncPath(`${journal}.part`)
  renameSync(`${journal}.part`, journal)
  syncFolder(home)
  finishRestore(home)
  return { aside, epoch }
}
/**
 * Completes a restore that a crash broke off; does nothing when there is none. Call it at every start, under the lock, before a database is
 * opened. Each step may be repeated. Returns whether there was one.
 */
export function finishRestore(home: string): boolean {
  const journal = path.join(home, journalName)
  if (!existsSync(journal)) return false
  const names = Journal.parse(JSON.parse(readFileSync(journal, 'utf8')))
  const staged = path.join(home, path.basename(names.staged))
  const aside = path.join(home, path.basename(names.aside))
  // A part that is no longer among the staged ones lies in its place already: the rename of it is what makes it so.
  const due = parts.filter((name) => existsSync(path.join(staged, name)))
  for (const name of due) {
    for (const suffix of ['', '-wal', '-shm']) {
      const old = path.join(home, name + suffix)
      if (existsSync(old)) renameSync(old, path.join(aside, name + suffix))
    }
  }
  // An old WAL beside a new database would be read into it, so it must be gone for good before.
  syncFolder(aside)
  syncFolder(home)
  for (const name of due) renameSync(path.join(staged, name), path.join(home, name))
  syncFolder(home)
  rmSync(journal)
  syncFolder(home)
  rmSync(staged, { recursive: true, force: true })
  return true
}
