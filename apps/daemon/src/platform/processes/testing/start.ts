import type { BackgroundProcess, ProcessRequest } from '../../../tools/tool.ts'
import { createProcesses } from '../processes.ts'
import type { Places } from './places.ts'

/** A call that nobody cancels. */
export const never = new AbortController().signal
/** A line for bash in the workspace of these places. */
export const shell = (at: Places, line: string, more: Partial<ProcessRequest> = {}): ProcessRequest => ({
  command: ['bash', '-c', line],
  cwd: at.work,
  timeoutMs: 20_000,
  outputBytes: 10_000,
  writable: [at.work],
  network: false,
  ...more,
})
/** Processes of a daemon of these places, closed at the end of the block. */
export const start = async (
  at: Places,
  mode: 'bubblewrap' | 'none',
  more: { allowEnv?: string[]; onExit?: (owner: string, process: BackgroundProcess) => void } = {},
) => {
  const processes = await createProcesses({ home: at.home, daemonId: 'd1', sandbox: mode === 'none' ? 'off' : 'required', allowEnv: [], ...more })
  return Object.assign(processes, { [Symbol.asyncDispose]: () => processes.close() })
}
