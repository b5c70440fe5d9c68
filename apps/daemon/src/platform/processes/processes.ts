import { StringDecoder } from 'node:string_decoder'
import { ToolError } from '../../tools/tool.ts'
import type { BackgroundProcess, ProcessRequest, ProcessResult, Processes } from '../../tools/tool.ts'
import { createBackground } from './background.ts'
import { startChild, startPiped } from './child.ts'
import type { Child, PipedChild } from './child.ts'
import { childEnvironment } from './environment.ts'
import { createKeptOutput } from './kept-output.ts'
import { homeMark } from './marked.ts'
import { createSandbox } from './sandbox.ts'
import type { Launch, Sandbox, SandboxKind } from './sandbox.ts'
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
/** A program that is talked with for as long as it lives. */
export interface AttachRequest {
  readonly command: readonly string[]
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  /** Folders it may write to; everything else is read-only in the sandbox. */
  readonly writable: readonly string[]
  readonly network: boolean
  /** Absolute places that the command line names: reachable also where the sandbox would hide them. */
  readonly named?: readonly string[]
}
export interface OwnedProcesses extends Processes {
  /**
   * Starts a program whose input stays open and hands its streams out; it lives until it ends, is stopped, or the daemon closes or dies, and
   * all that it started goes with it. Throws ToolError for a folder or program that is not there.
   */
  attach(request: AttachRequest): Promise<PipedChild>
  /** The same without the OS sandbox: as free as the daemon, marked and ended all the same. */
  attachBare(request: AttachRequest): Promise<PipedChild>
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
  // Its process begins with the first child outside of a pid namespace.
  const warden = createWarden(prefix)
  const live = new Set<Child>()
  let count = 0
  let closed = false

  const start = async (request: ProcessRequest, onOutput: (chunk: Buffer, from: 'stdout' | 'stderr') => void): Promise<Child> => {
    const launch = await sandbox.prepare(request, childEnvironment(process.env, allowEnv, request.env))
    return own(await startChild(launch, { ...marks(launch), stdin: request.stdin, onOutput: (chunk, from) => onOutput(chunk, from) }))
  }
  const attached = async (prepare: Sandbox['prepare'], request: AttachRequest): Promise<PipedChild> => {
    refuseClosed()
    const launch = await prepare(request, childEnvironment(process.env, allowEnv, request.env))
    return own(await startPiped(launch, marks(launch)))
  }
  const marks = (launch: Launch) => ({ mark: `${prefix}${(count += 1)}.`, warden: launch.namespaced ? null : warden })
  const own = <C extends Child>(child: C): C => {
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
    attach: (request) => attached(sandbox.prepare, request),
    attachBare: (request) => attached(sandbox.bare, request),
    async close() {
      closed = true
      for (const child of live) child.stop()
      await Promise.all([...live].map(({ ended }) => ended))
      await warden.close()
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
