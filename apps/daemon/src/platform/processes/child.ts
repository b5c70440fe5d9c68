import { spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { ToolError } from '../../tools/tool.ts'
import { killMarked, markName, sendSignal } from './marked.ts'
import type { Launch } from './sandbox.ts'
import type { Warden } from './warden.ts'

export interface Ending {
  readonly exitCode: number | null
  readonly signal: string | null
  /** The sandbox broke before the command began: its words are in stderr. */
  readonly notBegun: boolean
}
/** One running child with all that it started. */
export interface Child {
  /** Settles when nothing of it runs any more and its output is complete. Never rejects. */
  readonly ended: Promise<Ending>
  /** SIGTERM to its group now, SIGKILL to everything it started 1 s later; `ended` follows. More calls change nothing. */
  stop(): void
}

/** A child whose streams are somebody else's to read and write. stdout and stderr stand still until they are read. */
export interface PipedChild extends Child {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
}
interface Started extends Child {
  readonly stdin: Writable | null
  readonly stdout: Readable
  readonly stderr: Readable
}

const graceMs = 1000
/** How long output may stay open after the end: in the first wait a pipe is emptied, after the second nobody is left to write. */
const drainMs = 100
/** From here on a stream is read at most 64 KiB a millisecond, so that a flood cannot starve the daemon. */
const floodBytes = 4 * 1024 * 1024

/**
 * Starts a child in a process group of its own (setsid), marked `STEWARD_CHILD=<mark>`. When it ends, what it left in the background ends too:
 * the pid namespace, or without one the group and every process that carries the mark. Rejects with ToolError `failed` when it cannot start.
 */
export async function startChild(
  launch: Launch,
  details: { mark: string; stdin?: string | undefined; warden: Warden | null; onOutput(chunk: Buffer, from: 'stdout' | 'stderr'): void },
): Promise<Child> {
  const { mark, stdin, warden, onOutput } = details
  const child = await begin(launch, { mark, warden, input: stdin === undefined ? 'ignore' : 'pipe' })
  child.stdin?.end(stdin)
  readGently(child.stdout, (chunk) => onOutput(chunk, 'stdout'))
  readGently(child.stderr, (chunk) => onOutput(chunk, 'stderr'))
  return { ended: child.ended, stop: () => child.stop() }
}

/** Starts a child as `startChild` does, but leaves its input open and hands its streams out: for one that is talked with. */
export async function startPiped(launch: Launch, details: { mark: string; warden: Warden | null }): Promise<PipedChild> {
  const { stdin, ...child } = await begin(launch, { ...details, input: 'pipe' })
  if (stdin === null) throw new ToolError('failed', `"${launch.command[0] ?? ''}" was started without an input.`)
  return { ...child, stdin }
}

async function begin(launch: Launch, details: { mark: string; warden: Warden | null; input: 'ignore' | 'pipe' }): Promise<Started> {
  const { mark, warden, input } = details
  const [program = '', ...args] = launch.command
  const child = spawn(program, args, {
    cwd: launch.cwd,
    env: { ...launch.env, [markName]: mark },
    detached: true,
    stdio: [input, 'pipe', 'pipe', launch.namespaced ? 'pipe' : 'ignore'],
  })
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', (error) => reject(new ToolError('failed', `"${program}" could not be started: ${error.message}.`, { cause: error })))
  })
  const pid = child.pid ?? 0
  warden?.add(pid)
  // A child that does not read its input closes the pipe; that is its right.
  child.stdin?.on('error', () => undefined)
  const namespace = launch.namespaced ? namespaceStatus(child.stdio[3] as Readable) : { init: () => null, began: () => true }
  const initOf = namespace.init

  let stopping = false
  let over = false
  let killTimer: NodeJS.Timeout | undefined
  const kill = (): void => {
    // The namespace's process 1: the kernel ends all others with it (pid_namespaces(7)).
    const init = initOf()
    if (init !== null) sendSignal(init, 'SIGKILL')
    sendSignal(-pid, 'SIGKILL')
  }
  const exited = new Promise<Omit<Ending, 'notBegun'>>((resolve) => {
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }))
  })
  const closed = new Promise<void>((resolve) => {
    child.once('close', () => resolve())
  })
  const end = async (): Promise<Ending> => {
    const ending = await exited
    over = true
    clearTimeout(killTimer)
    if (!launch.namespaced) sendSignal(-pid, 'SIGKILL')
    const drained = await within(closed, drainMs)
    // Only a stopped child, or one whose output somebody still holds, must wait for the search; for others it is done behind their back.
    const sweep = launch.namespaced && initOf() !== null ? null : killMarked(mark).catch(() => 0)
    if (sweep && (stopping || !drained)) await sweep
    if (!(await within(closed, drainMs))) for (const stream of child.stdio) stream?.destroy()
    if (sweep) void sweep.then(() => warden?.remove(pid))
    if (stopping) return { exitCode: null, signal: ending.signal ?? 'SIGTERM', notBegun: false }
    return { ...ending, notBegun: drained && ending.exitCode !== null && ending.exitCode !== 0 && !namespace.began() }
  }
  return {
    stdin: child.stdin,
    stdout: child.stdio[1] as Readable,
    stderr: child.stdio[2] as Readable,
    ended: end(),
    stop() {
      if (stopping || over) return
      stopping = true
      const init = initOf()
      if (launch.namespaced && init === null) return kill()
      sendSignal(-(init ?? pid), 'SIGTERM')
      killTimer = setTimeout(() => {
        kill()
        if (!launch.namespaced) void killMarked(mark).catch(() => 0)
      }, graceMs)
    },
  }
}

/** Reads a stream to its end, slower when much comes, so that a flood cannot starve the daemon. Errors end it quietly. */
export function readGently(stream: Readable, onChunk: (chunk: Buffer) => void): void {
  let read = 0
  stream.on('data', (chunk: Buffer) => {
    onChunk(chunk)
    read += chunk.length
    if (read < floodBytes) return
    stream.pause()
    setTimeout(() => stream.resume(), 1)
  })
  stream.on('error', () => undefined)
}

/** Reads `{"child-pid": n}` and, at the end of a command that began, `{"exit-code": n}` from bubblewrap. `init` is null until it is known. */
function namespaceStatus(stream: Readable): { init(): number | null; began(): boolean } {
  let text = ''
  stream.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  stream.on('error', () => undefined)
  return {
    init() {
      const pid = /"child-pid": *(\d+)/.exec(text)?.[1]
      return pid === undefined ? null : Number(pid)
    },
    began: () => /"exit-code":/.test(text),
  }
}

async function within(work: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms)
  })
  const done = await Promise.race([work.then(() => true), late])
  clearTimeout(timer)
  return done
}
