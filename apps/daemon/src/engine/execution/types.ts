import type { Json } from '../types.ts'

/** A JSON Schema (draft-07 or 2020-12) as data. */
export type JsonSchema = { readonly [key: string]: Json }
/** What is wrong with something a person wrote: where (`steps[2].inputs.uri`) and a sentence that says what to do. */
export interface Problem {
  readonly path: string
  readonly message: string
}
export type OnError = 'halt' | 'continue' | { readonly goto: string }
export interface Retry {
  /** Further tries after the first. */
  readonly max: number
  /** Before the first further try; doubled for each one after it. */
  readonly backoffMs: number
}
interface StepBase {
  readonly id: string
  /** Ids of steps of the same program that must be over before: those named and those whose outputs a template reads. */
  readonly dependsOn: readonly string[]
  /** A condition over the scope; false skips the step. */
  readonly if?: string
  /** Once for each element of the list that `in` gives, at most `limit` of them. */
  readonly forEach?: { readonly in: string; readonly limit: number }
  readonly onError: OnError
}
export interface ToolStep extends StepBase {
  readonly kind: 'tool'
  readonly toolId: string
  /** Templates in text are filled in, unless `literal`. */
  readonly inputs: { readonly [name: string]: Json }
  readonly literal: boolean
  readonly retry?: Retry
  readonly timeoutMs?: number
}
export interface WorkflowStep extends StepBase {
  readonly kind: 'workflow'
  readonly workflowId: string
  readonly version: number
  readonly inputs: { readonly [name: string]: Json }
  /** The other workflow as it was when this one was compiled. */
  readonly program: Program
}
/** What an execution carries out: pinned, whole, and plain JSON, so that it can be stored and taken up again. */
export interface Program {
  readonly steps: readonly (ToolStep | WorkflowStep)[]
  /** JSON Schema of `inputs`, where they are checked. */
  readonly inputsSchema?: JsonSchema
  /** Permissions that no tool of it may go beyond; absent: none are declared, as for plans and single calls. */
  readonly permissions?: readonly string[]
}
