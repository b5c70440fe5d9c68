import { attachmentOperations } from './attachments.ts'
import { authOperations } from './auth.ts'
import { changeOperations } from './changes.ts'
import { machineOperations } from './machines.ts'
import { messageOperations } from './messages.ts'
import { portabilityOperations } from './portability.ts'
import { sessionOperations } from './sessions.ts'
import { voiceOperations } from './voice.ts'

export { maxAttachmentBytes } from './attachments.ts'
export type { Machine } from './machines.ts'
export type { Message } from './messages.ts'
export type { Session } from './sessions.ts'
export type { VoiceSession } from './voice.ts'
export type { Update } from './changes.ts'
export { account as accountScope, open as openScope } from './common.ts'

/** Every operation of the relay. */
export const relayOperations = {
  ...attachmentOperations,
  ...authOperations,
  ...changeOperations,
  ...machineOperations,
  ...messageOperations,
  ...portabilityOperations,
  ...sessionOperations,
  ...voiceOperations,
}
export type RelayContract = typeof relayOperations
