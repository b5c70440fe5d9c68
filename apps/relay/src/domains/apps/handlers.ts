import type { relayOperations } from '@steward/contract/relay'
import type { RelayHandlers } from '../../context.ts'

type Names = Extract<keyof typeof relayOperations, `apps.${string}`>

/** What the existing apps ask of every server, and this one has nothing of. */
export const appHandlers = (): RelayHandlers<Names> => ({
  'apps.version': async () => ({ updateUrl: null }),
  'apps.friends': async () => ({ friends: [] }),
  'apps.feed': async () => ({ items: [], hasMore: false }),
})
