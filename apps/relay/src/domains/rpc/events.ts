import { fieldsOf, type Connection, type SocketEvent } from '../../connection.ts'
import type { Calls } from './calls.ts'
import type { Registry } from './registry.ts'
import { failed } from './topics.ts'

const usualTimeoutMs = 30_000
const longestTimeoutMs = 10 * 60_000
const mostMethods = 200
const longestName = 500
const refused: SocketEvent['refused'] = ({ message }) => failed(message)

/** Why a socket may not serve a method: only one of a machine or session serves, and only what begins with its own id. */
function refusal({ sessionId, machineId }: Connection, method: string): string | undefined {
  const own = sessionId ?? machineId
  if (own === undefined) return 'Only a socket of a machine or of a session can serve methods; this one is of the whole account.'
  if (method.length > longestName) return `A method's name has at most ${longestName} characters.`
  if (method.length > own.length + 1 && method.startsWith(`${own}:`)) return undefined
  return `This socket can serve only methods whose names begin with ${own}: and go on.`
}
/** The existing clients' events of RPC. What a method is given and what it answers is sealed. */
export function rpcEvents(registry: Registry, calls: Calls): SocketEvent[] {
  const change = (type: 'register' | 'unregister', told: string, work: (connection: Connection, method: string) => Promise<void>): SocketEvent => ({
    event: `rpc-${type}`,
    async handle(connection, payload) {
      const { method } = fieldsOf(payload)
      const fits = typeof method === 'string' && method !== ''
      const isMuch = type === 'register' && registry.count(connection) >= mostMethods
      const error = fits
        ? (refusal(connection, method) ?? (isMuch ? `A socket serves at most ${mostMethods} methods.` : undefined))
        : 'Invalid parameters: method is required'
      if (!fits || error !== undefined) {
        connection.socket.emit('rpc-error', { type, error })
        return { ok: false, error }
      }
      await work(connection, method)
      connection.socket.emit(told, { method })
      return { ok: true }
    },
    refused,
  })
  return [
    change('register', 'rpc-registered', registry.register),
    change('unregister', 'rpc-unregistered', registry.unregister),
    {
      event: 'rpc-call',
      order: 'free',
      handle(connection, payload) {
        const { method, params, callId, timeoutMs = usualTimeoutMs } = fieldsOf(payload)
        if (typeof method !== 'string' || method === '' || method.length > longestName) return failed('Invalid parameters: method is required')
        if (typeof params !== 'string') return failed('Invalid parameters: params must be text')
        if (typeof timeoutMs !== 'number' || !(timeoutMs >= 1)) return failed('Invalid parameters: timeoutMs must be milliseconds')
        if (callId !== undefined && (typeof callId !== 'string' || callId === '' || callId.length > 200))
          return failed('Invalid parameters: callId must be text')
        const request = { method, params, ...(callId === undefined ? {} : { callId: nameOf(connection, callId) }) }
        return calls.begin(connection, request, Math.min(timeoutMs, longestTimeoutMs))
      },
      refused,
    },
    {
      event: 'rpc-cancel',
      handle(connection, payload) {
        const { callId } = fieldsOf(payload)
        return { ok: typeof callId === 'string' && calls.cancel(connection, nameOf(connection, callId)) }
      },
      refused,
    },
  ]
}
/** Two callers may choose the same name. */
const nameOf = ({ id }: Connection, callId: string) => `${id}:${callId}`
