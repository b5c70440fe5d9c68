import { Fault } from '@steward/contract'
import type { RoomHandlers } from '../../platform/context.ts'

export interface ActionPorts {
  sessionExists(id: string): boolean
  /** The session an approval, question, call or run belongs to. */
  sessionOf(kind: 'approval' | 'question' | 'call' | 'run', id: string): string | undefined
  activeRun(sessionId: string): string | undefined
}
/** `POST /v1/sessions/{id}/actions`: one route for what the single operations do. */
export function createActions({ sessionExists, sessionOf, activeRun }: ActionPorts) {
  const handlers = {
    async 'sessions.act'({ call, commit }, { sessionId, type, id, scope, reason, answer, result, text }) {
      if (!sessionExists(sessionId)) throw new Fault('not_found', `There is no session ${sessionId}.`)
      const need = <T>(value: T | undefined, name: string): T => {
        if (value === undefined) throw new Fault('invalid', `The action ${type} needs ${name}.`)
        return value
      }
      const own = (kind: Parameters<typeof sessionOf>[0], given: string): string => {
        if (sessionOf(kind, given) !== sessionId) throw new Fault('not_found', `There is no ${kind} ${given} in this session.`)
        return given
      }
      const run = () => {
        const named = id ?? activeRun(sessionId)
        if (named === undefined) throw new Fault('conflict', `No run is under way in the session ${sessionId}, so there is nothing to ${type}.`)
        return own('run', named)
      }
      /** The action's own commit, after the one it stands for: it keeps the idempotency key of this call. */
      const acted = (answered: { settled: boolean }) => commit(() => answered)
      switch (type) {
        case 'approve':
        case 'reject':
          return acted(
            await call('approvals.settle', {
              id: own('approval', need(id, 'id')),
              decision: type,
              ...(scope ? { scope } : {}),
              ...(reason === undefined ? {} : { reason }),
            }),
          )
        case 'answer':
          return acted(await call('questions.answer', { id: own('question', need(id, 'id')), answer: need(answer ?? text, 'answer') }))
        case 'tool_result':
          return acted(await call('runs.toolResult', { id: own('call', need(id, 'id')), result: need(result, 'result') }))
        case 'cancel':
          await call('runs.cancel', { id: run() })
          return acted({ settled: true })
        case 'steer':
          await call('runs.steer', { id: run(), text: need(text, 'text') })
          return acted({ settled: true })
      }
    },
  } satisfies RoomHandlers
  return { handlers }
}
