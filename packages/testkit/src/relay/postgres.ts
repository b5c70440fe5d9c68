import { execFile } from 'node:child_process'
import { mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { tempDir } from '../temp-dir.ts'
import { hostServer } from './host-server.ts'
import type { HostServer } from './host-server.ts'
import { makeCluster, ownedBy } from './postgres-cluster.ts'
import { findPostgres, postgresUser } from './postgres-programs.ts'
import { answering } from './processes.ts'
import type { Running } from './processes.ts'
import { steadyPort } from './steady-port.ts'

export interface PostgresServer extends HostServer {
  /** `postgres://postgres@127.0.0.1:PORT/postgres`, a superuser without a password. It stays the same over a restart. */
  readonly url: string
}

/**
 * A throw-away PostgreSQL from the host's programs: own folder, own port, loopback only, up to 200 connections. With `durable` a commit reaches the
 * disk before it is answered (`fsync` on), as in production; without it (the default, quicker) a commit outlives a crash of the server, not of the
 * machine. Throws when the programs are missing or it does not start, with the end of its log.
 */
export async function startPostgres(options: { durable?: boolean } = {}): Promise<PostgresServer> {
  const bin = findPostgres()
  if (bin === null) throw new Error('There is no PostgreSQL on this host: install the Debian package postgresql.')
  const user = postgresUser()
  const folder = await tempDir('steward-postgres-')
  const data = path.join(folder.path, 'data')
  const port = await steadyPort()
  const quick = options.durable === true ? {} : { fsync: 'off', full_page_writes: 'off' }
  const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: '200', ...quick }
  const program = {
    command: path.join(bin, 'postgres'),
    args: ['-D', data, '-p', String(port), ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    user,
    logFile: path.join(folder.path, 'log'),
  }
  let isMade = false
  const server = await hostServer({
    async start() {
      if (!isMade) {
        await mkdir(data)
        for (const place of [folder.path, data]) await ownedBy(user, place)
        await makeCluster(bin, data, user)
        isMade = true
      }
      return answering(program, (running) => isReady(data, running))
    },
    crash: 'SIGQUIT',
    async remove() {
      await removeSharedMemory(data)
      await folder[Symbol.asyncDispose]()
    },
  })
  return { ...server, url: `postgres://postgres@127.0.0.1:${port}/postgres` }
}

/** The lines of `postmaster.pid`: the first is the process, the seventh its System V memory (key and id), the eighth its state. None after a good end. */
const lockFile = async (data: string): Promise<readonly string[]> =>
  (await readFile(path.join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n').map((line) => line.trim())

async function isReady(data: string, { pid }: Running): Promise<boolean> {
  const lines = await lockFile(data)
  return lines[0] === String(pid) && lines[7] === 'ready'
}
/** A killed server leaves a piece of System V memory, which the next start would remove. */
async function removeSharedMemory(data: string): Promise<void> {
  const id = (await lockFile(data))[6]?.split(/\s+/)[1]
  if (id !== undefined) await promisify(execFile)('ipcrm', ['-m', id]).catch(() => undefined)
}
