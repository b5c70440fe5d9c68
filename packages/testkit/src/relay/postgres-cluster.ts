import { execFile } from 'node:child_process'
import { chmod, chown, mkdir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { User } from './processes.ts'

const run = promisify(execFile)
const cacheFolder = fileURLToPath(new URL('../../../../node_modules/.cache/', import.meta.url))

/** Hands a folder over to whom the server runs as, closed to all others. */
export async function ownedBy(user: User | null, folder: string): Promise<void> {
  if (user) await chown(folder, user.uid, user.gid)
  await chmod(folder, 0o700)
}

/**
 * Makes an empty PostgreSQL cluster (UTF-8, locale C, superuser postgres without a password) in an empty folder that the user owns. `initdb` takes
 * half a second, so its work is done once for a version and then copied from `node_modules/.cache`.
 */
export async function makeCluster(bin: string, data: string, user: User | null): Promise<void> {
  const initdb = path.join(bin, 'initdb')
  const { stdout } = await run(initdb, ['--version'])
  const owner = user?.uid ?? process.getuid?.() ?? 0
  const cached = path.join(cacheFolder, `postgres-${/\d[\d.]*/.exec(stdout)?.[0] ?? 'unknown'}-${owner}`)
  if ((await stat(cached).catch(() => null))?.uid === owner) {
    await run('cp', ['-a', `${cached}/.`, data])
    return
  }
  const args = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']
  await run(initdb, args, { ...user, cwd: '/' })
  // Where nothing may be written, every start takes as long as the first one.
  await keep(data, cached).catch(() => undefined)
}

/** The copy appears whole or not at all; of several made at once one stays. */
async function keep(data: string, cached: string): Promise<void> {
  const copy = `${cached}.${process.pid}`
  await mkdir(cacheFolder, { recursive: true })
  await run('cp', ['-a', data, copy])
  await rename(copy, cached).catch(() => rm(copy, { recursive: true, force: true }))
}
