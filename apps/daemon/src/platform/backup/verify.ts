import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { checkDatabase } from './check.ts'
import { databaseNames, entriesOf, hashFile, Manifest, manifestName } from './layout.ts'

export interface Verdict {
  readonly intact: boolean
  readonly faults: string[]
  readonly databases: number
  readonly files: number
}
/** Reads the manifest of a backup, or says why it cannot. */
export function readManifest(folder: string): Manifest | string {
  const file = path.join(folder, manifestName)
  if (!existsSync(file)) return `${folder} is not a backup: it has no ${manifestName}.`
  try {
    const parsed = Manifest.safeParse(JSON.parse(readFileSync(file, 'utf8')))
    return parsed.success ? parsed.data : `${manifestName} is damaged or of a newer program: ${parsed.error.issues[0]?.message ?? 'it does not fit'}.`
  } catch {
    return `${manifestName} is damaged: it is not JSON.`
  }
}
const mostFaults = 100
/** Checks a backup whole: its manifest, every size and checksum, every database with SQLite's own check. Changes nothing. */
export async function verifyBackup(folder: string): Promise<Verdict> {
  const manifest = readManifest(folder)
  if (typeof manifest === 'string') return { intact: false, faults: [manifest], databases: 0, files: 0 }
  const faults: string[] = []
  for (const name of databaseNames) if (!manifest.databases.some(({ path: file }) => file === name)) faults.push(`The manifest names no ${name}.`)
  for (const { path: name, bytes, sha256 } of entriesOf(manifest)) {
    if (faults.length >= mostFaults) break
    const file = path.join(folder, name)
    const size = statSync(file, { throwIfNoEntry: false })?.size
    if (size === undefined) faults.push(`${name} is missing.`)
    else if (size !== bytes) faults.push(`${name} has ${size} bytes; it had ${bytes}.`)
    else if ((await hashFile(file)) !== sha256) faults.push(`${name} was changed: its checksum differs.`)
  }
  for (const { path: name } of manifest.databases) {
    if (!existsSync(path.join(folder, name))) continue
    const verdict = await checkDatabase(path.join(folder, name))
    if (verdict !== 'ok') faults.push(`${name} is damaged: ${verdict.slice(0, 300)}`)
  }
  return { intact: faults.length === 0, faults, databases: manifest.databases.length, files: manifest.files.length }
}
