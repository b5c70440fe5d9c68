import type { Call } from '@steward/kernel'
import { messageEvents } from './domains/messages/events.ts'
import { messageHandlers } from './domains/messages/handlers.ts'
import { sessionEvents } from './domains/sessions/events.ts'
import { sessionHandlers, type SessionPorts } from './domains/sessions/handlers.ts'
import type { Parts } from './parts.ts'

/** The rooms of sessions and of their messages. */
export function openSessions({ database }: Parts, life: Pick<SessionPorts, 'ended' | 'begun'>) {
  return {
    handlers: {
      ...sessionHandlers({
        database,
        ...life,
        removed: () => undefined,
      }),
      ...messageHandlers(database),
    },
    events: (call: Call) => [...sessionEvents(call), ...messageEvents(call)],
  }
}
