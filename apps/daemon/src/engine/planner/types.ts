import type { Json, Model, TokenUsage } from '../types.ts'

/** What the planner knows of a tool. `name` is the word a model calls it by, `title` the one for people. */
export interface PlanningTool {
  readonly id: string
  readonly appId: string
  readonly name: string
  readonly title: string
  readonly description: string
  readonly examples: readonly string[]
  readonly risk: 'read' | 'write' | 'execute' | 'network' | 'destructive'
  readonly inputsSchema: Json
  readonly outputsSchema?: Json
  readonly permissions: readonly string[]
}
export interface PlanningRequest {
  readonly text: string
  /** Material that came with the request. It never chooses an app and never adds a tool. */
  readonly context?: Json
  /** Only tools of this app. */
  readonly appId?: string
  /** Already limited to what the caller may use. The same array as long as nothing changes: what is worked out of it is kept by its identity. */
  readonly tools: readonly PlanningTool[]
  /** Null or the model `builtin`: only the deterministic planner. */
  readonly model: Model | null
  /** Milliseconds since 1970. */
  readonly now: number
}
/** One call of a plan. Text in `inputs` is a template: `{{steps.ID.outputs.path}}` stands for what an earlier step gave. */
export interface PlannedStep {
  readonly id: string
  readonly appId: string
  readonly toolId: string
  readonly inputs: { readonly [name: string]: Json }
  readonly dependsOn?: readonly string[]
}
/** What a request became. Without steps there is always a `clarification`: one question or sentence for the person. */
export interface Planned {
  readonly intent: string
  readonly steps: readonly PlannedStep[]
  /** 0 to 1. */
  readonly confidence: number
  readonly clarification?: string
  /** `builtin`, or the id of the model whose plan this is. */
  readonly planner: string
  /** The model's first answer did not hold, its second did. */
  readonly repaired: boolean
  /** What the model calls took, all of them; null when there was none. */
  readonly usage: TokenUsage | null
}
