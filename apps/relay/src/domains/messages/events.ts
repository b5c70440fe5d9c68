import type { Call } from '@steward/kernel'
import { fieldsOf, type SocketEvent } from '../../connection.ts'

/** The older clients' way to send. They ask for no acknowledgement; whoever does gets the message's place, or why there is none. */
export const messageEvents = (call: Call): SocketEvent[] => [
  {
    event: 'message',
    async handle({ caller }, payload) {
      const { sid, message, localId } = fieldsOf(payload)
      const input = { sessionId: sid, content: message, ...(typeof localId === 'string' ? { localId } : {}) }
      const { value } = await call(caller, 'messages.send', input)
      const { id, seq, createdAt } = (value as { message: { id: string; seq: number; createdAt: number } }).message
      return { ok: true, id, seq, createdAt }
    },
    refused: ({ message, code }) => ({ ok: false, error: message, code }),
  },
]
