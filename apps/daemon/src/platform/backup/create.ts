import { copyFile, link, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { backup as copyPages, DatabaseSync } from 'node:sqlite'
import { Fault } from '@steward/contract'
import { databaseFiles, syncFolder } from '../storage/store.ts'
import { entriesOf, hashFile, keyNames, manifestName, syncFile, type Manifest, type ManifestEntry } from './layout.ts'

export interface BackupRequest {
  readonly home: string
  /** The folder to write; it may not be there yet. */
  readonly to: string
  readonly version: string
  /** Keeps the bytes of files from being removed until it is called off. */
  holdBytes(): () => void
}
export interface BackupFacts {
  readonly path: string
  readonly createdAt: string
  readonly bytes: number
  readonly files: number
}
/** Opens the three databases and begins a read in each, in one turn: as all writing happens in this process, the three are of one moment. */
function pin(home: string): Map<string, DatabaseSync> {
  const pinned = new Map<string, DatabaseSync>()
  try {
    for (const name of Object.values(databaseFiles)) {
      const db = new DatabaseSync(path.join(home, name), { readOnly: true, timeout: 5000 })
      pinned.set(name, db)
      db.exec('BEGIN; SELECT count(*) FROM log_state')
    }
    return pinned
  } catch (error) {
    for (const db of pinned.values()) db.close()
    throw error
  }
}
const describe = async (folder: string, name: string): Promise<ManifestEntry> => ({
  path: name,
  bytes: (await stat(path.join(folder, name))).size,
  sha256: await hashFile(path.join(folder, name)),
})
/** A second name for the same bytes; a copy where the file system has none. Bytes are never changed in place, so the name is enough. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to)
  } catch {
    await copyFile(from, to)
    await syncFile(to)
  }
}
async function copyDatabases(pinned: ReadonlyMap<string, DatabaseSync>, folder: string): Promise<ManifestEntry[]> {
  const entries: ManifestEntry[] = []
  for (const [name, source] of pinned) {
    const target = path.join(folder, name)
    await copyPages(source, target, { rate: 500 })
    const copy = new DatabaseSync(target)
    copy.exec('PRAGMA journal_mode=DELETE')
    copy.close()
    await syncFile(target)
    entries.push(await describe(folder, name))
  }
  return entries
}
async function copyFiles(home: string, folder: string, chat: DatabaseSync): Promise<ManifestEntry[]> {
  const rows = chat.prepare('SELECT DISTINCT sha256, size FROM files ORDER BY sha256').all() as { sha256: string; size: number }[]
  const entries: ManifestEntry[] = []
  const made = new Set<string>()
  for (const { sha256, size } of rows) {
    const place = path.join('files', sha256.slice(0, 2), sha256)
    const parent = path.join(folder, path.dirname(place))
    if (!made.has(parent)) await mkdir(parent, { recursive: true, mode: 0o700 })
    made.add(parent)
    if (!existsSync(path.join(home, place)))
      throw new Fault(
        'unavailable',
        `The bytes ${sha256} of a file are missing, so a backup would not be whole. Delete that file or put its bytes back.`,
      )
    await linkOrCopy(path.join(home, place), path.join(folder, place))
    entries.push({ path: place, bytes: size, sha256 })
  }
  for (const parent of made) syncFolder(parent)
  return entries
}
/**
 * Writes a copy of everything: the three databases as of one moment, the files they know, the keys, and a manifest with sizes and checksums.
 * It is built in a hidden folder beside and renamed when whole, so that a broken-off one is never taken for a backup. Throws Fault
 * `conflict` when the folder is there already.
 */
export async function createBackup({ home, to, version, holdBytes }: BackupRequest): Promise<BackupFacts> {
  if (existsSync(to)) throw new Fault('conflict', `${to} is there already; name a folder that is not.`)
  const parent = path.dirname(to)
  const mark = `.${path.basename(to)}.part`
  const folder = path.join(parent, mark)
  await mkdir(parent, { recursive: true, mode: 0o700 })
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { mode: 0o700 })
  const release = holdBytes()
  const createdAt = new Date().toISOString()
  const pinned = pin(home)
  try {
    const chat = pinned.get(databaseFiles.chat)
    const files = chat ? await copyFiles(home, folder, chat) : []
    const databases = await copyDatabases(pinned, folder)
    const keys: ManifestEntry[] = []
    for (const name of keyNames) {
      if (!existsSync(path.join(home, name))) continue
      await copyFile(path.join(home, name), path.join(folder, name))
      await syncFile(path.join(folder, name))
      keys.push(await describe(folder, name))
    }
    const manifest: Manifest = { format: 1, version, createdAt, databases, keys, files }
    await writeFile(path.join(folder, manifestName), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 })
    await syncFile(path.join(folder, manifestName))
    syncFolder(folder)
    await rename(folder, to)
    syncFolder(parent)
    return { path: to, createdAt, bytes: entriesOf(manifest).reduce((sum, { bytes }) => sum + bytes, 0), files: files.length }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  } finally {
    for (const db of pinned.values()) db.close()
    release()
  }
}
/** Removes what backups that a crash broke off have left in a folder. */
export async function sweepParts(folder: string): Promise<void> {
  for (const name of existsSync(folder) ? await readdir(folder) : [])
    if (/^\..*\.part$/.test(name)) await rm(path.join(folder, name), { recursive: true, force: true })
}
