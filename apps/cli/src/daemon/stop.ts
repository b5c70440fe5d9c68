import { Fault } from '@steward/contract'
import { exitCodes } from '../exit-codes.ts'
import { homeAt, readDaemonFile, type Home } from '../home.ts'
import type { Io } from '../io.ts'
import { withProgress } from '../output/progress.ts'
import { isAlive } from '../reach/answers.ts'
import { findDaemon } from '../reach/daemon.ts'
import { ended, isOurs } from './processes.ts'
import { liveSupervisor } from './supervisor.ts'

const graceMs = 12_000
/** A supervisor kills a daemon that does not end within 12 s. */
const afterSignalMs = 15_000

/** Stops the daemon and says so. Answers the exit code. */
export async function stop(options: { readonly home?: string }, io: Io): Promise<number> {
  const stopped = await endDaemon(homeAt(options.home), io)
  io.stdout.write(stopped ? 'Steward has stopped.\n' : 'Steward is not running.\n')
  return exitCodes.ok
}
/**
 * Ends the daemon and its supervisor: asks it, waits up to 12 s, then sends SIGTERM and says so. Answers whether there was one. Throws Fault
 * `unavailable` when it lives on.
 */
export async function endDaemon(home: Home, io: Io): Promise<boolean> {
  const file = readDaemonFile(home)
  const [daemon, supervisor] = [await findDaemon(home), await liveSupervisor(home)]
  const pid = daemon?.file.pid ?? file?.pid
  const found = pid !== undefined && isAlive(pid) && (daemon !== undefined || (await isOurs(pid, 'daemon'))) ? pid : undefined
  const pids = [...(supervisor === undefined ? [] : [supervisor]), ...(found === undefined ? [] : [found])]
  const [first] = pids
  if (first === undefined) return false
  const asked = daemon !== undefined && (await ask(daemon.sender.call('system.stop', {}), io))
  await daemon?.sender.close()
  if (asked && (await withProgress(io.stderr, 'Stopping Steward', () => ended(pids, graceMs)))) return true
  // A supervisor passes it on; between a crash and the restart there is nobody else to tell.
  const receiver = supervisor !== undefined && isAlive(supervisor) ? supervisor : (found ?? first)
  if (asked || found !== undefined)
    io.stderr.write(`${asked ? `It has not ended within ${graceMs / 1000} s` : 'It does not answer'}: sending SIGTERM to process ${receiver}.\n`)
  if (isAlive(receiver)) process.kill(receiver, 'SIGTERM')
  if (!(await withProgress(io.stderr, 'Stopping Steward', () => ended(pids, afterSignalMs))))
    throw new Fault(
      'unavailable',
      `The process ${pids.filter(isAlive).join(', ')} has not ended; see the log ${home.log}, or end it with: kill -9 ${pids.filter(isAlive).join(' ')}`,
    )
  return true
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
