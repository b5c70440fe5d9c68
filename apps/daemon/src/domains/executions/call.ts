import { setTimeout as sleep } from 'node:timers/promises'
import type { Caller } from '@steward/kernel'
import type { Over, StepError } from '../../engine/execution/schedule.ts'
import type { Retry, ToolStep } from '../../engine/execution/types.ts'
import type { Json } from '../../engine/types.ts'
import { newId } from '../../platform/ids.ts'
import { ToolError, type Tool, type ToolContext } from '../../tools/tool.ts'
import { Interrupted, shutdown, type Slots } from './control.ts'
import { createPermit, lacking } from './permit.ts'
import type { ExecutionDeps } from './ports.ts'
import { keptSecret, schemaOf } from './secrecy.ts'
import type { Also, Inputs, Sheet } from './sheet.ts'
import type { StepRecord } from './step-store.ts'
import type { ApprovalWaits } from './waits.ts'

/** Longest JSON of one step's outputs, in characters: a larger one would make the history unreadable. */
const longestOutputs = 2_000_000
/** A tool that does not heed its cancelling is waited for so long. */
const graceMs = 1_500
/** Failures that the same call would meet again. */
const hopeless = new Set(['invalid', 'refused', 'outside_workspace', 'too_large'])
const failed = (code: string, message: string): Over => ({ status: 'failed', outputs: null, error: { code, message } })
const cancelled: Over = { status: 'cancelled', outputs: null, error: { code: 'cancelled', message: 'The step was cancelled.' } }

/** One tool call of an execution. */
export interface Wanted {
  readonly path: string
  readonly step: Pick<ToolStep, 'toolId' | 'retry' | 'timeoutMs'>
  /** Fills the inputs in; throws ToolError `invalid` where they cannot be. */
  inputs(): Inputs
  /** The permissions that the workflows around it declare, each a bound. */
  readonly chain: readonly (readonly string[])[]
  readonly also?: Also | undefined
}
/**
 * What ends parts of the work: `all` everything, `further` what has not begun: waiting for people, for places and between tries. `broken`: the
 * execution goes no further for now, and `further` ends with its reason.
 */
