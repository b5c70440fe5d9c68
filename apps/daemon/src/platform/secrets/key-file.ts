import { randomBytes } from 'node:crypto'
import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs'
import path from 'node:path'
import { Fault } from '@steward/contract'
import { syncFolder } from '../storage/store.ts'

/**
 * The secret text of a file that only its owner may read; made from 32 random bytes (base64url, after `prefix`) where there is none.
 * Rights wider than 0600 are taken back. Throws Fault `unavailable` when the file holds something else.
 */
export function secretFile(file: string, prefix = ''): string {
  const stats = statSync(file, { throwIfNoEntry: false })
  if (!stats) return writeSecretFile(file, `${prefix}${randomBytes(32).toString('base64url')}`)
  if (process.platform !== 'win32' && (stats.mode & 0o077) !== 0) chmodSync(file, 0o600)
  const text = readFileSync(file, 'utf8').trim()
  if (!text.startsWith(prefix) || !/^[\w-]{43}$/.test(text.slice(prefix.length)))
    throw new Fault(
      'unavailable',
      `${file} does not hold what Steward wrote there. Put the file back from a backup, or move it away to have a new one made.`,
    )
  return text
}
/**
 * The 32 bytes of a key file. Throws Fault `unavailable` for one that others could read: what it has sealed may be known to them, and taking the rights back
 * in silence would hide that.
 */
export function keyFile(file: string): Buffer {
  const stats = statSync(file, { throwIfNoEntry: false })
  if (stats && process.platform !== 'win32' && (stats.mode & 0o077) !== 0)
    throw new Fault(
      'unavailable',
      `${file} is open to other users of this machine (mode ${(stats.mode & 0o777).toString(8)}). Close it with \`chmod 600 ${file}\`; if anyone may have read it, make new keys with the providers too.`,
    )
  return Buffer.from(secretFile(file), 'base64url')
}

/** Writes beside, syncs, renames: the file is never there with half of its text. */
function writeSecretFile(file: string, text: string): string {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  const beside = `${file}.${randomBytes(6).toString('hex')}`
  const fd = openSync(beside, 'wx', 0o600)
  try {
    writeSync(fd, `${text}\n`)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
  renameSync(beside, file)
  syncFolder(path.dirname(file))
  return text
}
