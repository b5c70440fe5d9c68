import { readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { writeWhole } from '../platform/atomic-file.ts'

/** What a supervisor tells of itself in `run/supervisor.json`, which `steward status` reads. It is there from its daemon's first answer until a clean stop. */
export interface SupervisorState {
  readonly pid: number
  /** `pausing`: its daemon has crashed and is started again in a moment. `gave-up`: it has ended, `why` says why. */
  readonly state: 'running' | 'pausing' | 'starting' | 'gave-up'
  readonly daemonPid: number | null
  /** Restarts since it began. */
  readonly restarts: number
  /** Crashes that count now, of at most five; at the sixth it gives up. */
  readonly crashes: number
  readonly lastCrash: { readonly at: string; readonly why: string } | null
  readonly why: string | null
  /** The daemon's own arguments. */
  readonly arguments: readonly string[]
  readonly at: string
}
/** Keeps the file of a data folder. A disk that refuses must not end a supervisor: then the file is as old as it is. */
export function createStateFile(home: string) {
  const file = path.join(home, 'run', 'supervisor.json')
  const quietly = (work: () => void) => {
    try {
      work()
    } catch {
      // Told to nobody: the log lies on the same disk.
    }
  }
  return {
    write: (state: SupervisorState) => quietly(() => writeWhole(file, `${JSON.stringify(state)}\n`)),
    /** Takes it away, if it is this process's own. */
    remove: () =>
      quietly(() => {
        const { pid } = JSON.parse(readFileSync(file, 'utf8')) as SupervisorState
        if (pid === process.pid) rmSync(file)
      }),
  }
}
