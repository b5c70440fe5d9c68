import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, mkdirSync } from 'node:fs'
import { getCompileCacheDir } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Fault, type FaultCode } from '@steward/contract'
import type { Home } from '../home.ts'
import { openCrashLog } from './crash-log.ts'
import { daemonArguments, type DaemonOptions } from './options.ts'

/** What the daemon's process says over its channel when it can answer. */
export interface Ready {
  readonly url: string | null
  readonly socket: string
  readonly pid: number
}
type Said =
  | ({ readonly type: 'ready' } & Ready)
  | { readonly type: 'failed'; readonly message: string; readonly code?: FaultCode }
  | { readonly type: 'busy' }

/** A process that does nothing but wait needs no room to grow. */
const small = ['--max-old-space-size=32', '--max-semi-space-size=1', '--optimize-for-size']
const file = (name: string) => fileURLToPath(new URL(name, import.meta.resolve('@steward/daemon')))

/** Starts the daemon in the background, under a supervisor, with the last words of both in the file of crashes. The channel is the supervisor's. */
export function spawnSupervised(home: Home, options: DaemonOptions): ChildProcess {
  makeFolders(home)
  const output = openCrashLog(home)
  try {
    return spawn(
      process.execPath,
      [...small, file('supervisor/main.ts'), '--home', home.path, '--log', home.log, '--', ...daemonArguments(home.path, options)],
      { cwd: home.path, detached: true, windowsHide: true, stdio: ['ignore', output, output, 'ipc'], env: withCache() },
    )
  } finally {
    closeSync(output)
  }
}
/** Starts the daemon in the foreground, alone, with the output of this process. */
export function spawnDaemon(home: Home, options: DaemonOptions): ChildProcess {
  makeFolders(home)
  return spawn(process.execPath, [file('main.ts'), ...daemonArguments(home.path, options)], {
    cwd: home.path,
    windowsHide: true,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: withCache(),
  })
}
function makeFolders(home: Home): void {
  mkdirSync(home.path, { recursive: true, mode: 0o700 })
  mkdirSync(path.dirname(home.log), { recursive: true, mode: 0o700 })
}
function withCache(): NodeJS.ProcessEnv {
  const cache = getCompileCacheDir()
  return { ...process.env, ...(cache === undefined ? {} : { NODE_COMPILE_CACHE: path.dirname(cache) }) }
}
/** Waits until the daemon can answer. Throws Fault with its own words when it says it cannot, or names the log when it ends without a word. */
export function whenReady(child: ChildProcess, home: Home): Promise<Ready> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Fault('internal', `The daemon could not be started: ${error.message}.`, undefined, { cause: error })))
    child.once('exit', (code, signal) =>
      reject(
        new Fault(
          'internal',
          `The daemon ended before it was ready (${signal ?? `exit code ${code}`}); see why with: steward logs --home ${home.path}`,
        ),
      ),
    )
    child.on('message', (said: Said) => {
      if (said.type === 'ready') resolve({ url: said.url, socket: said.socket, pid: said.pid })
      else if (said.type === 'failed') reject(new Fault(said.code ?? 'unprocessable', said.message))
    })
  })
}
