import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Tells a small process of its own which groups to kill when this one dies, however it dies. */
export interface Warden {
  add(group: number): void
  remove(group: number): void
  /** Ends the warden, which kills what it still knows. */
  close(): Promise<void>
}

const program = fileURLToPath(new URL('warden-main.ts', import.meta.url))
/** One that cannot live is not started for ever. */
const mostRestarts = 5

/**
 * A warden for hosts without a pid namespace. Its process starts with the first group, holds nothing but a pipe from here, and kills the
 * groups and every process whose mark begins with `markPrefix` when the pipe closes. When it is killed itself, it is started anew and told again.
 */
export function createWarden(markPrefix: string): Warden {
  const groups = new Set<number>()
  let running: ChildProcess | null = null
  let closing = false
  let restarts = 0
  const begin = (): ChildProcess => {
    const warden = spawn(process.execPath, [program, markPrefix], { cwd: '/', detached: true, env: {}, stdio: ['pipe', 'ignore', 'ignore'] })
    const gone = (): void => {
      if (running !== warden) return
      running = null
      restarts += 1
      if (!closing && groups.size > 0 && restarts <= mostRestarts) running = begin()
    }
    warden.once('exit', gone)
    warden.once('error', gone)
    warden.stdin?.on('error', () => undefined)
    // It must not keep a daemon alive that has nothing else to do.
    warden.unref()
    if (warden.stdin && 'unref' in warden.stdin && typeof warden.stdin.unref === 'function') warden.stdin.unref()
    for (const group of groups) warden.stdin?.write(`+${group}\n`)
    return warden
  }
  return {
    add(group) {
      groups.add(group)
      if (running === null) running = begin()
      else running.stdin?.write(`+${group}\n`)
    },
    remove(group) {
      groups.delete(group)
      running?.stdin?.write(`-${group}\n`)
    },
    async close() {
      closing = true
      const last = running
      if (last === null || last.exitCode !== null || last.signalCode !== null) return
      last.ref()
      const gone = new Promise<void>((resolve) => {
        last.once('exit', () => resolve())
        last.once('error', () => resolve())
      })
      last.stdin?.end()
      await gone
    },
  }
}
