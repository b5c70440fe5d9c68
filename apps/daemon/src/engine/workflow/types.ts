import type { JsonSchema } from '../execution/types.ts'
import type { Json } from '../types.ts'

/** A step as a person writes it. */
export interface StepDefinition {
  readonly id: string
  /** One of both. */
  readonly toolId?: string | undefined
  readonly workflowId?: string | undefined
  /** May hold templates at any depth: `{{ inputs.x }}`, `{{ steps.ID.outputs.path }}`, in a step with `forEach` also `{{ item }}`, `{{ index }}`. */
  readonly inputs: Readonly<Record<string, Json>>
  readonly dependsOn?: readonly string[] | undefined
  /** A condition, asked once, before `forEach`: it does not know `item`. */
  readonly if?: string | undefined
  readonly forEach?: { readonly in: string; readonly limit: number } | undefined
  readonly retry?: { readonly max: number; readonly backoffMs: number } | undefined
  readonly timeoutMs?: number | undefined
  readonly onError?: 'halt' | 'continue' | { readonly goto: string } | undefined
}
/**
 * A workflow as a person writes it. What its steps mean:
 *
 * - A step that depends on none may run at once, beside others. It depends on the steps in `dependsOn` and on each step that its templates read.
 * - It begins when all that it depends on are over: completed, skipped, or failed with `continue` or `goto`.
 * - `if` false skips it: its outputs are null.
 * - `forEach` runs it once for each element; its outputs are the list of theirs, null for an element that failed with `continue`.
 * - `onError: 'halt'` (the default): nothing new starts, and the execution fails.
 * - `onError: 'continue'`: those that depend on it read `outputs: null` and `error: {code, message}`.
 * - `onError: {goto: X}`: X is a fallback. It never runs by itself, only once a step that names it has failed; else it is skipped. Its outputs stand in
 *   for those of the step that failed, so what depends on that step waits for X too, when it was jumped to. X need not, and does not, wait for the
 *   steps that jump to it; it may read their `error`. Several steps may share a fallback: it runs once, when the first of them has failed.
 */
export interface WorkflowDefinition {
  readonly name: string
  readonly description?: string | undefined
  /** JSON Schema of what a run is given. */
  readonly inputs?: JsonSchema | undefined
  /** What its steps may use, at most: `noun:verb`, `noun:*`, `*:verb`, `*`. */
  readonly permissions: readonly string[]
  readonly steps: readonly StepDefinition[]
}
export interface ToolFacts {
  readonly inputsSchema: JsonSchema
  readonly outputsSchema?: JsonSchema | undefined
  readonly permissions: readonly string[]
  /** It works in a session only, with a person or a conversation at hand. */
  readonly inSession: boolean
}
export interface WorkflowFacts {
  readonly id: string
  readonly version: number
  readonly definition: WorkflowDefinition
}
/** What a definition may name. Each gives undefined for what there is not. */
export interface Lookups {
  tool(id: string): ToolFacts | undefined
  workflow(id: string): WorkflowFacts | undefined
}
export const limits = {
  steps: 1_000,
  /** Steps of a workflow and of all workflows inside it. */
  stepsInAll: 10_000,
  /** Workflows inside each other, below the outermost. */
  nesting: 8,
  forEach: 10_000,
  retries: 20,
  backoffMs: 3_600_000,
  timeoutMs: 86_400_000,
  /** Problems that are told of at once. */
  problems: 50,
} as const
