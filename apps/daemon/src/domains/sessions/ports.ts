import type { Agent, Attachment, File, Message, Settings, SettingKey, ToolCall, UsageSum } from '@steward/contract/daemon'
import type { Live } from '../../platform/live.ts'
import type { Files, Processes } from '../../tools/tool.ts'
import type { MessageCopy } from './copy.ts'

/** What sessions need of the conversation's other rooms; the composition root hands the stores in. Verbs of stores run inside a commit of this room. */
export interface MessagePort {
  readonly store: {
    find(id: string): MessageCopy | undefined
    insert(message: MessageCopy, fileIds?: readonly string[]): void
    /** Finished messages with from ≤ position < to. */
    between(sessionId: string, from: number, to: number): readonly MessageCopy[]
    oldestAfter(sessionId: string, position: number, limit: number): readonly MessageCopy[]
    countFrom(sessionId: string, position: number): number
    removeFrom(sessionId: string, position: number): number
    attachments(id: string): Attachment[]
  }
  whole(message: MessageCopy): Message
}
export interface CallPort {
  ofMessage(messageId: string): ToolCall[]
  /** The newest finished calls of these tools, newest first. */
  completedOf(sessionId: string, toolIds: readonly string[], limit: number): ToolCall[]
  insert(call: ToolCall, ordinal: number): void
  start(id: string, input: unknown, at: string): void
  finish(id: string, status: ToolCall['status'], output: unknown, text: string | null, at: string): void
}
export interface FilePort {
  /** Gives a file's bytes another row in a session; undefined when the file is gone. */
  copy(fileId: string, sessionId: string): File | undefined
}
export interface AgentPort {
  find(id: string): Agent | undefined
  findDefault(): Agent
}
export interface ModelPort {
  /** Throws Fault `unprocessable` for a model that cannot be called. */
  check(id: string): void
  modelFor(wanted: string | null): string
}
export interface RunPort {
  /** Whether a run of the session has not ended for good. */
  openOf(sessionId: string): boolean
  cancelAll(sessionId: string): Promise<void>
}
/** A call of a model, as its run's ledger tells it. */
export interface StepFacts extends UsageSum {
  readonly runId: string
  readonly at: string
  readonly model: string
}
export interface SessionDeps {
  readonly home: string
  /** The home folder of the user, for `~` and the folder `workspace`. */
  readonly userHome?: string
  readonly agents: AgentPort
  readonly models: ModelPort
  readonly messages: MessagePort
  readonly calls: CallPort
  readonly files: FilePort
  readonly runs: RunPort
  readonly live: Pick<Live, 'forget'>
  readonly processes: Processes
  filesIn(roots: readonly string[]): Files
  /** The newest model calls of a session, newest first. */
  steps(sessionId: string, limit: number): StepFacts[]
  setting<K extends SettingKey>(key: K): Settings[K]
  report(error: unknown): void
}
