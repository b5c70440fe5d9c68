import { interruptedNote } from './notes.ts'
import { untilAborted } from './abort.ts'
import { leftUsd, limitStop, reserve, type Reservation, type Stop } from './budget.ts'
import { mendMessages, userText } from './messages.ts'
import { asModelError, retryWaitMs } from './retry.ts'
import { rest, type Run } from './run.ts'
import { streamModel } from './stream.ts'
import { estimateRequest } from './tokens.ts'
import { type EngineEvent, type Model, ModelError, type ModelRequest, type RunSettings } from './types.ts'

/** How a step came out: done, stopped for a reason, or too long for its model. `halted` means that the run is being stopped. */
export type StepEnd = 'done' | 'halted' | { readonly overflow: string } | Stop

/**
 * One step's model call, tried as often as its failures allow, then once more with the fallback model. What was shown before a break stays in the
 * conversation and the next try continues it, so that nothing is shown twice.
 */
export async function* takeStep(run: Run, settings: RunSettings): AsyncGenerator<EngineEvent, StepEnd> {
  let words = ''
  for (const id of new Set([settings.model, settings.fallbackModel ?? settings.model])) {
    const model = await openModel(run, id)
    if (run.halted()) return 'halted'
    if (model instanceof ModelError) words = model.message
    else {
      const end = yield* tryModel(run, settings, model)
      if (typeof end === 'string' || 'overflow' in end || 'stop' in end) return end
      words = end.failed
    }
  }
  return { stop: 'model_error', message: `The model could not answer: ${words}` }
}

/** Tells the model that its last message broke off, if it did and was not told yet. */
export function* noteInterruption(run: Run): Generator<EngineEvent> {
  if (run.state().progress.interrupted) yield { type: 'noted', why: 'interrupted', message: userText(interruptedNote) }
}

/** The model, or why it cannot be had. */
export async function openModel(run: Run, id: string): Promise<Model | ModelError> {
  try {
    return await untilAborted(run.ports.model(id), run.signal)
  } catch (error) {
    return asModelError(error)
  }
}

async function* tryModel(run: Run, settings: RunSettings, model: Model): AsyncGenerator<EngineEvent, StepEnd | { readonly failed: string }> {
  for (let attempt = 1; ; attempt++) {
    yield* noteInterruption(run)
    if (run.halted()) return 'halted'
    const planned = planRequest(run, settings, model)
    if ('stop' in planned) return planned
    const broken = yield* streamModel(run, model, planned.request, planned.reservation, (error) => retryWaitMs(error, run.state().step + 1, attempt))
    if (run.halted()) return 'halted'
    if (!broken) return 'done'
    if (broken.error.kind === 'overflow') return { overflow: broken.error.message }
    if (broken.waitMs === null) return { failed: broken.error.message }
    await rest(run, broken.waitMs)
    if (run.halted()) return 'halted'
  }
}

/** The request as it will be sent and what it may cost, or the stop when the budget forbids it. */
function planRequest(run: Run, settings: RunSettings, model: Model): { request: ModelRequest; reservation: Reservation } | Stop {
  const { limits } = settings
  const state = run.state()
  const { thinking, effort, outputSchema } = settings
  const request: ModelRequest = {
    system: settings.system,
    messages: mendMessages(state.messages),
    tools: run.ports.tools(),
    maxOutputTokens: model.maxOutputTokens,
    ...(thinking === undefined ? {} : { thinking }),
    ...(effort === undefined ? {} : { effort }),
    ...(outputSchema === undefined ? {} : { outputSchema }),
  }
  const inputTokens = Math.max(estimateRequest(request), state.progress.counted?.tokens ?? 0)
  const reservation = reserve(model, inputTokens, leftUsd(limits, state.spent))
  if (!reservation) return limitStop('budget', limits)
  return { request: { ...request, maxOutputTokens: reservation.maxOutputTokens }, reservation }
}
