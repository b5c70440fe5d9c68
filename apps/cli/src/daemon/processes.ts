import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { isAlive } from '../reach/answers.ts'

const lookMs = 20
const mains = { daemon: /daemon[\\/]src[\\/]main\.ts/, supervisor: /daemon[\\/]src[\\/]supervisor[\\/]main\.ts/ }

/** Whether a process is a daemon or a supervisor of ours: an id left in a stale file may belong to anyone by now. */
export async function isOurs(pid: number, kind: keyof typeof mains): Promise<boolean> {
  const line =
    process.platform === 'linux'
      ? readFile(`/proc/${pid}/cmdline`, 'utf8')
      : promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]).then(({ stdout }) => stdout)
  return mains[kind].test(await line.catch(() => ''))
}
/** Whether all of these processes have ended within the limit. Another process cannot ring when it ends: it is looked for. */
export async function ended(pids: readonly number[], limitMs: number): Promise<boolean> {
  for (const until = performance.now() + limitMs; pids.some(isAlive);) {
    if (performance.now() > until) return false
    await delay(lookMs)
  }
  return true
}
