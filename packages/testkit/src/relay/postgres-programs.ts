import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { lacking } from '../lacking.ts'
import type { User } from './processes.ts'

const debianFolder = '/usr/lib/postgresql'
const isComplete = (folder: string): boolean => ['initdb', 'postgres'].every((program) => existsSync(path.join(folder, program)))

/** The folder of PostgreSQL's server programs: Debian's newest, which is not on PATH, else one on PATH. Null when there is none. */
export function findPostgres(): string | null {
  const versions = existsSync(debianFolder) ? readdirSync(debianFolder) : []
  const debian = versions.toSorted((a, b) => Number(b) - Number(a)).map((version) => path.join(debianFolder, version, 'bin'))
  return [...debian, ...(process.env['PATH'] ?? '').split(path.delimiter)].find(isComplete) ?? null
}
/** As `lacking`, for PostgreSQL's server programs. */
export const lackingPostgres = (): string | null => (findPostgres() === null ? lacking('initdb', 'postgres') : null)

/** Whom PostgreSQL is run as: it refuses to run as root, so root becomes Debian's user postgres. Null: as oneself. Throws when root has no such user. */
export function postgresUser(): User | null {
  if (process.getuid?.() !== 0) return null
  const line = readFileSync('/etc/passwd', 'utf8').match(/^postgres:[^:]*:(\d+):(\d+):/m)
  if (!line) throw new Error('PostgreSQL does not run as root, and this host has no user postgres.')
  return { uid: Number(line[1]), gid: Number(line[2]) }
}
