import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '@steward/contract'
import { runAgent } from '../../engine/loop.ts'
import { freshLedger } from '../../engine/rebuild.ts'
import type { ModelMessage } from '../../engine/types.ts'
import { createEnginePorts } from './engine-ports.ts'
import type { RunDeps } from './ports.ts'
import { recallFor } from './recall.ts'
import { fruitlessResumes, standing, uncharged } from './rehydrate.ts'
import type { RunRecord } from './store.ts'
import { createWaits } from './waits.ts'
import { createWriter } from './writer.ts'

const mostResumes = 3
const longestDiskWaitMs = 1_000
const isRefused = (error: unknown) => error instanceof Fault && error.code === 'unavailable'
const emptyLedger = freshLedger([])
const shutdown = Symbol('shutdown')
interface Active {
  readonly runId: string
  readonly controller: AbortController
  readonly done: Promise<void>
  paused: boolean
}

/** Carries runs: one at a time in a session, at most `runs.parallel` at work, each from wherever its ledger says it stands. */
export function createRunner(deps: RunDeps) {
  const { runs, ledger, sessions, messages } = deps
  const active = new Map<string, Active>()
  const waits = createWaits(deps)
  let stopping = false
  let begun = false
  const working = () => [...active.values()].filter(({ runId, paused }) => !paused && runs.find(runId)?.status !== 'waiting').length

  /** Starts what is queued and may start; nothing before `recover`. */
  function pump(): void {
    if (stopping || !begun) return
    let room = deps.setting('runs.parallel') - working()
    for (const run of runs.queued()) {
      if (room <= 0) return
      if (active.has(run.sessionId)) continue
      begin(run)
      room--
    }
  }
  function begin(run: RunRecord): void {
    const controller = new AbortController()
    const entry: { -readonly [K in keyof Active]: Active[K] } = { runId: run.id, controller, done: Promise.resolve(), paused: false }
    active.set(run.sessionId, entry)
    entry.done = carry(run, entry)
      .catch((error: unknown) => deps.report(error, { runId: run.id }))
      .finally(async () => {
        active.delete(run.sessionId)
        await keep(run.id, () => requeueSteering(run.sessionId)).catch((error: unknown) => deps.report(error, { runId: run.id }))
        pump()
      })
  }
  /** Tries until the run has an end: what breaks on our side is taken up from the ledger again, like after a crash. */
  async function carry(run: RunRecord, entry: Active): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await drive(run.id, entry)
      } catch (error) {
        if (stopping || entry.controller.signal.reason === shutdown || !runs.find(run.id)) return
        deps.report(error, { runId: run.id })
        const mostMs = isRefused(error) ? longestDiskWaitMs : 30_000
        await sleep(Math.min(mostMs, 250 * 2 ** Math.min(attempt, 7)), undefined, { signal: entry.controller.signal }).catch(() => undefined)
        if (stopping) return
        if (entry.controller.signal.aborted) {
          const cancelled = { status: 'cancelled', stop: 'cancelled', message: 'The run was cancelled.' } as const
          return keep(run.id, () => end(run.id, cancelled))
        }
      }
    }
  }
  /** Writes something down. While the disk refuses it waits and tries again: what has been done is not forgotten for lack of space. */
  async function keep(runId: string, write: () => void | Promise<void>): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await write()
      } catch (error) {
        if (stopping || !isRefused(error)) throw error
        if (attempt === 0) deps.report(error, { runId })
        await sleep(Math.min(longestDiskWaitMs, 50 * 2 ** Math.min(attempt, 10)))
      }
    }
  }

  async function drive(runId: string, entry: Active): Promise<void> {
    let run = runs.find(runId)
    if (!run || ['completed', 'failed', 'cancelled'].includes(run.status)) return
    await Promise.all([deps.log.durable(), deps.toolsReady(), deps.skills.ready()])
    const fresh = run.status === 'queued'
    const before = run.status
    const toolId = (name: string) => deps.registry.byModelName(name)?.id ?? name
    const steered = new WeakMap<ModelMessage, string>()
    if (fresh) start(run)
    else {
      const lines = ledger.lines(runId)
      const options = { run, nextLine: (lines.at(-1)?.line ?? 0) + 1, state: emptyLedger, toolId, steered, suggestion: () => null }
      if (before !== 'waiting' || messages.streaming(runId).length > 0) createWriter(deps, options).takeUp(before === 'running', uncharged(lines))
    }
    run = runs.find(runId)
    if (!run) return
    const recalled = await recallFor(deps, run, fresh)
    const ports = createEnginePorts(
      deps,
      run,
      waits,
      steered,
      (paused) => {
        entry.paused = paused
        writer.setWaiting(paused)
        if (paused) pump()
      },
      recalled,
    )
    const writerOptions = { run, toolId, steered, suggestion: ports.suggestion }
    const now = ledger.lines(runId)
    const nextLine = (now.at(-1)?.line ?? 0) + 1
    if (fruitlessResumes(now) > mostResumes) {
      const message = `The run was taken up ${mostResumes} times after a crash and never got further; it was given up.`
      const giveUp = createWriter(deps, { ...writerOptions, nextLine, state: emptyLedger })
      giveUp.begunAs(run.status)
      return giveUp.write({ type: 'finished', status: 'failed', stop: 'model_error', message })
    }
    const state = await standing(deps, run, now)
    const writer = createWriter(deps, { ...writerOptions, nextLine, state })
    writer.begunAs(run.status)
    const engine = runAgent(state, ports, entry.controller.signal)
    try {
      for await (const event of engine) {
        if (entry.controller.signal.reason === shutdown) return
        await keep(runId, () => writer.write(event))
        if (event.type === 'call.waiting') pump()
      }
    } finally {
      writer.stop()
    }
  }
  function start(run: RunRecord): void {
    const trigger = messages.trigger(run.id)
    const session = sessions.find(run.sessionId)
    if (!trigger || !session) throw new TypeError(`The run ${run.id} has lost its session or its message.`)
    const place = { sessionId: run.sessionId, runId: run.id }
    const at = new Date().toISOString()
    const model = run.options.model ?? deps.modelFor(session.model)
    deps.commit((emit) => {
      const position = sessions.nextPosition(run.sessionId)
      messages.take(trigger.id, run.id, position)
      runs.start(run.id, at, position, model)
      ledger.append(run.id, 1, at, 'started', { compaction: session.compaction })
      sessions.update(run.sessionId, { status: 'running', runId: run.id })
      emit('message.taken', { messageId: trigger.id, position }, place)
      emit('status', { status: 'running', previous: 'queued', stop: null, message: null, resumes: 0 }, place)
    })
  }
  function end(runId: string, { status, stop, message }: { status: 'cancelled' | 'failed'; stop: string; message: string }): void {
    const run = runs.find(runId)
    if (!run) return
    const place = { sessionId: run.sessionId, runId }
    const at = new Date().toISOString()
    deps.commit((emit) => {
      for (const left of messages.streaming(runId)) {
        const shown = messages.shown(left.id)
        messages.close(left.id, 'interrupted', shown.text, shown.reasoning || null, null, left.model ?? run.model)
      }
      for (const call of deps.calls.openOfRun(runId)) {
        deps.calls.finish(call.id, 'cancelled', null, 'The call was cancelled.', at)
        emit(
          'tool.result',
          { callId: call.id, toolId: call.toolId, status: 'cancelled', output: null, text: 'The call was cancelled.', durationMs: 0 },
          place,
        )
      }
      for (const approval of deps.approvals.waitingOfRun(runId)) {
        deps.approvals.settle(approval.id, 'cancelled', null, null, at)
        emit(
          'approval.settled',
          { approvalId: approval.id, callId: approval.callId, status: 'cancelled', settledBy: null, scope: 'once', note: null },
          place,
        )
      }
      for (const question of deps.questions.waitingOfRun(runId)) {
        deps.questions.settle(question.id, 'cancelled', null, at)
        emit('question.settled', { questionId: question.id, callId: question.callId, status: 'cancelled', answers: null }, place)
      }
      const trigger = messages.trigger(runId)
      if (trigger?.status === 'queued') messages.take(trigger.id, runId, trigger.position)
      runs.finish(runId, { status, stop, error: status === 'failed' ? message : null, output: null }, at)
      emit('status', { status, previous: run.status, stop, message, resumes: run.resumes }, place)
      const next = runs.active(run.sessionId)
      sessions.update(run.sessionId, { status: next ? (next.status as 'queued' | 'running' | 'waiting') : 'idle' })
    })
  }
  /** A steering message that came too late for its run gets a run of its own. */
  function requeueSteering(sessionId: string): void {
    if (stopping || !sessions.find(sessionId)) return
    const late = messages.steering(sessionId)
    const next = runs.active(sessionId)
    if (late.length === 0 || (next && next.status !== 'queued')) return
    for (const message of late) deps.requeue(message)
  }
  return {
    waits,
    pump,
    /** Takes up every run that a crash or a stop left unfinished; to be called once, when everything is open. */
    recover() {
      begun = true
      for (const sessionId of messages.steered()) requeueSteering(sessionId)
      for (const run of runs.unfinished()) if (!active.has(run.sessionId)) begin(run)
      pump()
    },
    /** Ends a run within two seconds; one that nobody carries is ended in the database. */
    async cancel(runId: string): Promise<void> {
      const run = runs.find(runId)
      if (!run || ['completed', 'failed', 'cancelled'].includes(run.status)) return
      const entry = active.get(run.sessionId)
      if (entry?.runId === runId) {
        entry.controller.abort(new DOMException('The run was cancelled.', 'AbortError'))
        await Promise.race([entry.done, sleep(2_000, undefined, { ref: false })])
      }
      const after = runs.find(runId)
      if (after && !['completed', 'failed', 'cancelled'].includes(after.status))
        end(runId, { status: 'cancelled', stop: 'cancelled', message: 'The run was cancelled.' })
    },
    /** Carries on a run that was opened again. */
    takeUp(runId: string) {
      const run = runs.find(runId)
      if (run && !active.has(run.sessionId)) begin(run)
    },
    /** Lets go of every run without ending it: the next start takes them up. */
    async stop(): Promise<void> {
      stopping = true
      const all = [...active.values()]
      for (const { controller } of all) controller.abort(shutdown)
      await Promise.race([Promise.all(all.map(({ done }) => done)), sleep(3_000, undefined, { ref: false })])
    },
    counts: () => runs.counts(),
  }
}
