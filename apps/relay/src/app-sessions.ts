import type { Call } from '@steward/kernel'
import { messageEvents } from './domains/messages/events.ts'
import { messageHandlers } from './domains/messages/handlers.ts'
import { sessionEvents } from './domains/sessions/events.ts'
import { sessionHandlers, type SessionPorts } from './domains/sessions/handlers.ts'
import { createRemoval } from './domains/sessions/removal.ts'
import type { Parts } from './parts.ts'

/** The rooms of sessions and of their messages. `removed` hears of sessions that are gone, to remove what other rooms keep for them. */
export function openSessions(
  { database, lanes }: Parts,
  life: Pick<SessionPorts, 'ended' | 'begun'>,
  removed: (accountId: string, sessionIds: readonly string[]) => void,
) {
  const remove = createRemoval({
    lanes,
    removed(accountId, ids) {
      for (const id of ids) life.ended(accountId, id)
      removed(accountId, ids)
    },
  })
  return {
    remove,
    handlers: { ...sessionHandlers({ database, ...life, remove }), ...messageHandlers(database) },
    events: (call: Call) => [...sessionEvents(call), ...messageEvents(call)],
  }
}
