import { newAccount, signedChallenge } from '@steward/testkit/relay'
import type { Figure } from '../figures.ts'
import { openApi } from './client.ts'
import { costOf, processorOf, type Ground } from './ground.ts'
import { rateRounds } from './rate.ts'

const connections = 32
const perRound = 3_000
const accounts = 500

/** Logins of known accounts, each with a challenge of its own that was signed before. */
export async function measureLogins(ground: Ground): Promise<Figure[]> {
  if (ground.token !== undefined) return []
  const people = Array.from({ length: accounts }, () => newAccount())
  const api = openApi(ground.url, undefined, connections)
  let best = 0
  let cost = ''
  for (let round = 0; round <= rateRounds; round++) {
    const signed = Array.from({ length: perRound }, (_, n) => signedChallenge(people[n % accounts] ?? newAccount()))
    const used = processorOf(ground)
    const from = performance.now()
    const worker = async () => {
      for (let next = signed.pop(); next; next = signed.pop()) await api.post('/v1/auth', next)
    }
    await Promise.all(Array.from({ length: connections }, worker))
    const perSecond = (perRound / (performance.now() - from)) * 1_000
    if (round === 0 || perSecond < best) continue
    best = perSecond
    cost = costOf(processorOf(ground) - used, perRound)
  }
  api.close()
  return [
    {
      name: 'logins',
      value: best,
      unit: 'a second',
      limit: 2_000,
      atMost: false,
      note: `POST /v1/auth over ${connections} connections, signed before${cost}`,
      reference: '47 a second, p50 18 ms',
    },
  ]
}
