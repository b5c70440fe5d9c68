import { spawn } from 'node:child_process'
import type { ChildProcess, SpawnOptions } from 'node:child_process'
import { closeSync, existsSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { until } from '../until.ts'

export interface User {
  readonly uid: number
  readonly gid: number
}
export interface Program {
  readonly command: string
  readonly args: readonly string[]
  /** Whom it runs as; null for whoever runs the test. */
  readonly user: User | null
  /** Where its output is appended. */
  readonly logFile: string
}
export interface Running {
  readonly pid: number
  /** False once it has ended. */
  alive(): boolean
  /** Resolves when it has ended. */
  readonly ended: Promise<void>
  /** Sends to the program alone. */
  signal(signal: NodeJS.Signals): void
  /** SIGSTOP to the program and all its descendants; resolves when none of them runs any more. */
  pause(): Promise<void>
  /** SIGCONT to the same. */
  resume(): void
  /** SIGKILL to the same; resolves when all are gone. */
  kill(): Promise<void>
}
const guard = '/usr/bin/setpriv'

/** Starts a server of the host. Where the system can do it, it is told to quit when the process that runs the test dies, however that dies. */
async function launch({ command, args, user, logFile }: Program): Promise<Running> {
  const log = openSync(logFile, 'a')
  const asUser = user ? ['--reuid', String(user.uid), '--regid', String(user.gid), '--clear-groups'] : []
  const options: SpawnOptions = { stdio: ['ignore', log, log], cwd: '/', env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' } }
  const child = existsSync(guard)
    ? spawn(guard, ['--pdeathsig', 'QUIT', ...asUser, command, ...args], options)
    : spawn(command, [...args], { ...options, ...user })
  closeSync(log)
  return handles(child, await born(child))
}

/**
 * Starts a server and waits until `isReady` says so. Throws with the end of its log when it ends before, or is not ready within a minute; then it has
 * been killed.
 */
export async function answering(program: Program, isReady: (running: Running) => Promise<boolean>): Promise<Running> {
  const running = await launch(program)
  const name = path.basename(program.command)
  const ready = await until(async () => (running.alive() ? isReady(running) : 'ended'), { timeoutMs: 60_000, what: name }).catch(() => false)
  if (ready === true) return running
  await running.kill()
  throw new Error(`${name} did not start:\n${(await readFile(program.logFile, 'utf8')).slice(-2000)}`)
}

const born = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('spawn', () => resolve(child.pid ?? 0))
  })

function handles(child: ChildProcess, pid: number): Running {
  const alive = (): boolean => child.exitCode === null && child.signalCode === null
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    pid,
    alive,
    ended,
    signal: (signal) => void send(pid, signal),
    async pause() {
      // The parent first, so that it has no new child after its children were listed; one that was just being born is told when it is seen.
      const moving = () => [pid, ...descendants(pid)].filter((member) => !isStopped(member))
      const tell = () => {
        const left = moving()
        for (const member of left) send(member, 'SIGSTOP')
        return left.length === 0
      }
      await until(tell, { what: `process ${pid} and its children to stop` })
    },
    resume() {
      for (const member of [...descendants(pid), pid]) send(member, 'SIGCONT')
    },
    async kill() {
      if (!alive()) return
      send(pid, 'SIGSTOP')
      const family = descendants(pid)
      for (const member of [pid, ...family]) send(member, 'SIGKILL')
      await ended
      await until(() => family.every((member) => stateOf(member) === null), { what: `the children of process ${pid} to end` })
    },
  }
}

/** Sends to a process that may be gone already. */
function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
/** The letter and the parent of proc(5)'s `stat`; null when there is no such process, or when nothing is left of it but its entry. */
function stateOf(pid: number): { letter: string; parent: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [letter = '', parent = ''] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return letter === 'Z' || letter === 'X' ? null : { letter, parent: Number(parent) }
  } catch {
    return null
  }
}
const isStopped = (pid: number): boolean => {
  const state = stateOf(pid)
  return state === null || state.letter === 'T'
}
/** Children before their own children. */
function descendants(pid: number): number[] {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const parent = stateOf(Number(name))?.parent
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)])
  }
  const found = [...(children.get(pid) ?? [])]
  for (const member of found) found.push(...(children.get(member) ?? []))
  return found
}
