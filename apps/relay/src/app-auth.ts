import { createIdentity } from './domains/auth/devices.ts'
import { authHandlers } from './domains/auth/handlers.ts'
import { sweepAuth } from './domains/auth/store.ts'
import type { Parts } from './parts.ts'
import { createTokens } from './platform/tokens.ts'

const sweepEveryMs = 5 * 60_000
const perKey = { points: 60, perMs: 60_000 }

/** The room of logins, pairings and devices. */
export function openAuth({ config, database, keyFor, limit, ended, withLock, report }: Parts) {
  const tokens = createTokens(keyFor('tokens/1'))
  const identity = createIdentity(database, tokens, (error) => report(error, 'devices'))
  let clock: NodeJS.Timeout | undefined
  return {
    ...identity,
    handlers: authHandlers({
      database,
      tokens,
      challengeKey: keyFor('challenges/1'),
      tokenLifeMs: config.tokenLifeMs,
      acceptClientChallenges: config.acceptClientChallenges,
      limitKey: (kind, key) => limit(kind, key, perKey),
      ended,
    }),
    start() {
      const sweep = () =>
        void withLock('sweep-auth', 60_000, () => sweepAuth(database.queries, Date.now())).catch((error: unknown) => report(error, 'sweep-auth'))
      clock = setInterval(sweep, sweepEveryMs)
      clock.unref()
    },
    stop: async () => clearInterval(clock),
  }
}
