import type { Call } from '@steward/kernel'
import { accessKeyEvents } from './domains/access-keys/events.ts'
import { accessKeyHandlers } from './domains/access-keys/handlers.ts'
import { accountHandlers } from './domains/account/handlers.ts'
import { appHandlers } from './domains/apps/handlers.ts'
import { artifactEvents } from './domains/artifacts/events.ts'
import { artifactHandlers } from './domains/artifacts/handlers.ts'
import { kvHandlers } from './domains/kv/handlers.ts'
import { ownsSession } from './domains/sessions/store.ts'
import { usageEvents } from './domains/usage/events.ts'
import { usageHandlers } from './domains/usage/handlers.ts'
import { vendorHandlers } from './domains/vendors/handlers.ts'
import type { Parts } from './parts.ts'
import { createSealer } from './platform/secrets.ts'

/** The rooms of what an account keeps beside its sessions: artifacts, access keys, values, settings, usage, vendors' tokens. */
export function openRecords({ database, keyFor, signal }: Parts) {
  const sealer = createSealer(Buffer.from(keyFor('vendors/1')).toString('base64url'))
  return {
    handlers: {
      ...accessKeyHandlers(database),
      ...accountHandlers(database),
      ...appHandlers(),
      ...artifactHandlers(database, ownsSession),
      ...kvHandlers(database),
      ...usageHandlers({
        database,
        ownsSession,
        tell: (accountId, used) => signal({ accountId, event: 'ephemeral', payload: { type: 'usage', ...used } }),
      }),
      ...vendorHandlers(database, sealer),
    },
    events: (call: Call) => [...accessKeyEvents(call), ...artifactEvents(call), ...usageEvents(call)],
  }
}
