import { setTimeout as delay } from 'node:timers/promises'
import type { Sender } from '@steward/client'
import { Fault, type Operation } from '@steward/contract'
import type { ExecutionStatus, Outcome } from '@steward/contract/daemon'
import { exitCodes } from '../exit-codes.ts'
import type { Io } from '../io.ts'
import { writeAnswer } from '../output/answer.ts'
import { showOutcome } from './show.ts'

const longWaitMs = 30_000
const settlingMs = 100
const codes: Readonly<Record<ExecutionStatus, number>> = {
  queued: exitCodes.ok,
  running: exitCodes.ok,
  completed: exitCodes.ok,
  waiting: exitCodes.denied,
  failed: exitCodes.failed,
  denied: exitCodes.failed,
  cancelled: exitCodes.failed,
  interrupted: exitCodes.failed,
}
/** Whether an operation answers how an execution stands. */
export const answersOutcome = ({ status, elseStatus }: Operation): boolean => status === 202 && elseStatus?.status === 200
/** The exit code of an outcome. One that goes on is no failure; a dry run has done what it should. */
export const exitCodeOfOutcome = ({ id, status }: Outcome): number => (id === null ? exitCodes.ok : codes[status])
/** Whether an execution has ended, or a person must do something. An approval that has just been settled is no reason to stop. */
const isAtRest = ({ id, status, approvalId }: Outcome): boolean =>
  id === null || (status === 'waiting' ? approvalId !== undefined : status !== 'queued' && status !== 'running')

/** Waits until an execution is at rest, asking again every `roundMs`; `seen` hears of each answer. A caller who may not ask gets what is known. */
export async function untilRest(
  sender: Pick<Sender, 'call'>,
  first: Outcome,
  { roundMs = longWaitMs, seen = async () => undefined }: { readonly roundMs?: number; seen?(outcome: Outcome): Promise<void> } = {},
): Promise<Outcome> {
  let outcome = first
  await seen(outcome)
  while (!isAtRest(outcome)) {
    if (outcome.status === 'waiting') await delay(settlingMs)
    try {
      outcome = (await sender.call('executions.wait', { id: outcome.id, waitMs: roundMs })) as Outcome
    } catch (error) {
      if (error instanceof Fault && error.code === 'forbidden') return outcome
      throw error
    }
    await seen(outcome)
  }
  return outcome
}
/** Writes an outcome, for people at a terminal, and says what can be done next. Answers the exit code. */
export function concluded(outcome: Outcome, asJson: boolean, io: Io): number {
  if (asJson || io.stdout.isTTY !== true) writeAnswer(io.stdout, outcome, asJson)
  else showOutcome(outcome, io)
  tellNext(outcome, io)
  return exitCodeOfOutcome(outcome)
}
/** Says on stderr what a person can do next. */
export function tellNext(outcome: Outcome, io: Io): void {
  const next = nextStep(outcome)
  if (next !== undefined) io.stderr.write(`${next}\n`)
}
function nextStep({ id, status, approvalId }: Outcome): string | undefined {
  if (id === null) return undefined
  const hints: { readonly [S in ExecutionStatus]?: string | undefined } = {
    waiting: approvalId === undefined ? undefined : `It waits for an approval. Decide with: steward approvals settle ${approvalId} approve`,
    interrupted: `Its outcome is not known. Look, then say: steward executions resume ${id} done (or again, or failed)`,
    queued: `It goes on. Wait for it with: steward executions wait ${id}`,
    running: `It goes on. Wait for it with: steward executions wait ${id}`,
  }
  return hints[status]
}
