import type { Json } from '../types.ts'

/** What the planner knows of a tool. `name` is the word a model calls it by: the id with `_` for `.`. */
export interface PlannerTool {
  readonly id: string
  readonly name: string
  /** The name for people. */
  readonly title?: string
  readonly description: string
  readonly inputsSchema: Json
  readonly examples: readonly string[]
  readonly risk: 'read' | 'write' | 'execute' | 'network' | 'destructive'
}
/** Where an input comes from when the request names it only by pointing at an earlier step ("write them to todo.md"). */
export type Source =
  /** The words that step gave. */
  | { readonly step: number; readonly pick: 'text' }
  /** The command of a script that the package.json read by that step declares; nothing when it declares none. */
  | { readonly step: number; readonly pick: 'script'; readonly name: string }
  /** The to-do list that step gave, with one entry more. */
  | { readonly step: number; readonly pick: 'todos'; readonly add: string }
/** What the person wants to hear of a step's result. Without it the result is simply shown. */
export type Wanted =
  | { readonly kind: 'key'; readonly key: string; readonly path: string }
  | { readonly kind: 'count'; readonly unit: 'lines' | 'words' | 'characters'; readonly path: string }
  /** Lines from the start (`first`) or the end (`last`), or from one line to another, both counted from 1. */
  | {
      readonly kind: 'lines'
      readonly part: { readonly first: number } | { readonly last: number } | { readonly from: number; readonly to: number }
      readonly path: string
    }
  | { readonly kind: 'title'; readonly path: string }
  | { readonly kind: 'headings'; readonly path: string }
  | { readonly kind: 'contains'; readonly text: string; readonly path: string }
  | { readonly kind: 'show'; readonly path: string }
  | { readonly kind: 'matches' }
export interface PlanStep {
  readonly toolId: string
  readonly inputs: { readonly [name: string]: Json }
  /** Steps (by index) that must have succeeded before. */
  readonly dependsOn?: readonly number[]
  /** Inputs that are filled from earlier results. */
  readonly from?: { readonly [input: string]: Source }
  readonly wanted?: Wanted
}
export interface Plan {
  /** The request in a few words: a tool's id, several joined by `, `, or greeting, help, unknown, impossible, incomplete, ambiguous, forbidden, empty. */
  readonly intent: string
  readonly steps: readonly PlanStep[]
  /** 0 to 1: how much of the request the plan accounts for, lowered when another tool is nearly as good. */
  readonly confidence: number
  /** Set exactly when there are no steps: what the planner says instead. */
  readonly clarification?: string
}
