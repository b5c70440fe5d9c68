import type { Fault } from '@steward/contract'
import type { Call } from '@steward/kernel'
import { fieldsOf, type SocketEvent } from '../../connection.ts'

type Fields = Readonly<Record<string, unknown>>
const refused = ({ message }: Fault) => ({ result: 'error', message })

/** The existing clients' events for a session's two sealed fields. The acknowledgement carries the value as it is now: they decrypt it. */
export function sessionEvents(call: Call): SocketEvent[] {
  const update = (event: string, field: 'metadata' | 'agentState', expected: string): SocketEvent => ({
    event,
    order: 'alone',
    async handle({ caller }, payload) {
      const sent = fieldsOf(payload)
      const { value } = await call(caller, 'sessions.update', { id: sent['sid'], [field]: sent[field], [expected]: sent['expectedVersion'] })
      const { success, session } = value as { success: boolean; session: Fields }
      return { result: success ? 'success' : 'version-mismatch', version: session[`${field}Version`], [field]: session[field] }
    },
    refused,
  })
  return [update('update-metadata', 'metadata', 'expectedMetadataVersion'), update('update-state', 'agentState', 'expectedAgentStateVersion')]
}
