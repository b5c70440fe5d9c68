import { Status, type State } from '../parts/status.tsx'
import { executions as words } from '../text/executions.ts'
import type { StepStatus } from './progress.ts'

/** The state that each status of a step looks like. */
export const looksLike: Readonly<Record<StepStatus, State>> = {
  pending: 'idle',
  waiting: 'waiting',
  started: 'running',
  retrying: 'running',
  completed: 'completed',
  failed: 'failed',
  denied: 'denied',
  cancelled: 'cancelled',
  skipped: 'cancelled',
  unknown: 'interrupted',
}
/** How a step stands: a shape and a word. */
export const StepState = ({ status }: { readonly status: StepStatus }) => <Status state={looksLike[status]} word={words.stepStates[status]} />
