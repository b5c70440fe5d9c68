import type { Call } from '@steward/kernel'
import { messageEvents } from './domains/messages/events.ts'
import { messageHandlers } from './domains/messages/handlers.ts'
import { sessionEvents } from './domains/sessions/events.ts'
import { sessionHandlers } from './domains/sessions/handlers.ts'
import { createRemoval } from './domains/sessions/removal.ts'
import type { Parts } from './parts.ts'

/** The rooms of sessions and of their messages. `removed` hears of sessions that are gone, to remove what other rooms keep for them. */
export function openSessions({ database, lanes, signal }: Parts, removed: (accountId: string, sessionIds: readonly string[]) => void) {
  const ended = (accountId: string, id: string) =>
    signal({ accountId, event: 'ephemeral', payload: { type: 'activity', id, active: false, activeAt: Date.now(), thinking: false } })
  const remove = createRemoval({
    lanes,
    removed(accountId, ids) {
      for (const id of ids) ended(accountId, id)
      removed(accountId, ids)
    },
  })
  return {
    remove,
    handlers: { ...sessionHandlers({ database, ended, begun: () => undefined, remove }), ...messageHandlers(database) },
    events: (call: Call) => [...sessionEvents(call), ...messageEvents(call)],
  }
}
