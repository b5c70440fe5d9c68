import type { Agent, RunApproval, Attachment, EventData, Question, Rule, Settings, SettingKey } from '@steward/contract/daemon'
import type { Model } from '../../engine/types.ts'
import type { Live } from '../../platform/live.ts'
import type { Commit, EventLog } from '../../platform/storage/event-log.ts'
import type { MemoryPort } from '../../tools/memory/port.ts'
import type { Fetcher, Files, Processes } from '../../tools/tool.ts'
import type { Judge } from '../../tools/permissions/judge.ts'
import type { Registry } from '../../tools/registry.ts'
import type { CallStore } from './call-store.ts'
import type { LedgerStore } from './ledger-store.ts'
import type { RunStore } from './store.ts'

/** What the runs need of the conversation's other rooms, in one transaction with their own rows. The composition root hands the stores in. */
export interface SessionRecordPort {
  readonly id: string
  readonly title: string
  readonly agentId: string
  readonly model: string
  readonly workspace: { readonly path: string }
  readonly permissionMode: Settings['runs.permissionMode']
  readonly budgetUsd: number | null
  readonly limits: Readonly<Partial<Record<'steps' | 'toolCalls' | 'minutes' | 'outputBytes' | 'tokens', number | undefined>>>
  readonly status: 'idle' | 'queued' | 'running' | 'waiting' | 'interrupted'
  readonly archived: boolean
  readonly runId: string | null
  readonly todos: readonly { id: string; content: string; status: 'pending' | 'in_progress' | 'completed' }[]
  readonly compaction: { readonly summary: string; readonly position: number } | null
  readonly usage: { readonly costUsd: number }
}
export interface SessionPort {
  find(id: string): SessionRecordPort | undefined
  update(
    id: string,
    patch: {
      status?: SessionRecordPort['status']
      runId?: string | null
      title?: string
      archived?: boolean
      todos?: SessionRecordPort['todos']
      compaction?: SessionRecordPort['compaction']
    },
    at?: string,
  ): void
  spend(id: string, usage: UsageLine): void
  nextPosition(id: string): number
}
export interface UsageLine {
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cacheReadTokens: number
  readonly cacheWriteTokens: number
  readonly costUsd: number
}
export interface StoredMessage {
  readonly id: string
  readonly sessionId: string
  readonly runId: string | null
  readonly position: number
  readonly role: 'user' | 'assistant'
  readonly status: 'queued' | 'streaming' | 'final' | 'interrupted'
  readonly delivery: 'queue' | 'steer'
  readonly text: string
  readonly reasoning: string | null
  readonly model: string | null
  readonly parts: MessageParts | null
  readonly origin: {
    door: string
    channel?: string | undefined
    chat?: string | undefined
    sender?: string | undefined
    externalId?: string | undefined
  } | null
  readonly synthetic: boolean
  readonly createdAt: string
}
type MessageParts = Parameters<typeof JSON.stringify>[0]
export interface MessagePort {
  find(id: string): StoredMessage | undefined
  insert(message: StoredMessage, fileIds?: readonly string[]): void
  take(id: string, runId: string, position: number): void
  /** A steering message that nobody read becomes the trigger of this run. */
  assign(id: string, runId: string): void
  steering(sessionId: string): readonly StoredMessage[]
  /** Sessions with steering messages that no step has read. */
  steered(): readonly string[]
  trigger(runId: string): StoredMessage | undefined
  streaming(runId: string): readonly StoredMessage[]
  between(sessionId: string, from: number, to: number): readonly StoredMessage[]
  appendChunk(id: string, at: number, kind: 'text' | 'reasoning', text: string): void
  shown(id: string): { text: string; reasoning: string }
  close(id: string, status: 'final' | 'interrupted', text: string, reasoning: string | null, parts: MessageParts | null, model: string): void
  remove(id: string): void
  attachments(id: string): Attachment[]
}
export interface ApprovalPort {
  find(id: string): RunApproval | undefined
  insert(approval: RunApproval): void
  settle(id: string, status: RunApproval['status'], by: string | null, note: string | null, at: string): boolean
  waitingOfRun(runId: string): readonly RunApproval[]
}
export interface QuestionPort {
  find(id: string): Question | undefined
  insert(question: Question): void
  settle(id: string, status: Question['status'], answers: Question['answers'], at: string): boolean
  waitingOfRun(runId: string): readonly Question[]
}
export interface RulePort {
  applying(workspace: string, sessionId: string, now: string): readonly Rule[]
}
export interface Checkpoints {
  /** Records the workspace's state before a run's first write; null where it cannot be recorded. */
  record(workspace: string, signal: AbortSignal): Promise<string | null>
}
export interface CheckpointPort {
  insert(checkpoint: {
    sessionId: string
    runId: string
    messageId: string
    position: number
    workspace: string
    commit: string
    createdAt: string
  }): void
}
export interface MarkPort {
  /** Notes in the conversation, before what has this place, that what came earlier is told by a summary from here on. */
  insert(sessionId: string, position: number, at: string, facts: { readonly kind: 'compacted' } & EventData<'conversation.compacted'>): void
}
/** What is remembered, for the tools of a run and for its system prompt. */
export interface RunMemory {
  toolsOf(agentId: string, sessionId: string): MemoryPort
  recall(
    scope: { readonly agentId: string; readonly sessionId: string },
    query: string,
    tokenLimit: number,
  ): Promise<{ readonly text: string; readonly ids: readonly string[]; readonly tokens: number }>
}
/** Everything the runs stand on, wired by the composition root. */
export interface RunDeps {
  readonly commit: Commit
  readonly log: EventLog
  readonly live: Live
  readonly runs: RunStore
  readonly ledger: LedgerStore
  readonly calls: CallStore
  readonly sessions: SessionPort
  readonly messages: MessagePort
  readonly approvals: ApprovalPort
  readonly questions: QuestionPort
  readonly rules: RulePort
  readonly checkpoints: Checkpoints & CheckpointPort
  readonly marks: MarkPort
  readonly registry: Registry
  /** Resolves when the tools of all apps are in the registry that can be so soon. */
  toolsReady(): Promise<void>
  readonly memory: {
    /** Whether anything is remembered at all. */
    isAny(): boolean
    /** Loads the memory when something first needs it. */
    load(): Promise<RunMemory>
  }
  /** What an agent is told of the skills that it may load; empty where there is none. Known once `ready` has resolved. */
  readonly skills: { ready(): Promise<void>; words(agent: Agent): string }
  readonly judge: Judge
  readonly processes: Processes
  readonly fetcher: Fetcher
  filesIn(roots: readonly string[]): Files
  agent(id: string): Agent
  model(id: string): Promise<Model>
  /** `auto` and unknown models turned into one that can be called. */
  modelFor(wanted: string | null): string
  /** Throws Fault `unprocessable` for a model that cannot be called. */
  checkModel(id: string): void
  setting<K extends SettingKey>(key: K): Settings[K]
  /** The bytes of an uploaded file. */
  fileBytes(fileId: string): Promise<Uint8Array>
  redact<T>(value: T): T
  /** Gives a steering message that no step has read a run of its own. */
  requeue(message: StoredMessage): void
  report(error: unknown, about: { runId: string }): void
}
