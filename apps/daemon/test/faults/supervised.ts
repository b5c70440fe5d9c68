import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { until } from '@steward/testkit'
import type { SupervisorState } from '../../src/supervisor/state-file.ts'
import { daemonAt, type DaemonProcess } from './daemon-process.ts'

const mainFile = fileURLToPath(new URL('../../src/supervisor/main.ts', import.meta.url))

export interface Supervised {
  readonly pid: number
  readonly home: string
  readonly exited: Promise<number | null>
  /** What it has written down, or undefined when it has written nothing. */
  state(): SupervisorState | undefined
  /** The daemon's process at this moment, by what is written down. */
  daemon(): DaemonProcess
  /** Waits until a daemon answers that is another than the process `before`. */
  next(before: number): Promise<DaemonProcess>
  /** The supervisor's own lines of the log. */
  lines(): { level: string; msg: string; time: string }[]
  signal(signal: NodeJS.Signals): void
}
const isThere = (pid: number) => {
  try {
    return process.kill(pid, 0) && !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
/** Starts a supervisor as `steward start` does, with a pace of one's own, and waits until its daemon answers. Rejects with its words when it says that it cannot. */
export async function beginSupervised(home: string, env: NodeJS.ProcessEnv, pace: Record<string, number> = {}): Promise<Supervised> {
  const logFile = path.join(path.dirname(home), 'supervised.log')
  const flags = Object.entries(pace).map(([name, ms]) => `--${name}=${ms}`)
  const child = spawn(process.execPath, [mainFile, '--home', home, '--log', logFile, ...flags, '--', '--home', home], {
    env,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  await new Promise<void>((resolve, reject) => {
    child.once('message', ({ type, message }: { type: string; message?: string }) => (type === 'ready' ? resolve() : reject(new Error(message))))
    void exited.then((code) => reject(new Error(`The supervisor ended with ${code}.`)))
  })
  const read = <T>(file: string): T | undefined => {
    try {
      return JSON.parse(readFileSync(path.join(home, 'run', file), 'utf8')) as T
    } catch {
      return undefined
    }
  }
  const found = (): DaemonProcess | undefined => {
    const told = read<{ pid: number; url: string }>('daemon.json')
    if (told === undefined || !isThere(told.pid)) return undefined
    const { pid, url } = told
    return daemonAt({
      pid,
      url,
      home,
      log: () => readFileSync(logFile, 'utf8'),
      exited: async () => void (await until(() => !isThere(pid), { timeoutMs: 30_000, what: 'the end of the daemon' })),
      alive: () => isThere(pid),
      signal: (signal) => void process.kill(pid, signal),
    })
  }
  return {
    pid: child.pid!,
    home,
    exited,
    state: () => read('supervisor.json'),
    daemon() {
      const daemon = found()
      if (daemon === undefined) throw new Error('No daemon is at work.')
      return daemon
    },
    async next(before) {
      let daemon: DaemonProcess | undefined
      await until(
        async () => {
          daemon = found()
          return daemon !== undefined && daemon.pid !== before && (await daemon.ask('GET', '/v1/version').catch(() => undefined))?.status === 200
        },
        { timeoutMs: 30_000, what: 'another daemon that answers' },
      )
      return daemon!
    },
    lines: () =>
      readFileSync(logFile, 'utf8')
        .split('\n')
        .filter((line) => line.includes('"component":"supervisor"'))
        .map((line) => JSON.parse(line)),
    signal: (signal) => void child.kill(signal),
  }
}
