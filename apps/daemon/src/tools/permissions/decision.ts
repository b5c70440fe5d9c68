import type { PermissionMode } from '@steward/contract/daemon'
import type { Risk, Target } from '../tool.ts'
import type { PermissionRule } from './rules.ts'
import type { ShellReading } from './shell-reading.ts'

/** One call to be judged. Paths are absolute; those in `targets` are resolved through links. */
export interface Request {
  readonly tool: { readonly id: string; readonly risk: Risk }
  readonly input: unknown
  readonly targets: readonly Target[]
  /** The reading of the line, for tools that run one. Without it a command target asks. */
  readonly shell?: ShellReading
  readonly mode: PermissionMode
  readonly rules: readonly PermissionRule[]
  readonly workspace: string
  /** STEWARD_HOME: denied to every tool; no rule lifts that. */
  readonly home: string
  /** The time, in ms since 1970. */
  readonly now: number
}
export interface AskingCommand {
  readonly text: string
  readonly why: string
}
export interface Decision {
  readonly action: 'allow' | 'deny' | 'ask'
  /** A sentence for the person and the model. */
  readonly reason: string
  readonly rule?: PermissionRule
  /** The simple commands that ask, as they stand in the line, each with a sentence of why. */
  readonly commands?: readonly AskingCommand[]
  /** The narrowest rule that "always" would write. */
  readonly suggested?: PermissionRule
}