export interface Signals {
  readonly all: AbortSignal
  readonly further: AbortSignal
  readonly broken: AbortSignal
}
/** Makes the calls of one execution: checked, permitted, written before they are made and after. */
export function createCalls(deps: ExecutionDeps, sheet: Sheet, waits: ApprovalWaits, slots: Slots, caller: Pick<Caller, 'scopes'>) {
  const permit = createPermit(deps, sheet, waits)
  const { veil } = sheet
  const cwd = sheet.execution.workspace

  /** The call as it is stored and made; or why it cannot be made. */
  async function prepare({ path, step, inputs, chain }: Wanted, row: StepRecord | undefined) {
    if (!deps.registry.find(step.toolId)) await deps.ensure(step.toolId)
    const bare = {
      step: path,
      toolId: step.toolId,
      callId: row?.callId ?? newId('call'),
      attempts: row?.attempts ?? 0,
      startedAt: row?.startedAt ?? null,
    }
    const tool = deps.registry.find(step.toolId)
    if (!tool) return { bare: { ...bare, inputs: null }, refusal: failed('not_found', `There is no tool ${step.toolId}.`) }
    let given: Inputs
    try {
      given = row && row.inputs !== null ? sheet.inputsOf(row) : inputs()
    } catch (error) {
      if (!(error instanceof ToolError)) throw error
      return { bare: { ...bare, inputs: null }, refusal: failed(error.code, veil.hide(error.message)) }
    }
    const shown = veil.cover(given, schemaOf(deps.registry, tool.id))
    const line = { ...bare, inputs: shown as Json }
    const checked = tool.inputs.safeParse(given)
    if (!checked.success) {
      const faults = checked.error.issues
        .slice(0, 5)
        .map((issue) => (issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message))
      return { bare: line, refusal: failed('invalid', veil.hide(`The inputs of ${tool.id} do not fit: ${faults.join('; ')}`)) }
    }
    if (tool.inSession === true) return { bare: line, refusal: failed('invalid', `${tool.id} works only inside a session.`) }
    const lack = lacking(tool, caller, chain)
    if (lack !== null) return { bare: line, refusal: { ...failed('forbidden', lack), status: 'denied' as const } }
    const { sealed } = keptSecret(given as Json, shown as Json, `${sheet.id} ${path}`, deps.box)
    return { bare: line, sealed, tool, inputs: JSON.parse(JSON.stringify(checked.data)) as Json, shown: shown as Json }
  }

  async function run(tool: Tool, inputs: Json, callId: string, timeoutMs: number, all: AbortSignal): Promise<Over> {
    const timeout = AbortSignal.timeout(timeoutMs)
    const signal = AbortSignal.any([all, timeout])
    const context: ToolContext = {
      callId,
      owner: sheet.id,
      cwd,
      signal,
      outputBytes: deps.setting('tools.outputBytes'),
      files: deps.filesIn([cwd]),
      processes: {
        ...deps.processes,
        run: (request, ends, onOutput) =>
          deps.processes.run({ ...request, network: request.network && deps.setting('tools.network') }, ends, onOutput),
        start: () => Promise.reject(new ToolError('refused', 'An execution waits for its commands: what stays in the background needs a session.')),
      },
      fetcher: deps.fetcher,
      todos: { get: () => Promise.reject(onlyInSession), set: () => Promise.reject(onlyInSession) },
      ask: () => Promise.reject(onlyInSession),
      progress: () => undefined,
    }
    try {
      const late = new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => setTimeout(() => reject(signal.reason as Error), graceMs).unref(), { once: true })
      })
      late.catch(() => undefined)
      const { output } = await Promise.race([tool.run(inputs, context), late])
      const outputs = veil.hide(output)
      if (JSON.stringify(outputs).length > longestOutputs)
        return failed('too_large', `${tool.id} gave more than the ${longestOutputs} characters that are kept of one step.`)
      return { status: 'completed', outputs, error: null }
    } catch (error) {
      if (all.aborted) return cancelled
      if (timeout.aborted) return failed('timed_out', `${tool.id} was ended after ${timeoutMs} ms without having finished.`)
      if (error instanceof ToolError) return failed(error.code, veil.hide(error.message))
      deps.report(error, { executionId: sheet.id })
      return failed('failed', veil.hide(`The tool failed: ${error instanceof Error ? error.message : String(error)}`))
    }
  }

  const timeLeft = async (retryAt: string | null, further: AbortSignal) => {
    const left = retryAt === null ? 0 : Date.parse(retryAt) - Date.now()
    if (left > 0) await sleep(left, undefined, { signal: further, ref: false })
  }
  const again = (retry: Retry | undefined, error: StepError | null, attempts: number): number | undefined =>
    retry && error && !hopeless.has(error.code) && attempts <= retry.max ? retry.backoffMs * 2 ** (attempts - 1) : undefined

  /** Nobody needs to answer any more. */
  const withdraw = (callId: string, note: string | null) => {
    const approval = deps.approvals.find(callId)
    if (approval?.status === 'waiting') waits.settle(approval, 'cancelled', note)
  }
  async function carry(wanted: Wanted, { all, further, broken }: Signals): Promise<Over> {
    const { path, step, also } = wanted
    const row = sheet.row(path)
    const over = row && sheet.overOf(row)
    if (over) return over
    if (row?.status === 'unknown') throw new Interrupted(path)
    const prepared = await prepare(wanted, row)
    // It had begun: that it cannot be made any more says nothing of what it has done.
    if (row?.status === 'started' && (prepared.refusal || !prepared.tool.repeatable)) {
      await sheet.note({ ...row, status: 'unknown' })
      throw new Interrupted(path)
    }
    if (prepared.refusal) {
      withdraw(prepared.bare.callId, prepared.refusal.error?.message ?? null)
      return sheet.end(prepared.bare, prepared.refusal, also)
    }
    const { bare, sealed, tool, inputs, shown } = prepared
    const line = { ...bare, sealed, outputs: null, error: null, retryAt: null, finishedAt: null }
    let retryAt = row?.status === 'retrying' ? row.retryAt : null
    for (let attempts = bare.attempts + 1; ; attempts++) {
      const asked = { path, callId: bare.callId, tool, inputs, shown, line: { ...line, attempts: attempts - 1 } }
      let release: () => void = () => undefined
      try {
        await timeLeft(retryAt, further)
        let refusal = await permit(asked, further)
        if (!refusal) {
          const place = await slots.take(further)
          release = place.release
          // Rules may have changed meanwhile.
          if (place.waited) refusal = await permit(asked, further)
        }
        if (refusal) {
          release()
          withdraw(bare.callId, refusal.error?.message ?? null)
          return await sheet.end({ ...bare, attempts: attempts - 1 }, refusal, also)
        }
      } catch (error) {
        release()
        if (!further.aborted || all.reason === shutdown) throw error
        // Something else must be cleared up first; this call stays where it is.
        if (broken.aborted && further.reason === broken.reason) throw broken.reason
        withdraw(bare.callId, null)
        return sheet.end({ ...bare, attempts: attempts - 1 }, cancelled, also)
      }
      const started = { ...line, attempts, startedAt: bare.startedAt ?? new Date().toISOString() }
      let ending: Over
      try {
        await sheet.write((emit) => {
          sheet.setStatus(emit, 'running')
          sheet.beginIn(emit, started)
        })
        await deps.log.durable()
        ending = await run(tool, inputs, bare.callId, step.timeoutMs ?? deps.setting('executions.stepSeconds') * 1_000, all)
      } finally {
        release()
      }
      if (all.reason === shutdown) throw all.reason
      const waitMs = all.aborted ? undefined : again(step.retry, ending.error, attempts)
      if (waitMs === undefined) return sheet.end({ ...bare, attempts, startedAt: started.startedAt }, ending, also)
      retryAt = new Date(Date.now() + waitMs).toISOString()
      await sheet.note({ ...started, status: 'retrying', error: ending.error, retryAt })
    }
  }
  return async (wanted: Wanted, signals: Signals): Promise<Over> => {
    sheet.enter()
    try {
      return await carry(wanted, signals)
    } finally {
      sheet.leave()
    }
  }
}
const onlyInSession = new ToolError('refused', 'This works only inside a session.')
export type Calls = ReturnType<typeof createCalls>
