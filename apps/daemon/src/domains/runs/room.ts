import { Fault } from '@steward/contract'
import type { RoomHandlers } from '../../platform/context.ts'
import { createEnqueue, requeueLate } from './enqueue.ts'
import type { RunDeps } from './ports.ts'
import { createRunner } from './runner.ts'
import { toRun } from './store.ts'

/** Runs: taking work in, carrying it, ending it. */
export function createRunsRoom(given: Omit<RunDeps, 'requeue'>, fileOfSession: (fileId: string, sessionId: string) => boolean) {
  const deps: RunDeps = { ...given, requeue: (message) => requeueLate(deps, message) }
  const { runs, calls } = deps
  const runner = createRunner(deps)
  const enqueue = createEnqueue(deps, fileOfSession)
  const found = (id: string) => {
    const run = runs.find(id)
    if (!run) throw new Fault('not_found', `There is no run ${id}.`)
    return run
  }
  const handlers = {
    async 'messages.send'({ commit, caller }, { sessionId, text, attachments, model, delivery, origin }) {
      const options = model === undefined ? {} : { model }
      const taken = enqueue(commit, caller, { sessionId, text, attachments, options, delivery, origin })
      runner.pump()
      return taken
    },
    async 'runs.start'({ commit, caller }, { subject, input, ...options }) {
      const taken = enqueue(commit, caller, { sessionId: subject.sessionId, text: input, options, delivery: 'queue' })
      runner.pump()
      return taken
    },
    async 'runs.get'(_context, { id }) {
      return toRun(found(id))
    },
    async 'runs.list'(_context, query) {
      return runs.list(query)
    },
    async 'runs.cancel'({ commit }, { id }) {
      found(id)
      await runner.cancel(id)
      return commit(() => toRun(found(id)))
    },
    async 'runs.resume'({ commit }, { id }) {
      const run = found(id)
      if (run.status !== 'interrupted') throw new Fault('conflict', `The run ${id} is ${run.status}; only an interrupted one can be taken up.`)
      const resumed = commit((emit) => {
        runs.reopen(id)
        deps.sessions.update(run.sessionId, { status: 'running' })
        emit(
          'status',
          { status: 'running', previous: 'interrupted', stop: null, message: null, resumes: run.resumes },
          { sessionId: run.sessionId, runId: id },
        )
        return toRun(found(id))
      })
      runner.takeUp(id)
      return resumed
    },
    async 'runs.steer'({ commit, caller }, { id, text }) {
      const run = found(id)
      if (!['queued', 'running', 'waiting'].includes(run.status))
        throw new Fault('conflict', `The run ${id} is ${run.status}; send the session a message instead.`)
      const taken = enqueue(commit, caller, { sessionId: run.sessionId, text, options: {}, delivery: 'steer' })
      runner.pump()
      return taken
    },
    async 'runs.toolResult'({ commit, caller }, { id, result }) {
      const call = calls.find(id)
      if (!call) throw new Fault('not_found', `There is no tool call ${id}.`)
      const text = typeof result === 'string' ? result : JSON.stringify(result)
      const outcome = { status: 'completed' as const, output: deps.redact(result), text: deps.redact(text) }
      const place = { sessionId: call.sessionId, runId: call.runId }
      const at = new Date().toISOString()
      const note = 'A result was given in its place.'
      const approval = call.status === 'waiting' ? deps.approvals.find(id) : undefined
      return commit((emit) => {
        if (approval && deps.approvals.settle(approval.id, 'cancelled', caller.id, note, at)) {
          calls.give(id, outcome.output, outcome.text)
          emit('approval.settled', { approvalId: approval.id, callId: id, status: 'cancelled', settledBy: caller.id, scope: 'once', note }, place)
          return { settled: true }
        }
        if (call.status !== 'unknown') return { settled: false }
        calls.finish(id, 'completed', outcome.output, outcome.text, at)
        emit(
          'tool.result',
          { callId: id, toolId: call.toolId, status: 'completed', output: outcome.output, text: outcome.text, durationMs: 0 },
          place,
        )
        return { settled: true }
      })
    },
  } satisfies RoomHandlers
  return { handlers, runner }
}
