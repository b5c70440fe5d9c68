import { setTimeout as delay } from 'node:timers/promises'
import { Fault } from '@steward/contract'
import type { Home } from '../home.ts'
import { findDaemon, type RunningDaemon } from '../reach/daemon.ts'
import { isHeld, silent, silentLimitMs } from '../reach/held.ts'
import { spawnDaemon, whenReady } from './launch.ts'
import type { DaemonOptions } from './options.ts'

export interface Ensured extends RunningDaemon {
  /** False: it was running already. */
  readonly started: boolean
}
const pauseMs = 100

/**
 * The daemon of this home, started in the background when none runs. Two starts at once end with one daemon, found by both; a command that
 * holds the home for a moment is waited for, up to 10 s. Throws Fault.
 */
export async function ensureDaemon(home: Home, options: DaemonOptions = {}, starting?: () => void): Promise<Ensured> {
  const until = performance.now() + silentLimitMs
  for (let tries = 0; ; tries++) {
    const running = await findDaemon(home)
    if (running) return { ...running, started: false }
    if (tries === 0) starting?.()
    try {
      await launch(home, options)
      break
    } catch (error) {
      if (!isHeld(error)) throw error
      if (performance.now() >= until) throw silent(home, error)
    }
    await delay(pauseMs)
  }
  const daemon = await findDaemon(home)
  if (!daemon) throw new Fault('unavailable', `The daemon said it was ready, but does not answer; see more with: steward logs --home ${home.path}`)
  return { ...daemon, started: true }
}
async function launch(home: Home, options: DaemonOptions): Promise<void> {
  const child = spawnDaemon(home, options, false)
  try {
    await whenReady(child, home)
  } finally {
    if (child.connected) child.disconnect()
    child.unref()
  }
}
