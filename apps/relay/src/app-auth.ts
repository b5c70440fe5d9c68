import { createIdentity } from './domains/auth/devices.ts'
import { authHandlers } from './domains/auth/handlers.ts'
import { sweepAuth } from './domains/auth/store.ts'
import type { Parts } from './parts.ts'
import { outage } from './platform/database.ts'
import { createTokens } from './platform/tokens.ts'

const aMinute = (points: number) => ({ points, perMs: 60_000 })

/** The room of logins, pairings and devices. */
export function openAuth({ config, database, keyFor, limit, ended, connected, withLock, report }: Parts) {
  const tokens = createTokens(keyFor('tokens/1'))
  const identity = createIdentity(database, tokens, config.deviceTrustMs, (error) => report(error, 'devices'))
  const limits = {
    address: aMinute(config.loginsPerMinute),
    key: aMinute(config.loginsPerKeyPerMinute),
    begin: aMinute(config.pairingsPerMinute),
    poll: aMinute(config.pollsPerKeyPerMinute),
  }
  const clocks: NodeJS.Timeout[] = []
  /** Repeats work that is not needed twice at once. A database that is away is told of by whoever needs it. */
  const repeat = (everyMs: number, what: string, work: () => Promise<void>) => {
    let underWay = false
    const clock = setInterval(() => {
      if (underWay) return
      underWay = true
      void work()
        .catch((error: unknown) => outage(error) || report(error, what))
        .finally(() => (underWay = false))
    }, everyMs)
    clocks.push(clock.unref())
  }
  return {
    ...identity,
    handlers: authHandlers({
      database,
      tokens,
      challengeKey: keyFor('challenges/1'),
      challengeLifeMs: config.challengeLifeMs,
      pairingLifeMs: config.pairingLifeMs,
      tokenLifeMs: config.tokenLifeMs,
      acceptClientChallenges: config.acceptClientChallenges,
      limitAddress: (address) => limit('login-address', address, limits.address),
      limitKey: (key) => limit('login-key', key, limits.key),
      limitBegin: (address) => limit('pairing', address, limits.begin),
      // With the address, so that nobody who has seen a key can use up its asking from elsewhere.
      limitPoll: (address, key) => limit('poll', `${address} ${key}`, limits.poll),
      ended,
    }),
    start() {
      repeat(config.sweepEveryMs, 'sweep-auth', async () => {
        await withLock('sweep-auth', 60_000, () => sweepAuth(database.queries, Date.now()))
      })
      // Word of an end may be lost between nodes, or come from a command beside them: the sockets of a device outlive it for so long at most.
      repeat(config.deviceTrustMs / 2, 'devices', async () => {
        for (const { accountId, deviceId } of await identity.endedOf(connected())) ended(accountId, deviceId)
      })
    },
    stop: async () => clocks.forEach(clearInterval),
  }
}
