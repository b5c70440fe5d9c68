import { execFile } from 'node:child_process'
import { closeSync, existsSync, fsyncSync, linkSync, openSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import { Fault } from '@steward/contract'

const run = promisify(execFile)
export interface BackedUp {
  readonly file: string
  readonly bytes: number
}
/** All pages in one step: a relay that writes meanwhile would make it begin anew with each of several. Writers wait for nothing. */
const pages = 2 ** 30

/** Copies the embedded database, also while a relay works with it; the copy is read through before it gets its name. Throws Fault `conflict` for a file that is there already. */
export async function backupSqlite(from: string, to: string): Promise<BackedUp> {
  if (!existsSync(from)) throw new Fault('not_found', `There is no database ${from} yet.`)
  return inPlace(to, async (partial) => {
    const source = new DatabaseSync(from, { readOnly: true, timeout: 5_000 })
    try {
      await backup(source, partial, { rate: pages })
    } finally {
      source.close()
    }
    checkSqlite(partial)
  })
}
function checkSqlite(file: string): void {
  const copy = new DatabaseSync(file)
  try {
    copy.exec('PRAGMA journal_mode=DELETE')
    const found = copy
      .prepare('PRAGMA integrity_check')
      .all()
      .map((row) => String(row['integrity_check']))
    if (found.join() !== 'ok')
      throw new Fault('unavailable', `The copy is not whole: ${found.slice(0, 3).join('; ')}. The database itself may be damaged.`)
  } finally {
    copy.close()
  }
}
/** Copies PostgreSQL with `pg_dump` in its own format, and reads the copy's contents. Throws Fault `unprocessable` where the program is missing. */
export const backupPostgres = (url: string, to: string): Promise<BackedUp> =>
  inPlace(to, async (partial) => {
    const place = new URL(url)
    // Other users of this host can see arguments, so the password is none.
    const password = decodeURIComponent(place.password)
    place.password = ''
    const env = { ...process.env, ...(password === '' ? {} : { PGPASSWORD: password }) }
    await program('pg_dump', ['--format=custom', '--no-owner', '--file', partial, '--dbname', place.href], env)
    await program('pg_restore', ['--list', partial], env)
  })
async function program(name: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  try {
    await run(name, args, { env, maxBuffer: 64 * 1024 * 1024 })
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string }
    if (code === 'ENOENT')
      throw new Fault('unprocessable', `A copy of PostgreSQL is made with ${name}, which is not on this host: install PostgreSQL's client programs.`)
    throw new Fault('unavailable', `${name} failed: ${(stderr ?? '').trim().split('\n').at(-1) || String(code)}`, undefined, { cause: error })
  }
}
/** Lets a file be written under another name, and names it when it is whole and on disk. */
async function inPlace(to: string, write: (partial: string) => Promise<void>): Promise<BackedUp> {
  const file = path.resolve(to)
  const taken = () => new Fault('conflict', `${file} is there already; name another file.`)
  if (existsSync(file)) throw taken()
  if (!existsSync(path.dirname(file))) throw new Fault('not_found', `There is no folder ${path.dirname(file)}.`)
  const partial = `${file}.partial-${process.pid}`
  try {
    await write(partial)
    sync(partial)
    try {
      linkSync(partial, file)
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? taken() : error
    }
    sync(path.dirname(file))
    return { file, bytes: statSync(file).size }
  } finally {
    rmSync(partial, { force: true })
  }
}
function sync(place: string): void {
  const held = openSync(place, 'r')
  try {
    fsyncSync(held)
  } finally {
    closeSync(held)
  }
}
