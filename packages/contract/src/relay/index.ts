import { accessKeyOperations } from './access-keys.ts'
import { accountOperations } from './account.ts'
import { appOperations } from './apps.ts'
import { artifactOperations } from './artifacts.ts'
import { attachmentOperations } from './attachments.ts'
import { authOperations } from './auth.ts'
import { changeOperations } from './changes.ts'
import { kvOperations } from './kv.ts'
import { machineOperations } from './machines.ts'
import { messageOperations } from './messages.ts'
import { portabilityOperations } from './portability.ts'
import { pushOperations } from './push.ts'
import { sessionOperations } from './sessions.ts'
import { usageOperations } from './usage.ts'
import { vendorOperations } from './vendors.ts'
import { voiceOperations } from './voice.ts'

export type { AccessKey } from './access-keys.ts'
export type { Artifact, ArtifactHead } from './artifacts.ts'
export { maxAttachmentBytes } from './attachments.ts'
export type { KvItem } from './kv.ts'
export type { Machine } from './machines.ts'
export type { Message } from './messages.ts'
export type { Session } from './sessions.ts'
export type { VoiceSession } from './voice.ts'
export type { Update } from './changes.ts'
export { vendors } from './vendors.ts'
export { account as accountScope, open as openScope } from './common.ts'

/** Every operation of the relay. */
export const relayOperations = {
  ...accessKeyOperations,
  ...accountOperations,
  ...appOperations,
  ...artifactOperations,
  ...attachmentOperations,
  ...authOperations,
  ...changeOperations,
  ...kvOperations,
  ...machineOperations,
  ...messageOperations,
  ...portabilityOperations,
  ...pushOperations,
  ...sessionOperations,
  ...usageOperations,
  ...vendorOperations,
  ...voiceOperations,
}
export type RelayContract = typeof relayOperations
