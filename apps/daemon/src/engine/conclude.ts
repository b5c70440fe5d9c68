import { lengthNote, outputHeading } from './notes.ts'
import { limitStop } from './budget.ts'
import { userText } from './messages.ts'
import { fitOutput } from './output.ts'
import type { Halt, Run } from './run.ts'
import type { EngineEvent, RunSettings, StopReason } from './types.ts'

type Finished = Extract<EngineEvent, { type: 'finished' }>

const mostLengthNotes = 3
const mostOutputNotes = 1

/** The end of a run that did not get to its answer. */
export const failed = (stop: StopReason, message: string): Finished => ({ type: 'finished', status: 'failed', stop, message })

/** The end of a run that was stopped from outside. */
export function haltedEnd(halt: Halt, settings: RunSettings): Finished {
  if (halt === 'cancelled') return { type: 'finished', status: 'cancelled', stop: 'cancelled', message: 'The run was cancelled.' }
  const { stop, message } = limitStop('minutes', settings.limits)
  return failed(stop, message)
}

/** Hands the messages that came in meanwhile to the model. Returns whether there were any. */
export function* steer(run: Run): Generator<EngineEvent, boolean> {
  const messages = run.ports.steering()
  for (const message of messages) yield { type: 'noted', message, why: 'steered' }
  return messages.length > 0
}

/**
 * Decides after a step without calls: the line that ends the run, or null when it goes on because of a steering message, an answer that was cut, or an
 * answer that must be repaired.
 */
export function* conclude(run: Run, settings: RunSettings): Generator<EngineEvent, Finished | null> {
  const { ended, answer, lengthNotes, outputNotes } = run.state().progress
  if (ended === null || (yield* steer(run))) return null
  if (ended === 'content_filter') return failed('model_error', "The provider's content filter stopped the answer.")
  if (ended === 'length') {
    if (lengthNotes >= mostLengthNotes)
      return failed(
        'model_error',
        `The answer was cut at the model's longest output ${lengthNotes + 1} times. Ask for a shorter answer or a part of it.`,
      )
    yield { type: 'noted', why: 'length', message: userText(lengthNote) }
    return null
  }
  const completed: Finished = { type: 'finished', status: 'completed', stop: 'answered', message: null }
  if (settings.outputSchema === undefined) return completed
  const fitted = fitOutput(answer, settings.outputSchema)
  if ('value' in fitted) return { ...completed, output: fitted.value }
  if (outputNotes >= mostOutputNotes) return failed('output_refused', `The answer does not fit the output schema: ${fitted.fault}`)
  const repair = `${outputHeading} ${fitted.fault}\nThe schema: ${JSON.stringify(settings.outputSchema)}\nAnswer again with the JSON value alone.`
  yield { type: 'noted', why: 'output_schema', message: userText(repair) }
  return null
}
