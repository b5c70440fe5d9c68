import { Fault } from '@steward/contract'
import { readDaemonFile, type Home } from '../home.ts'
import { isAlive } from './answers.ts'

/** How long a home that is held by a process that does not answer is waited for. Milliseconds. */
export const silentLimitMs = 10_000

/** Whether a fault says that another process holds the home. */
export const isHeld = (error: unknown): error is Fault => error instanceof Fault && error.code === 'conflict'
/** What is said when the waiting was in vain. */
export function silent(home: Home, cause: Fault): Fault {
  const pid = readDaemonFile(home)?.pid
  const who = pid !== undefined && isAlive(pid) ? `the process ${pid}` : 'another process'
  return new Fault(
    'unavailable',
    `${home.path} is held by ${who}, which has not answered for ${silentLimitMs / 1000} s. See its log ${home.log}, or end it and try again.`,
    undefined,
    { cause },
  )
}
