import { repetitionNote } from './notes.ts'
import { reachedLimit } from './budget.ts'
import { callTools } from './calls.ts'
import { compact } from './compaction.ts'
import { conclude, failed, haltedEnd, steer } from './conclude.ts'
import { judgeRepetition } from './guard.ts'
import { userText } from './messages.ts'
import { schemaFault } from './output.ts'
import { applyEvent } from './rebuild.ts'
import { beginRun, type Run } from './run.ts'
import { noteInterruption, takeStep } from './step.ts'
import type { EngineEvent, EnginePorts, RunSettings, RunState } from './types.ts'

/**
 * Runs an agent from a state to its end and yields its ledger, ending with `finished`. The consumer makes each line durable before it takes the next: a
 * deed starts only after the line that announces it was taken. A state rebuilt from any prefix of the ledger (`rebuildState`) goes on where it stopped.
 * Ends within about 1.5 s of an abort of `signal`. Throws only when a port fails that has no outcome of its own (settings, settled, the consumer).
 */
export async function* runAgent(state: RunState, ports: EnginePorts, signal: AbortSignal): AsyncGenerator<EngineEvent> {
  const run = beginRun(state, ports, signal, applyEvent)
  try {
    for await (const event of steps(run)) {
      run.apply(event)
      yield event
    }
  } finally {
    run.end()
  }
}

async function* steps(run: Run): AsyncGenerator<EngineEvent> {
  for (;;) {
    if (run.state().open.length > 0) yield* callTools(run, run.ports.settings().limits)
    const settings = run.ports.settings()
    const end = (yield* afterStep(run, settings)) ?? (yield* nextStep(run, settings))
    if (!end) continue
    const halt = run.halted()
    yield halt && end.status !== 'completed' ? haltedEnd(halt, settings) : end
    return
  }
}

type Finished = Extract<EngineEvent, { type: 'finished' }>

/** What follows from what has happened: the end of the run, or null when another step is due. */
async function* afterStep(run: Run, settings: RunSettings): AsyncGenerator<EngineEvent, Finished | null> {
  const halt = run.halted()
  if (halt) return haltedEnd(halt, settings)
  const fault = schemaFault(settings.outputSchema)
  if (fault) return failed('output_refused', `The output schema cannot be used: ${fault}`)
  const end = yield* conclude(run, settings)
  if (end) return end
  const { messages, recentCalls, progress } = run.state()
  const repetition = judgeRepetition(messages, recentCalls, progress.nudged)
  if (repetition === 'stop')
    return failed(
      'repetition',
      'The run stopped because the agent kept making the same call with the same result. Say what it should do differently.',
    )
  const limit = reachedLimit(settings.limits, run.state(), run.clock.elapsedMs())
  if (limit) return failed(limit.stop, limit.message)
  if (repetition === 'nudge') yield { type: 'noted', why: 'repetition', message: userText(repetitionNote) }
  return null
}

/** Makes room where it is needed and calls the model. Returns the end of the run when that was not possible. */
async function* nextStep(run: Run, settings: RunSettings): AsyncGenerator<EngineEvent, Finished | null> {
  yield* noteInterruption(run)
  yield* steer(run)
  yield* compact(run, settings, false)
  const end = yield* takeStep(run, settings)
  const halt = run.halted()
  if (halt) return end === 'done' ? null : haltedEnd(halt, settings)
  if (end === 'done' || end === 'halted') return null
  if ('stop' in end) return failed(end.stop, end.message)
  if (!run.state().progress.compactedByForce && (yield* compact(run, settings, true))) return null
  return failed('model_error', `The conversation is too long for the model, also after its older messages were removed: ${end.overflow}`)
}
