import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const mainFile = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
/** A status and what was in the body; a test says what it expects of that. */
export interface Answer {
  readonly status: number
  readonly body: ReturnType<typeof JSON.parse>
}
export interface DaemonProcess {
  readonly pid: number
  readonly url: string
  readonly token: string
  /** What it wrote on standard error. */
  readonly log: () => string
  readonly exited: Promise<void>
  readonly alive: () => boolean
  /** JSON in, status and JSON out. Rejects when the daemon is not there to answer. */
  ask(method: string, route: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>
  /** SIGTERM; resolves when the process is gone. */
  stop(): Promise<void>
}
export interface Begun {
  readonly child: ChildProcess
  readonly log: () => string
  readonly exited: Promise<void>
  /** Resolves when the daemon says that it answers; rejects with its words when it says that it cannot, or ends first. */
  readonly ready: Promise<DaemonProcess>
}
/** The environment of a daemon whose model is the wire server. */
export const daemonEnv = (wireUrl: string, workspace: string): NodeJS.ProcessEnv => ({
  HOME: process.env['HOME'],
  PATH: process.env['PATH'],
  ...(process.env['NODE_COMPILE_CACHE'] === undefined ? {} : { NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] }),
  ANTHROPIC_API_KEY: 'sk-wire-key-for-tests-0001',
  ANTHROPIC_BASE_URL: wireUrl,
  STEWARD_WORKSPACE_ROOT: workspace,
})
export interface Around {
  /** Goes before `node`: a namespace around the daemon. */
  readonly command?: readonly string[]
  /** Where a file of the namespace is seen from here. */
  readonly view?: (file: string) => string
}
/** Starts the daemon as a process of its own on a data folder. */
export function beginDaemon(home: string, env: NodeJS.ProcessEnv, { command = [], view = (file) => file }: Around = {}): Begun {
  const [program = process.execPath, ...rest] = [...command, process.execPath, mainFile, '--home', home]
  const child = spawn(program, rest, { env, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  let said = ''
  child.stderr!.setEncoding('utf8').on('data', (text: string) => void (said = (said + text).slice(-200_000)))
  const exited = once(child, 'close').then(() => undefined)
  const ready = new Promise<DaemonProcess>((resolve, reject) => {
    child.on('message', (message: { type: string; url: string; message?: string; pid: number }) => {
      if (message.type === 'ready')
        resolve(
          daemonAt({
            ...message,
            home: view(home),
            log: () => said,
            exited: () => exited,
            alive: () => child.exitCode === null && child.signalCode === null,
            signal: (signal) => void child.kill(signal),
          }),
        )
      else reject(new Error(message.message))
    })
    exited.then(
      () => reject(new Error(`The daemon ended before it was ready: ${said}`)),
      (error: unknown) => reject(error as Error),
    )
  })
  ready.catch(() => undefined)
  return { child, log: () => said, exited, ready }
}
interface Facts {
  readonly pid: number
  readonly url: string
  /** The data folder, as it is seen from here. */
  readonly home: string
  readonly log: () => string
  readonly exited: () => Promise<void>
  readonly alive: () => boolean
  readonly signal: (signal: NodeJS.Signals) => void
}
/** A daemon that answers, whoever has started it. */
export function daemonAt({ pid, url, home, log, exited, alive, signal }: Facts): DaemonProcess {
  const token = readFileSync(path.join(home, 'run', 'token'), 'utf8').trim()
  const end = async (name: NodeJS.Signals) => {
    if (alive()) signal(name)
    await exited()
  }
  return {
    pid,
    url,
    token,
    log,
    get exited() {
      return exited()
    },
    alive,
    async ask(method, route, body, headers = {}) {
      const response = await fetch(`${url}${route}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      return { status: response.status, body: text === '' ? null : JSON.parse(text) }
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  }
}
