import type { Call } from '@steward/kernel'
import type { SocketEvent } from '../../connection.ts'

/** The existing clients' event for what was used. */
export const usageEvents = (call: Call): SocketEvent[] => [
  {
    event: 'usage-report',
    handle: async ({ caller }, payload) => (await call(caller, 'usage.report', payload)).value,
    refused: ({ message }) => ({ success: false, error: message }),
  },
]
