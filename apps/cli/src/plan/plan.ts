import { randomUUID } from 'node:crypto'
import type { Sender } from '@steward/client'
import type { Outcome } from '@steward/contract/daemon'
import { exitCodes } from '../exit-codes.ts'
import type { Io } from '../io.ts'
import { perform, targetOf } from '../operations/perform.ts'
import { requestFrom, type Typed } from '../operations/request.ts'
import type { Spelling } from '../operations/spelling.ts'
import { writeAnswer } from '../output/answer.ts'
import { writeFault } from '../output/fault.ts'
import { withProgress } from '../output/progress.ts'
import { createAsker, type Asker } from '../talk/asker.ts'
import { connect } from '../talk/connect.ts'
import { createScreen } from '../talk/screen.ts'
import { carryOut } from './carry-out.ts'
import { inThisFolder } from './here.ts'
import { concluded, exitCodeOfOutcome, tellNext, untilRest } from './outcome.ts'
import { planText, type Planned } from './show.ts'

/**
 * `steward plan`: at a terminal the plan is shown, and run when the person says so (`--yes`: without asking). Elsewhere, and with `--json`,
 * the answer is printed, and run only with `--yes`; a call that needs an approval then waits. Answers the exit code. Throws Fault.
 */
export async function plan(spelling: Spelling, typed: Typed, io: Io): Promise<number> {
  const asJson = typed.options.get(spelling.common.json) === true
  const yes = typed.options.get('yes') === true
  const attended = io.canAsk && io.stdout.isTTY === true && !asJson
  if (!attended && !yes) return perform(spelling, typed, io)
  const { input: sent } = await requestFrom(spelling, typed, io)
  const { key, ...target } = targetOf(spelling, typed)
  const input = target.url === undefined ? await inThisFolder(spelling.name, sent) : sent
  const { sender } = await connect(target, io)
  try {
    const planned = (await withProgress(io.stderr, 'Planning', () => sender.call(spelling.name, input, key === undefined ? {} : { key }))) as Planned
    return attended ? await offer(planned, yes, sender, io) : await runUnattended(planned, sender, asJson, io)
  } finally {
    await sender.close()
  }
}
/** One JSON value: the answer, and how its execution stands. */
async function runUnattended(planned: Planned, sender: Sender, asJson: boolean, io: Io): Promise<number> {
  const planId = planned.plan.id
  if (planId === null) {
    writeAnswer(io.stdout, planned, asJson)
    io.stderr.write('Nothing was run: there is no plan for this request.\n')
    return exitCodes.refused
  }
  const started = (await sender.call('executions.start', { planId }, { key: randomUUID() })) as Outcome
  const outcome = await withProgress(io.stderr, 'Running', () => untilRest(sender, started))
  writeAnswer(io.stdout, { ...planned, execution: outcome }, asJson)
  tellNext(outcome, io)
  return exitCodeOfOutcome(outcome)
}
async function offer(planned: Planned, yes: boolean, sender: Sender, io: Io): Promise<number> {
  const screen = createScreen(io)
  io.stdout.write(`${planText(planned, io.stdout.columns || 100, screen.style)}\n`)
  const planId = planned.plan.id
  if (planId === null) return exitCodes.ok
  const interrupt = createInterrupt(sender, io)
  const asker = createAsker(io, interrupt.ring)
  try {
    if (!yes && !(await agrees(asker))) {
      if (interrupt.rung()) return exitCodes.cancelled
      screen.note(screen.style.dim(`Nothing was run. Run it with: steward execute ${planId}`))
      return exitCodes.ok
    }
    const outcome = await carryOut(planId, { sender, asker, screen, io, started: interrupt.meet, interrupted: interrupt.rung })
    const exitCode = concluded(outcome, false, io)
    return outcome.status === 'cancelled' && interrupt.rung() ? exitCodes.cancelled : exitCode
  } finally {
    asker.close()
    interrupt.end()
  }
}
const agrees = async (asker: Asker): Promise<boolean> => /^\s*y(es)?\s*$/i.test((await asker.ask('Run it? [y/N] ', { fresh: true })) ?? '')

/** Ctrl-C: the first cancels what has been started and waits for its end, the second leaves at once. */
function createInterrupt(sender: Sender, io: Io) {
  let count = 0
  let execution: string | undefined
  const cancel = () => {
    if (execution === undefined) return
    io.stderr.write('Cancelling the execution. Ctrl-C again leaves at once.\n')
    sender.call('executions.cancel', { id: execution }, { key: randomUUID() }).catch((error: unknown) => writeFault(io.stderr, error, false))
  }
  const ring = () => {
    if (++count > 1) process.exit(exitCodes.cancelled)
    cancel()
  }
  process.on('SIGINT', ring)
  return {
    ring,
    rung: () => count > 0,
    meet(id: string) {
      execution = id
      if (count > 0) cancel()
    },
    end: () => void process.off('SIGINT', ring),
  }
}
