import { rmSync } from 'node:fs'
import path from 'node:path'
import { Fault } from '@steward/contract'
import { protocol } from '@steward/contract/daemon'
import type { HttpPlace } from '@steward/kernel/http'
import type { App, AppOptions } from './app-types.ts'
import { openApp } from './app.ts'
import { loadHttp, openHttp } from './http-door.ts'
import { openIpc } from './ipc-door.ts'
import { writeWhole } from './platform/atomic-file.ts'
import { finishRestore } from './platform/backup/restore.ts'
import { sweepSurvivors } from './platform/processes/marked.ts'
import { openFolder } from './platform/storage/folder.ts'
import { takeTurn } from './platform/storage/turn.ts'

export interface ServeOptions extends AppOptions {
  /** Null: no HTTP, only the socket. */
  readonly http: HttpPlace | null
  /** A reader that takes nothing for so long is dropped; 30,000 unless said. */
  readonly stallLimitMs?: number
  /** How long a command that holds the folder is waited for; not at all unless said. */
  readonly lockPatienceMs?: number
  /** Is told, before it begins, of work that may keep this process from answering, and of its end (null). */
  readonly announce?: (work: string | null) => Promise<void>
}
export interface Served {
  readonly app: App
  readonly url: string | null
  readonly socket: string
  /** Stops in order; what is under way is taken up at the next start. */
  stop(): Promise<void>
}
/**
 * Runs the daemon on a data folder: lock, sweep of an earlier daemon's children, databases, doors, and only then the work that was left
 * unfinished. Nothing listens before it can answer. Throws Fault `conflict` when another process holds the folder.
 */
export async function serve(options: ServeOptions): Promise<Served> {
  const home = openFolder(options.home)
  const lock = await takeTurn(home, options.lockPatienceMs ?? 0)
  const undo: (() => unknown)[] = [() => lock.release()]
  try {
    // The HTTP door's code is read while the kernel lists processes; it is needed last.
    const [loaded] = await Promise.all([options.http === null ? null : loadHttp(), sweepSurvivors(home)])
    await options.announce?.('opening and migrating the databases')
    await finishRestore(home)
    const app = await openApp({ ...options, home })
    await options.announce?.(null)
    undo.unshift(() => app.close())
    const ipc = await openIpc(app, home, options.stallLimitMs)
    undo.unshift(() => ipc.close())
    const http = options.http === null || loaded === null ? null : await openHttp(loaded, app, options.http, options.stallLimitMs)
    undo.unshift(() => http?.close())
    const file = path.join(home, 'run', 'daemon.json')
    const url = http?.url ?? null
    app.openedAt({ url, socket: ipc.path })
    writeWhole(
      file,
      `${JSON.stringify({ pid: process.pid, url, socket: ipc.path, version: app.version, protocol, startedAt: new Date().toISOString() })}\n`,
    )
    undo.unshift(() => rmSync(file, { force: true }))
    app.begin()
    let stopped: Promise<void> | undefined
    return { app, url, socket: ipc.path, stop: () => (stopped ??= inOrder(undo)) }
  } catch (error) {
    await inOrder(undo)
    throw error instanceof Fault ? error : new Error(`Steward could not start on ${home}: ${(error as Error).message}`, { cause: error })
  }
}
async function inOrder(steps: readonly (() => unknown)[]): Promise<void> {
  for (const step of steps) await step()
}
