import type { Plan, Rule, Settings, SettingKey } from '@steward/contract/daemon'
import type { Caller } from '@steward/kernel'
import type { Program } from '../../engine/execution/types.ts'
import type { EventLog } from '../../platform/storage/event-log.ts'
import type { ToolPrint } from '../../tools/fingerprint.ts'
import type { Judge } from '../../tools/permissions/judge.ts'
import type { Registry } from '../../tools/registry.ts'
import type { Fetcher, Files, Processes } from '../../tools/tool.ts'
import type { ExecutionApprovalStore } from './approval-store.ts'
import type { StepStore } from './step-store.ts'
import type { ExecutionStore } from './store.ts'

/** A stored plan as it is carried out: its steps whole, and what its tools were like when it was made. */
export interface PlannedWork {
  readonly id: string
  readonly caller: string
  readonly workspace: string
  readonly steps: Plan['steps']
  readonly tools: Readonly<Record<string, ToolPrint>>
  readonly expiresAt: string
}
/** Everything the executions stand on, wired by the composition root. */
export interface ExecutionDeps {
  readonly log: Pick<EventLog, 'commit' | 'durable'>
  readonly executions: ExecutionStore
  readonly steps: StepStore
  readonly approvals: ExecutionApprovalStore
  readonly registry: Registry
  /** Resolves when the tool is there, or will not be soon. */
  ensure(toolId: string): Promise<void>
  readonly judge: Judge
  readonly rules: { applying(workspace: string, sessionId: string, now: string): readonly Rule[] }
  readonly processes: Processes & { stopOwner(owner: string): Promise<void> }
  readonly fetcher: Fetcher
  filesIn(roots: readonly string[]): Files
  readonly plans: { find(id: string): Promise<PlannedWork | undefined> }
  readonly workflows: { resolve(idOrName: string): Promise<{ readonly id: string; readonly version: number; readonly program: Program }> }
  /** The real folder of a workspace; throws Fault where the caller may not open it. */
  openWorkspace(wanted: string | undefined, caller: Caller): Promise<string>
  readonly box: { seal(name: string, text: string): string; open(name: string, sealed: string): string | undefined }
  setting<K extends SettingKey>(key: K): Settings[K]
  redact<T>(value: T): T
  report(error: unknown, about: { executionId: string }): void
}
