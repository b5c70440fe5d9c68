import type { Json } from '../../types.ts'

/** Several values that are all right; `undefined` among them: the input may be left out. */
export interface AnyOf {
  readonly any: readonly (Json | undefined)[]
}
export interface WantedStep {
  readonly tool: string
  readonly inputs: { readonly [name: string]: Json | AnyOf }
}
export type Kind = 'plain' | 'scoped' | 'multi-step' | 'ambiguous' | 'impossible' | 'hostile'
/** A request and the steps it should become. No steps: nothing may be planned, a question is the right answer. */
export interface Case {
  readonly kind: Kind
  readonly text: string
  readonly context?: Json
  readonly appId?: string
  /** Apps that this caller may not use. */
  readonly without?: readonly string[]
  readonly steps: readonly WantedStep[]
}
type More = Pick<Case, 'context' | 'appId' | 'without'>
type Inputs = WantedStep['inputs']

export const any = (...values: (Json | undefined)[]): AnyOf => ({ any: values })
/** The output of the step at this place (from 0), as a template that is the whole text. */
export const from = (step: number, path: string): string => `{{steps.${step}.outputs.${path}}}`
export const step = (tool: string, inputs: Inputs = {}): WantedStep => ({ tool, inputs })
export const act = (text: string, tool: string, inputs: Inputs = {}): Case => ({ kind: 'plain', text, steps: [{ tool, inputs }] })
export const within = (more: More, text: string, ...steps: WantedStep[]): Case => ({ kind: 'scoped', text, ...more, steps })
export const chain = (text: string, ...steps: WantedStep[]): Case => ({ kind: 'multi-step', text, steps })
export const unclear = (text: string): Case => ({ kind: 'ambiguous', text, steps: [] })
export const impossible = (text: string): Case => ({ kind: 'impossible', text, steps: [] })
export const hostile = (text: string, steps: readonly WantedStep[] = [], more: More = {}): Case => ({ kind: 'hostile', text, ...more, steps })
