import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Fault } from '@steward/contract'
import { exitCodes } from '../exit-codes.ts'
import { homeAt, readDaemonFile } from '../home.ts'
import type { Io } from '../io.ts'
import { withProgress } from '../output/progress.ts'
import { isAlive } from '../reach/answers.ts'
import { findDaemon } from '../reach/daemon.ts'

const graceMs = 12_000
const afterSignalMs = 5_000
const lookMs = 20

/** Stops the daemon: asks it, waits up to 12 s for its process to end, then sends SIGTERM and says so. Answers the exit code. */
export async function stop(options: { readonly home?: string }, io: Io): Promise<number> {
  const home = homeAt(options.home)
  const file = readDaemonFile(home)
  const daemon = await findDaemon(home)
  const pid = daemon?.file.pid ?? file?.pid
  if (pid === undefined || !isAlive(pid) || (!daemon && !(await isDaemon(pid)))) {
    io.stdout.write('Steward is not running.\n')
    return exitCodes.ok
  }
  const asked = daemon !== undefined && (await ask(daemon.sender.call('system.stop', {}), io))
  await daemon?.sender.close()
  if (!(asked && (await withProgress(io.stderr, 'Stopping Steward', () => ended(pid, graceMs))))) {
    io.stderr.write(`${asked ? `It has not ended within ${graceMs / 1000} s` : 'It does not answer'}: sending SIGTERM to process ${pid}.\n`)
    if (isAlive(pid)) process.kill(pid, 'SIGTERM')
    if (!(await ended(pid, afterSignalMs)))
      throw new Fault('unavailable', `The process ${pid} has not ended; see its log ${home.log}, or end it with: kill -9 ${pid}`)
  }
  io.stdout.write('Steward has stopped.\n')
  return exitCodes.ok
}
async function ask(answer: Promise<unknown>, io: Io): Promise<boolean> {
  try {
    await answer
    return true
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    io.stderr.write(`${error.message}\n`)
    return false
  }
}
/** Another process cannot ring when it ends: it is looked for. */
async function ended(pid: number, limitMs: number): Promise<boolean> {
  for (const until = performance.now() + limitMs; isAlive(pid);) {
    if (performance.now() > until) return false
    await delay(lookMs)
  }
  return true
}
/** Whether a process is a daemon of ours: an id left in a stale file may belong to anyone by now. */
async function isDaemon(pid: number): Promise<boolean> {
  const line =
    process.platform === 'linux'
      ? readFile(`/proc/${pid}/cmdline`, 'utf8')
      : promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]).then(({ stdout }) => stdout)
  return /daemon[\\/]src[\\/]main\.ts/.test(await line.catch(() => ''))
}
