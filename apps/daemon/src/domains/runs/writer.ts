import { applyEvent } from '../../engine/rebuild.ts'
import type { EngineEvent } from '../../engine/types.ts'
import { createSheet, nothing, type WriterOptions, type WritersOf } from './ledger-sheet.ts'
import type { RunDeps } from './ports.ts'
import { callWriters } from './write-calls.ts'
import { stepWriters } from './write-steps.ts'

/**
 * Writes down what the engine says: each line of the ledger with the rows and events that tell of it, in one transaction. Resolves when the
 * engine may go on: for a line that announces a deed that is when the line is on disk.
 */
export function createWriter(deps: RunDeps, options: WriterOptions) {
  const { runs, messages } = deps
  const sheet = createSheet(deps, options)
  const { run, record, setStatus, usage, commit, anyWaiting, closeCut } = sheet
  const writers: WritersOf<EngineEvent['type']> = { ...stepWriters(deps, sheet), ...callWriters(deps, sheet) }
  return {
    async write(event: EngineEvent): Promise<void> {
      await (writers[event.type] as (event: EngineEvent) => void | Promise<void>)(event)
      sheet.now = applyEvent(sheet.now, event)
    },
    /**
     * Closes what a crash left open, in one transaction: half-written messages keep the words that were shown, the model call in flight is charged
     * what it had reserved, and the taking-up is counted.
     */
    takeUp(counts: boolean, charge: { model: string; costUsd: number } | null) {
      commit((emit) => {
        record('resumed', { resumes: counts ? runs.resume(run.id) : run.resumes })
        for (const left of messages.streaming(run.id)) closeCut(emit, left.id, messages.shown(left.id), left.model ?? run.model)
        if (charge !== null && charge.costUsd > 0) usage(emit, charge.model, { ...nothing, costUsd: charge.costUsd }, {})
      })
    },
    status: sheet.status,
    setWaiting(waiting: boolean) {
      commit((emit) => setStatus(emit, waiting ? 'waiting' : anyWaiting('') ? 'waiting' : 'running'))
    },
    begunAs: sheet.begunAs,
    stop: () => sheet.text?.stop(),
  }
}
