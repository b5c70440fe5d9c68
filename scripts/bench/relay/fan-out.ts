import { bestOf, rounds, type Figure } from '../figures.ts'
import { enter, messages, pathOf } from './client.ts'
import { costOf, processorOf, type Ground } from './ground.ts'

const sizes = [
  { sockets: 50, updates: 100, limit: 5, reference: 'p50 7.4 to 7.9 ms, p99 23 to 89 ms' },
  { sockets: 1_000, updates: 30, limit: 60, reference: undefined },
]
/** From a POST of one message to the moment when the last of an account's sockets has heard of it. The sockets are in the process that posts. */
export async function measureFanOut(ground: Ground): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const { sockets, updates, limit, reference } of sizes) {
    using account = await enter(ground, 1)
    const path = pathOf(await account.session())
    let left = 0
    let last: (() => void) | undefined
    for (let n = 0; n < sockets; n++) {
      const socket = await account.socket({ clientType: 'user-scoped' })
      socket.hear((event) => event === 'update' && --left === 0 && last?.())
    }
    const found: number[][] = []
    let cost = ''
    for (let round = 0; round <= rounds; round++) {
      const samples: number[] = []
      const used = processorOf(ground)
      for (let n = 0; n < updates; n++) {
        left = sockets
        const all = new Promise<void>((resolve) => (last = resolve))
        const from = performance.now()
        const posted = account.api.post(path, { messages: messages(1) })
        await all
        samples.push(performance.now() - from)
        await posted
      }
      if (round > 0) found.push(samples)
      cost = costOf(processorOf(ground) - used, updates * sockets)
    }
    const best = bestOf(found)
    const note = `from the POST to the last socket${cost}`
    figures.push({
      name: `an update at the last of ${sockets} sockets`,
      value: best.p50,
      ...best,
      unit: 'ms',
      limit,
      note,
      ...(reference ? { reference } : {}),
    })
  }
  return figures
}
