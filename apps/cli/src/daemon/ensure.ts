import { Fault } from '@steward/contract'
import type { Home } from '../home.ts'
import { findDaemon, type RunningDaemon } from '../reach/daemon.ts'
import { whenFree } from '../reach/held.ts'
import { spawnSupervised, whenReady } from './launch.ts'
import type { DaemonOptions } from './options.ts'

export interface Ensured extends RunningDaemon {
  /** False: it was running already. */
  readonly started: boolean
}
/**
 * The daemon of this home, started in the background when none runs. Two starts at once end with one daemon, found by both; a command that
 * holds the home for a moment is waited for, up to 10 s. Throws Fault.
 */
export async function ensureDaemon(home: Home, options: DaemonOptions = {}, starting?: () => void): Promise<Ensured> {
  let told = false
  return whenFree(home, async () => {
    const running = await findDaemon(home)
    if (running) return { ...running, started: false }
    if (!told) starting?.()
    told = true
    await launch(home, options)
    const daemon = await findDaemon(home)
    if (!daemon) throw new Fault('unavailable', `The daemon said it was ready, but does not answer; see more with: steward logs --home ${home.path}`)
    return { ...daemon, started: true }
  })
}
async function launch(home: Home, options: DaemonOptions): Promise<void> {
  const child = spawnSupervised(home, options)
  try {
    await whenReady(child, home)
  } finally {
    if (child.connected) child.disconnect()
    child.unref()
  }
}
