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
type Said = ({ readonly type: 'ready' } & Ready) | { readonly type: 'failed'; readonly message: string; readonly code?: FaultCode }

/** Starts the daemon's process: in the background, where it writes its log and leaves its last words in the file of crashes, or in the foreground with the output of this one. */
export function spawnDaemon(home: Home, options: DaemonOptions, foreground: boolean): ChildProcess {
  const main = fileURLToPath(new URL('main.ts', import.meta.resolve('@steward/daemon')))
  mkdirSync(home.path, { recursive: true, mode: 0o700 })
  const log = foreground ? undefined : openCrashLog(home)
  const cache = getCompileCacheDir()
  try {
    return spawn(process.execPath, [main, ...daemonArguments(home.path, absolute(options))], {
      cwd: home.path,
      detached: !foreground,
      windowsHide: true,
      stdio: foreground ? ['ignore', 'inherit', 'inherit', 'ipc'] : ['ignore', log, log, 'ipc'],
      env: { ...process.env, ...(cache === undefined ? {} : { NODE_COMPILE_CACHE: path.dirname(cache) }) },
    })
  } finally {
    if (log !== undefined) closeSync(log)
  }
}
/** The daemon works in its own folder: files are named whole. */
function absolute(options: DaemonOptions): DaemonOptions {
  const { tlsCert, tlsKey } = options
  return {
    ...options,
    ...(tlsCert === undefined ? {} : { tlsCert: path.resolve(tlsCert) }),
    ...(tlsKey === undefined ? {} : { tlsKey: path.resolve(tlsKey) }),
  }
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
