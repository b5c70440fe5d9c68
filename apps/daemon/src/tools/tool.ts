import type { z } from 'zod'
import type { JsonSchema } from '../engine/execution/types.ts'
import type { Json } from '../engine/types.ts'
import type { MemoryPort } from './memory/port.ts'

export type Risk = 'read' | 'write' | 'execute' | 'network' | 'destructive'
/** What one call touches. Paths are absolute and resolved through symlinks before anyone judges them. */
export type Target =
  | { readonly kind: 'path'; readonly path: string; readonly access: 'read' | 'write' }
  | { readonly kind: 'command'; readonly command: string; readonly cwd: string }
  | { readonly kind: 'url'; readonly url: string }

/** Files as a tool may reach them: every path is resolved through symlinks (for new files too) and must lie under the workspace's roots. */
export interface Files {
  readonly roots: readonly string[]
  /** The absolute, symlink-free path. Throws ToolError when it leaves the roots or enters STEWARD_HOME. */
  resolve(path: string, access: 'read' | 'write'): Promise<string>
  read(path: string): Promise<Uint8Array>
  /** Replaces the file atomically, making folders as needed and keeping its mode. */
  write(path: string, bytes: Uint8Array): Promise<void>
  remove(path: string): Promise<void>
  stat(path: string): Promise<{ kind: 'file' | 'folder' | 'other'; size: number; modifiedAt: number } | null>
  list(path: string): Promise<{ name: string; kind: 'file' | 'folder' | 'symlink' | 'other'; size: number }[]>
}
export interface ProcessResult {
  readonly exitCode: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
  /** Bytes beyond the limit that were not kept. */
  readonly droppedBytes: number
  readonly timedOut: boolean
  readonly durationMs: number
}
export interface ProcessRequest {
  readonly command: readonly string[]
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string
  readonly timeoutMs: number
  readonly outputBytes: number
  /** Folders it may write to; everything else is read-only in the sandbox. */
  readonly writable: readonly string[]
  readonly network: boolean
}
/** A child that outlives the call that started it; it ends with its session, its time limit or the daemon. */
export interface BackgroundProcess {
  readonly id: string
  readonly command: string
  readonly startedAt: string
  readonly running: boolean
  readonly exitCode: number | null
}
/** Children with a clean environment, a mark, a process group of their own, limits, and the OS sandbox where there is one. */
export interface Processes {
  run(request: ProcessRequest, signal: AbortSignal, onOutput?: (chunk: string) => void): Promise<ProcessResult>
  start(request: ProcessRequest & { owner: string }): Promise<BackgroundProcess>
  list(owner: string): readonly BackgroundProcess[]
  /** Output after `offset` bytes of the kept text, and the next offset. */
  output(owner: string, id: string, offset: number): { text: string; nextOffset: number; process: BackgroundProcess } | null
  kill(owner: string, id: string): Promise<BackgroundProcess | null>
}
export interface FetchedPage {
  readonly url: string
  readonly status: number
  readonly mediaType: string
  readonly bytes: Uint8Array
  readonly truncated: boolean
}
export interface FetchLimits {
  readonly timeoutMs: number
  readonly bytes: number
  readonly redirects: number
}
/** A request of any method. `allow`: rules such as `host:port` that lift the ban on private addresses for this request. */
export interface SendRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string
  readonly allow: readonly string[]
}
/** http and https only; every DNS answer is checked and pinned, again at each redirect. Throws ToolError for a refused address. */
export interface Fetcher {
  get(url: string, limits: FetchLimits, signal: AbortSignal): Promise<FetchedPage>
  /** Redirects are followed for GET and HEAD only, and never to another origin. Header names of the answer are lower case. */
  send(request: SendRequest, limits: FetchLimits, signal: AbortSignal): Promise<FetchedPage & { readonly headers: Readonly<Record<string, string>> }>
}
export interface Todo {
  readonly id: string
  readonly content: string
  readonly status: 'pending' | 'in_progress' | 'completed'
}
export interface Question {
  readonly id: string
  readonly question: string
  readonly header?: string | undefined
  readonly options?: readonly { readonly label: string; readonly description?: string | undefined }[] | undefined
  readonly multiSelect?: boolean | undefined
}
/** What a running call may use. */
export interface ToolContext {
  readonly callId: string
  /** The session or execution that the call belongs to; its background processes end with it. */
  readonly owner: string
  readonly cwd: string
  readonly signal: AbortSignal
  readonly outputBytes: number
  readonly files: Files
  readonly processes: Processes
  readonly fetcher: Fetcher
  readonly todos: { get(): Promise<readonly Todo[]>; set(todos: readonly Todo[]): Promise<void> }
  /** What is remembered; only in a session. */
  readonly memory?: MemoryPort
  /** Asks the person; resolves when answered from any door. Keyed by the call, so that it survives a restart. */
  ask(questions: readonly Question[]): Promise<Readonly<Record<string, string | readonly string[]>>>
  /** A passing signal of progress; may be dropped. */
  progress(text: string): void
}
/** What a tool answers: its own value, and the words for the model (the value as JSON when left out). */
export interface ToolAnswer {
  readonly output: Json
  readonly text?: string
}
/** An expected failure of a tool, in words that the model and the user can act on. */
export class ToolError extends Error {
  override readonly name = 'ToolError'
  readonly code: 'not_found' | 'outside_workspace' | 'refused' | 'invalid' | 'too_large' | 'timed_out' | 'failed'
  constructor(code: ToolError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
export interface Tool<I = unknown> {
  /** `app.tool`; the model sees it with `_` for `.`. */
  readonly id: string
  readonly name: string
  readonly description: string
  readonly inputs: z.ZodType<I>
  readonly outputs?: z.ZodType
  /** The JSON Schemas as they were given, for tools that come from a manifest or a server; `inputs` checks by the same. */
  readonly given?: { readonly inputsSchema: JsonSchema; readonly outputsSchema?: JsonSchema }
  /** Works only inside a session: it asks its person or keeps its list. */
  readonly inSession?: boolean
  /** It lacks something that a person must give first, such as a secret: agents are not offered it until then. */
  isDormant?(): boolean
  readonly permissions: readonly string[]
  readonly risk: Risk
  /** Running it twice does what running it once does. */
  readonly repeatable: boolean
  /** Example requests in plain words, for the built-in planner. */
  readonly examples: readonly string[]
  /** What the call touches. Throws ToolError when a target may never be touched. */
  targets(input: I, at: { cwd: string; files: Files }): Promise<readonly Target[]>
  /** What would happen, for the approval: a unified diff for file changes. */
  preview?(input: I, at: { cwd: string; files: Files }): Promise<{ diff?: string; summary: string }>
  run(input: I, context: ToolContext): Promise<ToolAnswer>
}
/** Writes a tool down with its input type inferred from its schema. */
export const tool = <I>(definition: Tool<I>): Tool<I> => definition
