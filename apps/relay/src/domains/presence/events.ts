import { Fault } from '@steward/contract'
import type { Call } from '@steward/kernel'
import { fieldsOf, type SocketEvent } from '../../connection.ts'
import type { Lives } from './lives.ts'
import type { Kind } from './store.ts'

const refused = ({ message, code }: Fault) => ({ ok: false, error: message, code })

function signOf(payload: unknown, field: 'sid' | 'machineId') {
  const { [field]: id, time, thinking } = fieldsOf(payload)
  if (typeof id !== 'string' || id === '' || id.length > 200) throw new Fault('invalid', `${field} must be an id.`)
  if (typeof time !== 'number' || !Number.isFinite(time)) throw new Fault('invalid', 'time must be milliseconds since 1970.')
  return { id, time, thinking: thinking === true }
}

/** The existing clients' signs of life. They ask for no acknowledgement; whoever does gets one. `oldMs`: an end that was so long ago is of no interest any more. */
export function presenceEvents(call: Call, lives: Lives, oldMs: number): SocketEvent[] {
  const alive = (event: string, kind: Kind, field: 'sid' | 'machineId'): SocketEvent => ({
    event,
    async handle({ holder }, payload) {
      const { id, time, thinking } = signOf(payload, field)
      await lives.sign(kind, holder.accountId, id, time, thinking)
      return { ok: true }
    },
    refused,
  })
  return [
    alive('session-alive', 'sessions', 'sid'),
    alive('machine-alive', 'machines', 'machineId'),
    {
      event: 'session-end',
      async handle({ caller }, payload) {
        const { id, time } = signOf(payload, 'sid')
        if (time >= Date.now() - oldMs) await call(caller, 'sessions.archive', { id })
        return { ok: true }
      },
      refused,
    },
    // A client that is about to leave asks whether all that it sent has arrived.
    { event: 'ping', order: 'after', handle: () => ({}), refused },
  ]
}
