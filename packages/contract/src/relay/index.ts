import { accessKeyOperations } from './access-keys.ts'
import { accountOperations } from './account.ts'
import { appOperations } from './apps.ts'
import { artifactOperations } from './artifacts.ts'
import { authOperations } from './auth.ts'
import { changeOperations } from './changes.ts'
import { kvOperations } from './kv.ts'
import { machineOperations } from './machines.ts'
import { messageOperations } from './messages.ts'
import { pushOperations } from './push.ts'
import { sessionOperations } from './sessions.ts'
import { usageOperations } from './usage.ts'
import { vendorOperations } from './vendors.ts'

export type { AccessKey } from './access-keys.ts'
export type { Artifact, ArtifactHead } from './artifacts.ts'
export type { KvItem } from './kv.ts'
export type { Machine } from './machines.ts'
export type { Message } from './messages.ts'
export type { Session } from './sessions.ts'
export type { Update } from './changes.ts'
export { vendors } from './vendors.ts'
export { account as accountScope, open as openScope } from './common.ts'

/** Every operation of the relay. */
export const relayOperations = {
  ...accessKeyOperations,
  ...accountOperations,
  ...appOperations,
  ...artifactOperations,
  ...authOperations,
  ...changeOperations,
  ...kvOperations,
  ...machineOperations,
  ...messageOperations,
  ...pushOperations,
  ...sessionOperations,
  ...usageOperations,
  ...vendorOperations,
}
export type RelayContract = typeof relayOperations
