import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'

/** Where one daemon keeps its things. */
export interface Home {
  readonly path: string
  /** The lines of all processes. */
  readonly log: string
  /** What the daemon's process says that is no line, such as the last words of a crash. */
  readonly crashLog: string
}
/** What a running daemon writes down of itself. */
export interface DaemonFile {
  readonly pid: number
  readonly url: string | null
  readonly socket: string
  readonly version: string
  readonly protocol: number
  readonly startedAt: string
}
/** The home folder: what is given, else `STEWARD_HOME`, else `~/.steward`. */
export function homeAt(given?: string): Home {
  const named = given ?? process.env['STEWARD_HOME']
  const folder = path.resolve(named === undefined || named === '' ? path.join(homedir(), '.steward') : named)
  const logs = path.join(folder, 'logs')
  return { path: folder, log: path.join(logs, 'steward.log'), crashLog: path.join(logs, 'crash.log') }
}
/** What the daemon has written down, or undefined when none has, or it cannot be read. It may be stale: only an answering socket proves a daemon. */
export function readDaemonFile(home: Home): DaemonFile | undefined {
  const text = readText(path.join(home.path, 'run', 'daemon.json'))
  if (text === undefined) return undefined
  try {
    const read = JSON.parse(text) as Partial<DaemonFile> | null
    return typeof read?.pid === 'number' && typeof read.socket === 'string' ? (read as DaemonFile) : undefined
  } catch {
    return undefined
  }
}
/** The owner's token, or undefined where there is none. */
export const readToken = (home: Home): string | undefined => readText(path.join(home.path, 'run', 'token'))?.trim() || undefined

/** What a gateway shows at the socket, or undefined where there is none yet. It gives no rights. */
export const readGatewayKey = (home: Home): string | undefined => readText(path.join(home.path, 'run', 'gateway.key'))?.trim() || undefined

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
  }
}
