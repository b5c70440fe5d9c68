import type { ExecutionError, ExecutionStatus } from '@steward/contract/daemon'
import type { Over } from '../../engine/execution/schedule.ts'
import type { Program } from '../../engine/execution/types.ts'
import type { Json } from '../../engine/types.ts'
import type { Emit } from '../../platform/storage/event-log.ts'
import { createVeil } from '../../tools/veil.ts'
import { keepTrying } from './control.ts'
import type { ExecutionDeps } from './ports.ts'
import type { StepRecord } from './step-store.ts'
import type { ExecutionRecord } from './store.ts'

export type FinalStatus = 'completed' | 'failed' | 'denied' | 'cancelled'
/** How an execution has ended. */
export interface Ending {
  readonly status: FinalStatus
  readonly outputs: Json
  readonly errors: readonly ExecutionError[]
}
export type Inputs = { readonly [name: string]: Json }
/** Something to be written in the transaction that ends a step. */
export type Also = (emit: Emit, over: Over) => void
const over = new Set(['completed', 'failed', 'denied', 'cancelled', 'skipped'])

/** What the daemon remembers of one execution under way, and all that is written of it: each line before the deed that it announces. */
export function createSheet(deps: ExecutionDeps, execution: ExecutionRecord, signal: AbortSignal, rested: () => void) {
  const { log, executions, steps } = deps
  const { id, seq } = execution
  const rows = new Map<string, StepRecord>(execution.startedAt === null ? [] : steps.all(seq).map((row) => [row.step, row]))
  const whole = execution.sealed === null ? null : deps.box.open(id, execution.sealed)
  const { inputs, program } = whole
    ? (JSON.parse(whole) as { inputs: Inputs; program: Program })
    : { inputs: (execution.inputs ?? {}) as Inputs, program: execution.program }
  const veil = createVeil(deps.redact)
  veil.cover(inputs, program?.inputsSchema)
  let status: ExecutionStatus = execution.status
  let started = execution.startedAt !== null
  let { stalled } = execution
  let working = 0
  let parked = 0
  /** What is remembered here is as the rows are: a transaction that the disk refuses has changed neither, and is made whole the next time. */
  const write = <T>(work: (emit: Emit) => T extends Promise<unknown> ? never : T): Promise<T> =>
    keepTrying(
      () => {
        const before = { status, started, stalled }
        try {
          return log.commit(work)
        } catch (error) {
          ;({ status, started, stalled } = before)
          throw error
        }
      },
      signal,
      (error) => deps.report(error, { executionId: id }),
    )
  const setStatus = (emit: Emit, next: ExecutionStatus, approvalId: string | null = null) => {
    if (status === next) return
    status = next
    executions.setStatus(seq, next, new Date().toISOString())
    // That it runs for the first time has been told: it has started.
    if (started || next !== 'running') emit('execution.progress', { executionId: id, status: next, step: null, approvalId })
    started = true
  }
  const put = (row: Omit<StepRecord, 'seq'>) => {
    steps.put(seq, row)
    rows.set(row.step, { seq: 0, ...row })
  }
  const tell = (emit: Emit, { step, toolId, status: at, attempts, error }: Omit<StepRecord, 'seq'>, approvalId: string | null = null) =>
    emit('execution.progress', {
      executionId: id,
      status,
      step: { id: step, toolId, status: at, attempts, error: error === null ? null : { stepId: step, ...error } },
      approvalId,
    })
  return {
    id,
    seq,
    execution,
    program,
    inputs,
    /** Covers what is kept and shown of this execution. */
    veil,
    write,
    row: (path: string) => rows.get(path),
    /** A row's inputs whole. */
    inputsOf(row: StepRecord): Inputs {
      const text = row.sealed === null ? undefined : deps.box.open(`${id} ${row.step}`, row.sealed)
      return (text === undefined ? (row.inputs ?? {}) : JSON.parse(text)) as Inputs
    },
    overOf: (row: StepRecord): Over | undefined =>
      over.has(row.status) ? { status: row.status as Over['status'], outputs: row.outputs, error: row.error } : undefined,
    setStatus,
    /** A call has come into work; `leave` when it is over. */
    enter: () => void working++,
    leave: () => void working--,
    /** A call waits for a person; `unpark` when it goes on. */
    park() {
      working--
      parked++
    },
    unpark() {
      parked--
      working++
      // Whoever settled the last approval has written and told it.
      if (status === 'waiting' && executions.standing(id)?.status === 'running') status = 'running'
    },
    /** A call has a person asked. From here on the execution has begun, so that a restart reads its rows. */
    askIn(emit: Emit, line: Omit<StepRecord, 'seq' | 'status'>, approvalId: string) {
      if (status === 'queued') setStatus(emit, 'running')
      put({ ...line, status: 'waiting' })
      tell(emit, { ...line, status: 'waiting' }, approvalId)
    },
    /** Writes that a call is about to be made, with word of it. */
    beginIn(emit: Emit, line: Omit<StepRecord, 'seq' | 'status'>) {
      put({ ...line, status: 'started' })
      tell(emit, { ...line, status: 'started' })
    },
    /** Says that the execution waits, where nothing of it is at work. */
    restIn(emit: Emit, approvalId: string | null) {
      if (working === 0 && parked > 0) setStatus(emit, 'waiting', approvalId)
    },
    /** Writes how a step has ended. */
    async end(row: Omit<StepRecord, 'seq' | 'status' | 'outputs' | 'error' | 'finishedAt' | 'sealed' | 'retryAt'>, ending: Over, also?: Also) {
      const ended = { ...row, ...ending, sealed: null, retryAt: null, finishedAt: new Date().toISOString() }
      await write((emit) => {
        put(ended)
        if (stalled > 0) executions.moved(seq)
        stalled = 0
        if (working === 1 && parked > 0) setStatus(emit, 'waiting')
        tell(emit, ended)
        also?.(emit, ending)
      })
      if (status === 'waiting') rested()
      return ending
    },
    /** Writes a step's line, with word of it. */
    note: (row: Omit<StepRecord, 'seq'>) =>
      write((emit) => {
        put(row)
        tell(emit, row)
      }),
    /** The end of the execution, within a transaction. */
    finishIn(emit: Emit, { status: last, outputs, errors }: Ending) {
      status = last
      if (!executions.finish(seq, last, outputs, errors.length === 0 ? null : errors, new Date().toISOString())) return
      if (last === 'completed') emit('execution.completed', { executionId: id, status: last, outputs })
      else emit('execution.failed', { executionId: id, status: last, outputs, errors: [...errors] })
    },
    finish(ending: Ending) {
      return write((emit) => this.finishIn(emit, ending))
    },
    /** It rests until a person says what became of the step. */
    interrupt: (error: ExecutionError) =>
      write((emit) => {
        status = 'interrupted'
        executions.interrupt(seq, [error])
        emit('execution.progress', { executionId: id, status, step: null, approvalId: null })
      }),
    /** Word to whoever waits for it that it waits for a person. */
    rested,
    status: () => status,
  }
}
export type Sheet = ReturnType<typeof createSheet>
