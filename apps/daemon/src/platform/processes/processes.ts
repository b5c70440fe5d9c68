import { StringDecoder } from 'node:string_decoder'
import { ToolError } from '../../tools/tool.ts'
import type { BackgroundProcess, ProcessRequest, ProcessResult, Processes } from '../../tools/tool.ts'
import { createBackground } from './background.ts'
import { startChild } from './child.ts'
import type { Child } from './child.ts'
import { childEnvironment } from './environment.ts'
import { createKeptOutput } from './kept-output.ts'
import { homeMark } from './marked.ts'
import { createSandbox } from './sandbox.ts'
import type { SandboxKind } from './sandbox.ts'
import { createWarden } from './warden.ts'

export interface ProcessesOptions {
  /** STEWARD_HOME, which exists: masked in the sandbox, and part of every child's mark. */
  readonly home: string
  /** Tells this daemon's children from those of an earlier one. */
  readonly daemonId: string
  readonly sandbox: 'auto' | 'off' | 'required'
  /** Names of further environment variables that children inherit. */
  readonly allowEnv: readonly string[]
  /** Told when a background process has ended. */
  readonly onExit?: (owner: string, process: BackgroundProcess) => void
}
export interface OwnedProcesses extends Processes {
  /** What guards commands on this host. With `none` the permission rules are the only wall. */
  readonly sandboxKind: SandboxKind
  /** Ends every background process of an owner and forgets them. */
  stopOwner(owner: string): Promise<void>
  /** Ends everything, within 2 s; nothing can be started afterwards. */
  close(): Promise<void>
}

/**
 * Runs commands. `run` gives a result for every command that could be started, also when it failed, ran out of time or was
 * cancelled: then `exitCode` is null, `signal` says how it was ended, and it is final within 2 s of the cancelling, whatever the child does.
 * It throws the signal's reason when cancelled before it began, and ToolError for a folder or program that is not there.
 * stdout and stderr share `outputBytes`. Without a pid namespace a process that empties its environment and starts a session of its own escapes.
 */
export async function createProcesses({ home, daemonId, sandbox: mode, allowEnv, onExit }: ProcessesOptions): Promise<OwnedProcesses> {
  const sandbox = await createSandbox(home, mode)
  const prefix = `${homeMark(home)}:${daemonId}.`
  const warden = sandbox.kind === 'bubblewrap' ? null : createWarden(prefix)
  const live = new Set<Child>()
  let count = 0
  let closed = false

  const start = async (request: ProcessRequest, onOutput: (chunk: Buffer, from: 'stdout' | 'stderr') => void): Promise<Child> => {
    const launch = await sandbox.prepare(request, childEnvironment(process.env, allowEnv, request.env))
    const mark = `${prefix}${(count += 1)}.`
    const child = await startChild(launch, { mark, stdin: request.stdin, warden, onOutput: (chunk, from) => onOutput(chunk, from) })
    live.add(child)
    void child.ended.then(() => live.delete(child))
    if (closed) child.stop()
    return child
  }
  const refuseClosed = (): void => {
    if (closed) throw new ToolError('failed', 'Steward is shutting down; nothing new is started.')
  }
  const background = createBackground(start, onExit)
  return {
    ...background,
    sandboxKind: sandbox.kind,
    async start(request) {
      refuseClosed()
      return background.start(request)
    },
    async run(request, signal, onOutput) {
      refuseClosed()
      signal.throwIfAborted()
      return runToEnd(request, signal, start, onOutput)
    },
    async close() {
      closed = true
      for (const child of live) child.stop()
      await Promise.all([...live].map(({ ended }) => ended))
      await warden?.close()
    },
  }
}

async function runToEnd(
  request: ProcessRequest,
  signal: AbortSignal,
  start: (request: ProcessRequest, onOutput: (chunk: Buffer, from: 'stdout' | 'stderr') => void) => Promise<Child>,
  onOutput?: (chunk: string) => void,
): Promise<ProcessResult> {
  const startedAt = performance.now()
  const kept = { stdout: createKeptOutput(request.outputBytes), stderr: createKeptOutput(request.outputBytes) }
  const decoders = { stdout: new StringDecoder(), stderr: new StringDecoder() }
  const child = await start(request, (chunk, from) => {
    kept[from].add(chunk)
    onOutput?.(decoders[from].write(chunk))
  })
  let timedOut = false
  const timer = setTimeout(() => {
    timedOut = true
    child.stop()
  }, request.timeoutMs)
  const cancel = (): void => child.stop()
  signal.addEventListener('abort', cancel, { once: true })
  if (signal.aborted) cancel()
  const { notBegun, ...ending } = await child.ended
  clearTimeout(timer)
  signal.removeEventListener('abort', cancel)
  const errorRoom = Math.max(Math.floor(request.outputBytes / 2), request.outputBytes - kept.stdout.keptBytes)
  const stderr = kept.stderr.take(Math.min(errorRoom, request.outputBytes))
  const stdout = kept.stdout.take(request.outputBytes - Math.min(kept.stderr.keptBytes, errorRoom))
  if (notBegun)
    throw new ToolError('failed', `"${request.command[0] ?? ''}" could not be started in the sandbox: ${stderr.text.trim().slice(0, 1000)}`)
  return {
    ...ending,
    stdout: stdout.text,
    stderr: stderr.text,
    droppedBytes: stdout.droppedBytes + stderr.droppedBytes,
    timedOut,
    durationMs: Math.round(performance.now() - startedAt),
  }
}
