import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import path from 'node:path'
import { Fault } from '@steward/contract'

export interface MasterSecretPlace {
  /** The value of STEWARD_RELAY_SECRET, where it is set. */
  readonly value: string | undefined
  /** Where the secret is kept when the variable is not set. */
  readonly file: string
}
const leastLength = 32
/** A chosen secret must hold so much by the frequency of its characters; 32 random hexadecimal digits hold about 115. */
const leastBits = 80
/** Words of published examples and of placeholders. That a random secret has one of them happens once in some hundred million. */
const wellKnown =
  /super.?secret|your.?secret|secret.?key|change.?me|replace.?me|password|passphrase|example|placeholder|development|12345678|abcdefgh|deadbeef/i

/**
 * The secret that all keys of a relay are derived from: the variable's value, else the text of the file, which is made from 32 random bytes where it is missing.
 * All nodes of a relay need the same. Throws Fault `invalid` for a value that could be guessed, `unavailable` for a file that others can read or that holds
 * something else. No message has the secret in it.
 */
export function loadMasterSecret({ value, file }: MasterSecretPlace): string {
  if (value !== undefined && value !== '') return checked(value)
  return readSecret(file) ?? makeSecret(file)
}
function checked(value: string): string {
  const advice = 'Make one with `openssl rand -base64 32`, and give the same to all nodes.'
  const problem =
    value.length < leastLength
      ? `is shorter than ${leastLength} characters`
      : wellKnown.test(value)
        ? 'looks like one from an example'
        : bitsOf(value) < leastBits || isRepeated(value)
          ? 'repeats itself so much that it can be guessed'
          : undefined
  if (problem === undefined) return value
  throw new Fault('invalid', `STEWARD_RELAY_SECRET ${problem}. ${advice}`)
}
/** The information in a text (Shannon), by how often it has each of its characters. */
function bitsOf(text: string): number {
  const counts = new Map<string, number>()
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= count * Math.log2(count / text.length)
  return bits
}
/** Whether a text is one part of at most half its length, over and over. */
function isRepeated(text: string): boolean {
  for (let length = 1; length <= text.length / 2; length++) if (text.startsWith(text.slice(length))) return true
  return false
}
function readSecret(file: string): string | undefined {
  const stats = statSync(file, { throwIfNoEntry: false })
  if (!stats) return undefined
  if (process.platform !== 'win32' && (stats.mode & 0o077) !== 0)
    throw new Fault(
      'unavailable',
      `${file} is open to other users of this machine (mode ${(stats.mode & 0o777).toString(8)}). Close it with \`chmod 600 ${file}\`; if anyone may have read it, move it away: all tokens end and vendors must be connected anew.`,
    )
  const text = readFileSync(file, 'utf8').trim()
  if (/^[\w-]{43}$/.test(text)) return text
  throw new Fault(
    'unavailable',
    `${file} does not hold what the relay wrote there. Put it back from a backup, or move it away to have a new one made.`,
  )
}
/** Writes beside, syncs, links: the file is never there in part, and of two that start at once the first one's secret is everybody's. */
function makeSecret(file: string): string {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 })
  const beside = `${file}.${randomBytes(6).toString('hex')}`
  try {
    write(beside, `${randomBytes(32).toString('base64url')}\n`)
    try {
      linkSync(beside, file)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
  } finally {
    rmSync(beside, { force: true })
  }
  const made = readSecret(file)
  if (made === undefined) throw new Fault('unavailable', `${file} was removed while it was made; start again.`)
  syncFolder(path.dirname(file))
  return made
}
function write(file: string, text: string): void {
  const fd = openSync(file, 'wx', 0o600)
  try {
    writeSync(fd, text)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const fd = openSync(folder, 'r')
  fsyncSync(fd)
  closeSync(fd)
}
