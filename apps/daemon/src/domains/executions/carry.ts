import type { ExecutionError } from '@steward/contract/daemon'
import { createSchedule, skipped, type Over } from '../../engine/execution/schedule.ts'
import type { Program, ToolStep, WorkflowStep } from '../../engine/execution/types.ts'
import { problemWords, schemaCheck } from '../../engine/json-schema.ts'
import { isTrue, renderValue, valueOf } from '../../engine/templates/render.ts'
import { TemplateFault, type Scope } from '../../engine/templates/types.ts'
import type { Json } from '../../engine/types.ts'
import { ToolError } from '../../tools/tool.ts'
import type { Calls, Signals } from './call.ts'
import { shutdown } from './control.ts'
import type { Also, Ending, Inputs, Sheet } from './sheet.ts'

/** A program inside an execution: where it stands, and what bounds it. */
interface Frame {
  readonly program: Program
  readonly inputs: Inputs
  /** Before the ids of its steps: empty, or `outer/`. */
  readonly prefix: string
  readonly chain: readonly (readonly string[])[]
  readonly signals: Signals
}
type Step = ToolStep | WorkflowStep
const failed = (code: string, message: string): Over => ({ status: 'failed', outputs: null, error: { code, message } })
/** What a template cannot give is a failure of its step, in words with the place. */
function filled<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof TemplateFault) throw new ToolError('invalid', error.path === '' ? error.message : `${error.path}: ${error.message}`)
    throw error
  }
}
const errorsIn = (overs: ReadonlyMap<string, Over>, prefix: string): ExecutionError[] =>
  [...overs].flatMap(([id, { error }]) => (error === null ? [] : [{ stepId: `${prefix}${id}`, ...error }]))

/**
 * Carries a program out from wherever its rows say it stands: what may begin begins, at once where nothing is in between; what is over is never
 * done again. Rejects with Interrupted when a step's outcome is unknown, and with the shutdown when the daemon stops.
 */
