import type { LogComponent, Rule, Settings, SettingKey } from '@steward/contract/daemon'
import type { Call, Caller } from '@steward/kernel'
import type { CallStore } from './domains/runs/call-store.ts'
import type { RunStore } from './domains/runs/store.ts'
import type { SessionTaskPorts } from './domains/tasks/session-tasks.ts'
import type { Model } from './engine/types.ts'
import type { Embed } from './platform/models/embedder.ts'
import type { OwnedProcesses } from './platform/processes/processes.ts'
import type { SecretBox } from './platform/secrets/box.ts'
import type { DatabaseName, Store } from './platform/storage/store.ts'
import type { Judge } from './tools/permissions/judge.ts'
import type { Registry } from './tools/registry.ts'
import type { Fetcher, Files } from './tools/tool.ts'

/** Sessions and what happens in them. */
interface SessionParts {
  readonly runs: RunStore
  readonly calls: CallStore
  readonly agents: SessionTaskPorts['agents']
  readonly models: SessionTaskPorts['models']
  sessions(): SessionTaskPorts['sessions']
}
/** What the parts of the composition root are handed. */
export interface WorkParts {
  readonly home: string
  readonly userHome?: string
  readonly version: string
  readonly stores: Readonly<Record<DatabaseName, Store>>
  readonly box: SecretBox
  readonly registry: Registry
  readonly judge: Judge
  readonly rules: { applying(workspace: string, sessionId: string, now: string): readonly Rule[] }
  readonly processes: OwnedProcesses
  readonly fetcher: Fetcher
  readonly models: {
    model(id: string): Promise<Model>
    embedder(id: string): Promise<Embed>
    modelFor(wanted: string | null): string
    check(id: string): void
  }
  filesIn(roots: readonly string[]): Files
  url(): string | null
  /** The caller, while its credential lasts. Throws Fault. */
  stillGood(caller: Caller): Caller
  /** The front door, for what calls in somebody's name. */
  readonly call: Call
  /** Sessions and runs, for the tasks that are their views and for those that start them. */
  readonly conversations: SessionParts
  setting<K extends SettingKey>(key: K): Settings[K]
  readonly exists: { agent(id: string): boolean; session(id: string): boolean }
  redact<T>(value: T): T
  /** What tells the log of a component of something that went wrong. */
  reporter(component: LogComponent): (error: unknown, about?: object) => void
  said(line: { readonly appId: string; readonly text: string }): void
}
