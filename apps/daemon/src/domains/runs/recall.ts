import type { RunDeps } from './ports.ts'
import type { RunRecord } from './store.ts'

/**
 * The memories for a run's system prompt, found by the words of its first message; empty where recall is off or nothing fits. A run that is `fresh`
 * says in an event which they are. A run lives without its memories: what fails here is reported and stops nothing.
 */
export async function recallFor(deps: RunDeps, run: RunRecord, fresh: boolean): Promise<string> {
  const limit = deps.setting('memory.recallTokens')
  if (limit === 0 || !deps.memory.isAny()) return ''
  const session = deps.sessions.find(run.sessionId)
  const trigger = deps.messages.trigger(run.id)
  if (!session || !trigger || trigger.text === '') return ''
  try {
    const memory = await deps.memory.load()
    const { text, ids, tokens } = await memory.recall({ agentId: session.agentId, sessionId: session.id }, trigger.text.slice(0, 4_000), limit)
    if (fresh && ids.length > 0)
      deps.commit((emit) => emit('memory.recalled', { ids: [...ids], tokens }, { sessionId: run.sessionId, runId: run.id }))
    return deps.redact(text)
  } catch (error) {
    deps.report(error, { runId: run.id })
    return ''
  }
}
