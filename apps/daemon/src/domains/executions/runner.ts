import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '@steward/contract'
import type { ToolStep } from '../../engine/execution/types.ts'
import { createCalls } from './call.ts'
import { createCarrier } from './carry.ts'
import { createSlots, Interrupted, shutdown } from './control.ts'
import type { ExecutionDeps } from './ports.ts'
import { createSheet, type Sheet } from './sheet.ts'
import type { ExecutionRecord } from './store.ts'
import { createApprovalWaits } from './waits.ts'

const mostStalled = 3
const finals = new Set(['completed', 'failed', 'denied', 'cancelled'])
/** The step of an execution that is one call. */
const onlyStep = 'call'
interface Active {
  readonly controller: AbortController
  readonly done: Promise<void>
  sheet?: Sheet
}
/** A single call as the one step of a program. */
export const callStep = (toolId: string, inputs: ToolStep['inputs']): ToolStep => ({
  kind: 'tool',
  id: onlyStep,
  toolId,
  inputs,
  literal: true,
  dependsOn: [],
  onError: 'halt',
})

/** Carries executions: at most `executions.atOnce` at work, each from wherever its rows say it stands. */
export function createExecutionRunner(deps: ExecutionDeps) {
  const { executions } = deps
  const active = new Map<string, Active>()
  const bells = new Map<string, Set<() => void>>()
  const waits = createApprovalWaits(deps)
  let begun = false
  let stopping = false

  const ring = (id: string) => {
    for (const bell of bells.get(id) ?? []) bell()
  }
  const working = () => [...active.values()].filter(({ sheet }) => sheet?.status() !== 'waiting').length
  function pump(): void {
    if (stopping || !begun) return
    const room = deps.setting('executions.atOnce') - working()
    if (room <= 0) return
    for (const execution of executions.queued(room + active.size)) {
      if (working() >= deps.setting('executions.atOnce')) return
      if (!active.has(execution.id)) begin(execution)
    }
  }
  function begin(execution: ExecutionRecord): void {
    const controller = new AbortController()
    const entry: { -readonly [K in keyof Active]: Active[K] } = { controller, done: Promise.resolve() }
    active.set(execution.id, entry)
    entry.done = carry(execution, entry)
      .catch((error: unknown) => deps.report(error, { executionId: execution.id }))
      .finally(() => {
        active.delete(execution.id)
        ring(execution.id)
        pump()
      })
  }
  /** Tries until the execution has an end or rests: what breaks on our side is taken up from the rows again, like after a crash. */
  async function carry(execution: ExecutionRecord, entry: Active): Promise<void> {
    let record = execution
    for (let attempt = 0; ; attempt++) {
      try {
        return await drive(record, entry)
      } catch (error) {
        if (stopping || entry.controller.signal.reason === shutdown) return
        deps.report(error, { executionId: execution.id })
        const mostMs = error instanceof Fault && error.code === 'unavailable' ? 1_000 : 30_000
        await sleep(Math.min(mostMs, 250 * 2 ** Math.min(attempt, 7)), undefined, { signal: entry.controller.signal }).catch(() => undefined)
        const now = executions.find(execution.id)
        if (stopping || !now || finals.has(now.status)) return
        record = now
      }
    }
  }
  async function drive(execution: ExecutionRecord, entry: Active): Promise<void> {
    const { signal } = entry.controller
    const sheet = createSheet(deps, execution, signal, () => {
      ring(execution.id)
      pump()
    })
    entry.sheet = sheet
    if (execution.status === 'running') {
      await sheet.write(() => executions.takeUp(execution.seq))
      if (execution.stalled >= mostStalled) {
        const message = `The execution was taken up ${mostStalled} times after a crash and never got further; it was given up.`
        return sheet.finish({ status: 'failed', outputs: null, errors: [{ code: 'given_up', message }] })
      }
    }
    const { scopes } = execution
    const slots = createSlots(() => deps.setting('executions.steps'))
    const carrier = createCarrier(sheet, createCalls(deps, sheet, waits, slots, { scopes }), signal)
    try {
      const ending = sheet.program
        ? await carrier.whole(sheet.program, sheet.inputs)
        : await carrier.call(callStep(execution.toolId ?? '', sheet.inputs))
      if (!finals.has(sheet.status())) await sheet.finish(ending)
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error
      await sheet.interrupt({ ...(sheet.program ? { stepId: error.step } : {}), code: 'unknown_outcome', message: error.message })
    }
  }
  return {
    waits,
    pump,
    /** Takes up what a crash or a stop left unfinished; to be called once, when everything is open. */
    recover() {
      begun = true
      for (const execution of executions.unfinished()) if (!active.has(execution.id)) begin(execution)
      pump()
    },
    /** Resolves when the execution rests, has ended, or the time is over. */
    rest: (id: string, ms: number, signal: AbortSignal): Promise<void> =>
      new Promise((resolve) => {
        const isResting = () => {
          const status = executions.standing(id)?.status
          return status !== 'queued' && status !== 'running'
        }
        if (ms <= 0 || stopping || signal.aborted || isResting()) return resolve()
        const end = () => {
          clearTimeout(timer)
          mine.delete(check)
          if (mine.size === 0) bells.delete(id)
          signal.removeEventListener('abort', end)
          resolve()
        }
        const check = () => {
          if (stopping || isResting()) end()
        }
        const timer = setTimeout(end, ms)
        const mine = bells.get(id) ?? new Set()
        bells.set(id, mine)
        mine.add(check)
        signal.addEventListener('abort', end, { once: true })
      }),
    /** Ends an execution within two seconds; one that nobody carries is ended in the database. */
    async cancel(id: string): Promise<void> {
      const entry = active.get(id)
      if (entry) {
        entry.controller.abort(new DOMException('The execution was cancelled.', 'AbortError'))
        await Promise.race([entry.done, sleep(2_000, undefined, { ref: false })])
      }
      const after = executions.find(id)
      if (!after || finals.has(after.status)) return
      for (const approval of deps.approvals.waitingOf(id)) waits.settle(approval, 'cancelled', null)
      const errors = [{ code: 'cancelled', message: 'The execution was cancelled.' }]
      deps.log.commit((emit) => {
        if (!executions.finish(after.seq, 'cancelled', after.outputs, errors, new Date().toISOString())) return
        emit('execution.failed', { executionId: id, status: 'cancelled', outputs: after.outputs, errors })
      })
      ring(id)
    },
    /** Lets go of every execution without ending it: the next start takes them up. */
    async stop(): Promise<void> {
      stopping = true
      const all = [...active]
      for (const [, { controller }] of all) controller.abort(shutdown)
      for (const id of bells.keys()) ring(id)
      await Promise.race([Promise.all(all.map(([, { done }]) => done)), sleep(3_000, undefined, { ref: false })])
    },
  }
}
export type ExecutionRunner = ReturnType<typeof createExecutionRunner>
