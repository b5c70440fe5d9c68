import type { PlanStep } from '@steward/contract/daemon'
import type { JsonSchema, Program } from '../../engine/execution/types.ts'
import type { Json } from '../../engine/types.ts'

/** A tool as workflows see it. */
export interface WorkflowTool {
  readonly inputsSchema: JsonSchema
  readonly outputsSchema?: JsonSchema
  readonly permissions: readonly string[]
  /** Works only inside a session, so that no workflow can use it. */
  readonly inSession: boolean
}
/** A stored plan: its steps as they were given, with their templates. Secrets in them are replaced by `[redacted]`. */
export interface CapturedPlan {
  readonly caller: string
  readonly text: string
  readonly intent: string
  readonly steps: readonly PlanStep[]
}
/** An execution: of one tool (no program), of a workflow (`workflowId`), else of a plan. Secrets in it are replaced by `[redacted]`. */
export interface CapturedExecution {
  readonly caller: string
  readonly status: string
  readonly toolId: string | null
  readonly workflowId: string | null
  /** What was carried out; null for one tool. */
  readonly program: Program | null
  /** What it was given: literal, never a template. */
  readonly inputs: Json
}
/** What workflows need of other rooms, handed in by the composition root. */
export interface WorkflowPorts {
  /** Resolves when a tool is there, or will not be soon: its app may be starting. Absent where no tool comes late. */
  ensure(toolId: string): Promise<void>
  tool(id: string): WorkflowTool | undefined
  plan(id: string): CapturedPlan | undefined
  execution(id: string): CapturedExecution | undefined
}