export function createCarrier(sheet: Sheet, calls: Calls, all: AbortSignal) {
  const stop = new AbortController()
  const outermost: Signals = { all, further: AbortSignal.any([all, stop.signal]), broken: stop.signal }

  const single = async (frame: Frame, step: Step, path: string, scope: Scope, also?: Also): Promise<Over> => {
    const inputs = (): Inputs => (step.kind === 'tool' && step.literal ? step.inputs : (filled(() => renderValue(step.inputs, scope)) as Inputs))
    const chain = frame.program.permissions === undefined ? frame.chain : [...frame.chain, frame.program.permissions]
    if (step.kind === 'tool') return calls({ path, step, inputs, chain, also }, frame.signals)
    return inner({ program: step.program, inputs: inputs(), prefix: `${path}/`, chain, signals: frame.signals })
  }
  const inner = async (frame: Frame): Promise<Over> => {
    const problems = frame.program.inputsSchema ? schemaCheck(frame.program.inputsSchema)(frame.inputs) : []
    if (problems.length > 0) return failed('invalid', `The inputs of the workflow do not fit: ${problemWords(problems)}`)
    sheet.veil.cover(frame.inputs, frame.program.inputsSchema)
    const { status, outputs, errors } = await run(frame)
    if (status === 'completed') return { status, outputs, error: null }
    if (status === 'cancelled') return { status, outputs: null, error: null }
    return { status, outputs: null, error: { code: errors[0]?.code ?? 'failed', message: errors[0]?.message ?? 'The workflow failed.' } }
  }
  const loop = async (frame: Frame, step: Step, path: string, scope: Scope, { in: list, limit }: { in: string; limit: number }): Promise<Over> => {
    const items = filled(() => valueOf(list, scope))
    if (!Array.isArray(items)) return failed('invalid', `forEach goes over a list, and ${list} is none.`)
    if (items.length > limit) return failed('too_many', `forEach was given ${items.length} elements; its limit is ${limit}.`)
    const outputs: Json[] = items.map(() => null)
    let failure: Over | undefined
    const broken: unknown[] = []
    let next = 0
    const lane = async (): Promise<void> => {
      while (next < items.length && !failure && broken.length === 0 && !frame.signals.further.aborted) {
        const index = next++
        const over = await stepOver(() => single(frame, step, `${path}[${index}]`, { ...scope, item: items[index], index }))
        if (over.status === 'completed') outputs[index] = over.outputs
        else if (over.status === 'cancelled' || step.onError !== 'continue') failure ??= over
      }
    }
    const stoppable = () => lane().catch((error: unknown) => void broken.push(error))
    // The places at work are the execution's; more lanes than it can have places would only wait.
    await Promise.all(Array.from({ length: Math.min(items.length, 100) }, stoppable))
    if (broken.length > 0) throw broken[0]
    if (failure) return failure
    return next < items.length ? { status: 'cancelled', outputs: null, error: null } : { status: 'completed', outputs, error: null }
  }
  /** A failure that has no row of its own (a condition, a list, a nested workflow's inputs) is the step's all the same. */
  const stepOver = async (work: () => Promise<Over>): Promise<Over> => {
    try {
      return await work()
    } catch (error) {
      if (error instanceof ToolError) return failed(error.code, sheet.veil.hide(error.message))
      throw error
    }
  }
  const rowless = (path: string, step: Step) => ({
    step: path,
    toolId: step.kind === 'tool' ? step.toolId : null,
    callId: null,
    inputs: null,
    attempts: 0,
    startedAt: null,
  })
  const carryStep = (frame: Frame, step: Step, scope: Scope, also?: Also): Promise<Over> =>
    stepOver(async () => {
      const path = `${frame.prefix}${step.id}`
      const known = sheet.row(path)
      const over = known && sheet.overOf(known)
      if (over) return over
      const { if: condition } = step
      if (condition !== undefined && !filled(() => isTrue(condition, scope))) {
        sheet.enter()
        return sheet.end(rowless(path, step), skipped).finally(() => sheet.leave())
      }
      return step.forEach ? loop(frame, step, path, scope, step.forEach) : single(frame, step, path, scope, also)
    })

  async function run(given: Frame, also?: Also): Promise<Ending> {
    const halt = new AbortController()
    const frame = { ...given, signals: { ...given.signals, further: AbortSignal.any([given.signals.further, halt.signal]) } }
    const schedule = createSchedule(frame.program)
    const overs = new Map<string, Over>()
    const begun = new Set<string>()
    const running = new Set<Promise<void>>()
    let broken: unknown
    const begin = (step: Step) => {
      begun.add(step.id)
      const scope = { inputs: frame.inputs, steps: schedule.scope(overs) }
      const task: Promise<void> = carryStep(frame, step, scope, also)
        .then((over) => void overs.set(step.id, over))
        .catch((error: unknown) => {
          broken ??= error
          // Nothing further begins anywhere: a person must speak first, or the daemon stops.
          stop.abort(error)
        })
        .finally(() => running.delete(task))
      running.add(task)
    }
    for (;;) {
      const halting = schedule.halting(overs)
      if (!halting && broken === undefined && !frame.signals.further.aborted) {
        for (const step of schedule.passed(overs, begun)) {
          begun.add(step.id)
          overs.set(step.id, skipped)
        }
        for (const step of schedule.ready(overs, begun)) begin(step)
      } else if (halting) halt.abort(new DOMException('A step failed.', 'AbortError'))
      if (running.size === 0) break
      await Promise.race(running)
    }
    if (broken !== undefined) throw broken
    if (all.reason === shutdown) throw all.reason
    return endingOf(frame, schedule, overs)
  }
  function endingOf(frame: Frame, schedule: ReturnType<typeof createSchedule>, overs: ReadonlyMap<string, Over>): Ending {
    const outputs = schedule.outputs(overs)
    const errors = errorsIn(overs, frame.prefix)
    const halting = schedule.halting(overs)
    if (all.aborted) {
      const words = { code: 'cancelled', message: 'The execution was cancelled.' }
      return { status: 'cancelled', outputs, errors: [words, ...errors.filter(({ code }) => code !== 'cancelled')] }
    }
    // Inside another workflow it may have been let go of before all of its steps had begun.
    const isWhole = frame.program.steps.every(({ id }) => overs.has(id) && overs.get(id)?.status !== 'cancelled')
    if (!halting) return { status: isWhole ? 'completed' : 'cancelled', outputs, errors }
    const status = overs.get(halting.id)?.status === 'denied' ? 'denied' : 'failed'
    const own = errors.filter(({ stepId }) => stepId === `${frame.prefix}${halting.id}`)
    return { status, outputs, errors: [...own, ...errors.filter((error) => !own.includes(error) && error.code !== 'cancelled')] }
  }
  return {
    /** The whole program of an execution. */
    whole: (program: Program, inputs: Inputs) => run({ program, inputs, prefix: '', chain: [], signals: outermost }),
    /** A single call, whose end is written in the transaction that ends the execution. */
    async call(step: ToolStep): Promise<Ending> {
      const frame: Frame = { program: { steps: [step] }, inputs: {}, prefix: '', chain: [], signals: outermost }
      const { status, outputs, errors } = await run(frame, (emit, over) => sheet.finishIn(emit, singleEnding(over)))
      const own = (outputs as { [id: string]: Json })[step.id] ?? null
      return { status, outputs: own, errors: errors.map(({ code, message }) => ({ code, message })) }
    },
  }
}
/** How an execution of one call ends: with the tool's own outputs, and its error without a step. */
const singleEnding = ({ status, outputs, error }: Over): Ending => ({
  status: status === 'skipped' ? 'completed' : status,
  outputs,
  errors: error === null ? [] : [{ ...error }],
})
