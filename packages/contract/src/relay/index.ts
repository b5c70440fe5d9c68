import { authOperations } from './auth.ts'
import { changeOperations } from './changes.ts'
import { machineOperations } from './machines.ts'
import { messageOperations } from './messages.ts'
import { sessionOperations } from './sessions.ts'

export type { Machine } from './machines.ts'
export type { Message } from './messages.ts'
export type { Session } from './sessions.ts'
export type { Update } from './changes.ts'
export { account as accountScope, open as openScope } from './common.ts'

/** Every operation of the relay. */
export const relayOperations = {
  ...authOperations,
  ...changeOperations,
  ...machineOperations,
  ...messageOperations,
  ...sessionOperations,
}
export type RelayContract = typeof relayOperations
