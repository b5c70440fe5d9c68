import type { Call } from '@steward/kernel'
import { messageEvents } from './domains/messages/events.ts'
import { messageHandlers } from './domains/messages/handlers.ts'
import { sessionEvents } from './domains/sessions/events.ts'
import { sessionHandlers } from './domains/sessions/handlers.ts'
import type { Parts } from './parts.ts'

/** The rooms of sessions and of their messages. */
export function openSessions({ database, signal }: Parts) {
  return {
    handlers: {
      ...sessionHandlers({
        database,
        ended: (accountId, id) =>
          signal({ accountId, event: 'ephemeral', payload: { type: 'activity', id, active: false, activeAt: Date.now(), thinking: false } }),
        begun: () => undefined,
        removed: () => undefined,
      }),
      ...messageHandlers(database),
    },
    events: (call: Call) => [...sessionEvents(call), ...messageEvents(call)],
  }
}
