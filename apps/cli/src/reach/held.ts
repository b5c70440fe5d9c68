import { readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Fault } from '@steward/contract'
import type { Home } from '../home.ts'
import { isAlive } from './answers.ts'

/** How long one process that holds the home and does not answer is waited for. Milliseconds. */
const silentLimitMs = 10_000
/** Pauses between tries grow from the first to the most, so that many who wait leave the machine to the one that works. */
const firstPauseMs = 50
const mostPauseMs = 500

/** Whether a fault says that another process holds the home. */
const isHeld = (error: unknown): error is Fault => error instanceof Fault && error.code === 'conflict'
/** Who holds the home or held it last; undefined where nobody has. */
function holderOf(home: Home): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(path.join(home.path, 'run', 'holder'), 'utf8'), 10)
    return Number.isNaN(pid) ? undefined : pid
  } catch {
    return undefined
  }
}
/**
 * Tries again while another process holds the home: up to 10 s for each that does. A queue of commands, each holding it for a moment, is waited
 * out. Throws Fault `unavailable` with the holder's pid when one of them stays silent for longer.
 */
export async function whenFree<T>(home: Home, attempt: () => Promise<T>): Promise<T> {
  let holder = holderOf(home)
  let since = performance.now()
  for (let tries = 0; ; tries++) {
    try {
      return await attempt()
    } catch (error) {
      if (!isHeld(error)) throw error
      const now = holderOf(home)
      if (now !== holder) [holder, since] = [now, performance.now()]
      else if (performance.now() - since >= silentLimitMs) throw silent(home, holder, error)
    }
    await delay(Math.min(mostPauseMs, firstPauseMs * 2 ** tries) * (0.5 + Math.random() / 2))
  }
}
/** What is said when the waiting was in vain. */
function silent(home: Home, pid: number | undefined, cause: Fault): Fault {
  const who = pid !== undefined && isAlive(pid) ? `the process ${pid}` : 'another process'
  return new Fault(
    'unavailable',
    `${home.path} is held by ${who}, which has not answered for ${silentLimitMs / 1000} s. See its log ${home.log}, or end it and try again.`,
    undefined,
    { cause },
  )
}
