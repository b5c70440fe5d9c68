import type { Call } from '@steward/kernel'
import { fieldsOf, type SocketEvent } from '../../connection.ts'

/** The existing clients' event for an access key. */
export const accessKeyEvents = (call: Call): SocketEvent[] => [
  {
    event: 'access-key-get',
    async handle({ caller }, payload) {
      const { sessionId, machineId } = fieldsOf(payload)
      const { value } = await call(caller, 'accessKeys.get', { sessionId, machineId })
      return { ok: true, accessKey: (value as { accessKey: unknown }).accessKey }
    },
    refused: ({ message }) => ({ ok: false, error: message }),
  },
]
