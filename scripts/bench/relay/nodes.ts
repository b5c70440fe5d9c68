import { rounds, type Figure } from '../figures.ts'
import { processorMs } from '../process.ts'
import { enter, messages, openApi, pathOf } from './client.ts'
import { openPostgres } from './ground.ts'

const sockets = 2_000
const updates = 60

/**
 * What a second node adds to fan-out: updates to an account's sockets, one after the other, on one node, then on two that have half of the sockets and half of the posts each. A node
 * is one thread, so what the busiest one needs of its core bounds them all: the factor is what one node needs, divided by what the busier of two needs. Thus it holds for a
 * machine with a core for each, and can be measured on one with fewer.
 */
export async function measureNodes(): Promise<Figure[]> {
  const one = await busiest(1)
  const two = await busiest(2)
  const each = (ms: number) => `${((ms / (updates * sockets)) * 1_000).toFixed(1)} µs`
  return [
    {
      name: 'fan-out of two nodes, as a multiple of one',
      value: one / two,
      unit: 'x',
      limit: 1.6,
      atMost: false,
      note: `${updates} updates to ${sockets} sockets; processor time of the busiest node for each delivery: ${each(one)} alone, ${each(two)} of two`,
    },
  ]
}
/** Processor time of the node that used most, milliseconds, in the best round. */
async function busiest(count: number): Promise<number> {
  await using ground = await openPostgres(count)
  using account = await enter(ground, 1)
  const path = pathOf(await account.session())
  // The same account at every node.
  const apis = ground.nodes.map(({ url }) => openApi(url, account.token, 1))
  let left = 0
  let last: (() => void) | undefined
  for (let n = 0; n < sockets; n++) {
    const socket = await account.socket({ clientType: 'user-scoped' }, ground.nodes[n % ground.nodes.length]?.url)
    socket.hear((event) => event === 'update' && --left === 0 && last?.())
  }
  const used: number[] = []
  for (let round = 0; round <= rounds; round++) {
    const before = ground.nodes.map(({ pid }) => processorMs(pid))
    for (let n = 0; n < updates; n++) {
      left = sockets
      const all = new Promise<void>((resolve) => (last = resolve))
      await apis[n % apis.length]?.post(path, { messages: messages(1) })
      await all
    }
    if (round > 0) used.push(Math.max(...ground.nodes.map(({ pid }, n) => processorMs(pid) - (before[n] ?? 0))))
  }
  for (const api of apis) api.close()
  return Math.min(...used)
}
