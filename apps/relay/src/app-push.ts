import { pushHandlers } from './domains/push/handlers.ts'
import { ownsSession } from './domains/sessions/store.ts'
import type { Parts } from './parts.ts'
import { createExpo } from './platform/expo.ts'

const perAccount = { points: 120, perMs: 60_000 }

/** The room of phones and of what they are told. */
export function openPush({ config, database, signal, limit, appActive }: Parts) {
  const { expoUrl: url, expoAccessToken: accessToken } = config
  return {
    handlers: pushHandlers({
      database,
      send: createExpo({ url, ...(accessToken === undefined ? {} : { accessToken }) }),
      ownsSession,
      isLooking: appActive,
      tell: (accountId, sessionId, payload) => signal({ accountId, event: 'ephemeral', sessionId, payload }),
      limit: (accountId) => limit('push', accountId, perAccount),
    }),
  }
}
