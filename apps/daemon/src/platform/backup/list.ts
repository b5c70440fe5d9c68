import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { syncFolder } from '../storage/store.ts'
import { entriesOf } from './layout.ts'
import { readManifest } from './verify.ts'

export interface BackupEntry {
  readonly name: string
  readonly path: string
  readonly createdAt: string
  readonly bytes: number
  readonly files: number
}
/** The backup in a folder, or undefined where there is none. */
export function findBackup(folder: string): BackupEntry | undefined {
  const manifest = readManifest(folder)
  if (typeof manifest === 'string') return undefined
  const bytes = entriesOf(manifest).reduce((sum, entry) => sum + entry.bytes, 0)
  return { name: path.basename(folder), path: folder, createdAt: manifest.createdAt, bytes, files: manifest.files.length }
}
/** At most `limit` backups of a folder, newest name first, after the name `before`. Names hold their time. */
export async function listBackups(folder: string, limit: number, before = '~'): Promise<BackupEntry[]> {
  const names = existsSync(folder) ? await readdir(folder) : []
  const found: BackupEntry[] = []
  for (const name of names
    .filter((one) => /^[\w-]{1,100}$/.test(one) && one < before)
    .toSorted()
    .toReversed()) {
    const entry = findBackup(path.join(folder, name))
    if (entry) found.push(entry)
    if (found.length >= limit) break
  }
  return found
}
/** Removes a backup for good. */
export async function removeBackup(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  syncFolder(path.dirname(folder))
}
