import { Fault } from '@steward/contract'
import type { Home } from '../home.ts'
import { findDaemon, type RunningDaemon } from '../reach/daemon.ts'
import { spawnDaemon, whenReady } from './launch.ts'
import type { DaemonOptions } from './options.ts'

export interface Ensured extends RunningDaemon {
  /** False: it was running already. */
  readonly started: boolean
}
/** The daemon of this home, started in the background when none runs. Two starts at once end with one daemon, found by both. Throws Fault. */
export async function ensureDaemon(home: Home, options: DaemonOptions = {}, starting?: () => void): Promise<Ensured> {
  const running = await findDaemon(home)
  if (running) return { ...running, started: false }
  starting?.()
  const child = spawnDaemon(home, options, false)
  try {
    await whenReady(child, home)
  } catch (error) {
    const other = await findDaemon(home)
    if (other) return { ...other, started: false }
    throw error
  } finally {
    if (child.connected) child.disconnect()
    child.unref()
  }
  const daemon = await findDaemon(home)
  if (!daemon) throw new Fault('unavailable', `The daemon said it was ready, but does not answer; its log says more: ${home.log}`)
  return { ...daemon, started: true }
}
