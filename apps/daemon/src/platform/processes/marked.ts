import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'

export const markName = 'STEWARD_CHILD'

/** What every child of daemons of this home carries in its environment before its own id: `STEWARD_CHILD=<this>:<id>`. A hash, as paths may be long or private. */
export function homeMark(home: string): string {
  let real = path.resolve(home)
  try {
    real = realpathSync(home)
  } catch {
    // A home that is not made yet has no other name.
  }
  return createHash('sha256').update(real).digest('hex').slice(0, 16)
}

/**
 * The running processes whose mark begins with `prefix`, without this process and its parent. Reads /proc/<pid>/environ on Linux and `ps`
 * elsewhere. Blind to processes of other users and to those that were started with an emptied environment.
 */
export async function findMarked(prefix: string): Promise<number[]> {
  const found = process.platform === 'linux' ? await inProc(`${markName}=${prefix}`) : await inPs(`${markName}=${prefix}`)
  return found.filter((pid) => pid !== process.pid && pid !== process.ppid)
}

/**
 * Kills (SIGKILL) every marked process and waits for their end, looking again until twice in a row none is left, so that a process
 * just forking is caught too. Gives how many were killed. Throws when some live on after `limitMs`.
 */
export async function killMarked(prefix: string, limitMs = 5000): Promise<number> {
  const killed = new Set<number>()
  const deadline = performance.now() + limitMs
  for (let quiet = 0; ;) {
    const pids = await findMarked(prefix)
    quiet = pids.length === 0 ? quiet + 1 : 0
    if (quiet === 2) return killed.size
    if (performance.now() > deadline) throw new Error(`The processes ${pids.join(', ')} could not be killed.`)
    for (const pid of pids) {
      killed.add(pid)
      sendSignal(pid, 'SIGKILL')
    }
    await delay(5)
  }
}

/** Kills what an earlier daemon of the same home left running and waits for its end; gives how many. Call it under the home's lock, before any child is started. */
export function sweepSurvivors(home: string): Promise<number> {
  return killMarked(`${homeMark(home)}:`)
}

/** Signals a process, or with a negative number a process group. false when it is gone (or, for a group on macOS, only has zombies). */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal)
  } catch {
    return false
  }
}

async function inProc(entry: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const marked = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')
      return environment.startsWith(entry) || environment.includes(`\0${entry}`)
    }),
  )
  return pids.filter((_, index) => marked[index]).map(Number)
}

async function inPs(entry: string): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-E', '-ww', '-o', 'pid=,command='], { maxBuffer: 64 * 1024 * 1024 })
  return stdout
    .split('\n')
    .filter((line) => line.includes(` ${entry}`))
    .map((line) => Number.parseInt(line, 10))
}
