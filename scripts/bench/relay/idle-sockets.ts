import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { setTimeout as pause } from 'node:timers/promises'
import type { Figure } from '../figures.ts'
import { endOf, owned } from '../place.ts'
import { processorMs } from '../process.ts'
import { login } from './client.ts'
import { memoryOf, openEmbedded } from './ground.ts'
import type { Holding } from './holder-main.ts'

const holders = 2
const accountsEach = 500
const socketsOfAccount = 10
/** More than one turn of pings. */
const restMs = 20_000

/** Memory of one node with 10,000 sockets of 1,000 accounts that are connected and silent but for pings. They come from processes and addresses of their own. */
export async function measureIdleSockets(): Promise<Figure[]> {
  await using ground = await openEmbedded()
  const [node] = ground.nodes
  if (node === undefined) return []
  const children = Array.from({ length: holders }, () => owned(fork(fileURLToPath(new URL('./holder-main.ts', import.meta.url)))))
  try {
    const orders: Holding[] = []
    for (let n = 0; n < holders; n++) {
      const tokens: string[] = []
      for (let account = 0; account < accountsEach; account++) tokens.push(await login(ground.url))
      orders.push({ url: ground.url, from: `127.0.0.${n + 2}`, tokens, each: socketsOfAccount })
    }
    const before = memoryOf(ground)
    const from = performance.now()
    await Promise.all(
      children.map(async (child, n) => {
        child.send(orders[n] ?? {})
        const [said] = (await once(child, 'message')) as [{ failed?: string }]
        if (said.failed !== undefined) throw new Error(said.failed)
      }),
    )
    const connectMs = performance.now() - from
    const used = processorMs(node.pid)
    await pause(restMs)
    const sockets = holders * accountsEach * socketsOfAccount
    const now = memoryOf(ground)
    const share = ((processorMs(node.pid) - used) / restMs) * 100
    return [
      {
        name: `memory with ${sockets.toLocaleString('en-US')} idle sockets`,
        value: now,
        unit: 'MB',
        limit: 600,
        note: `${Math.round(((now - before) * 1024) / sockets)} KB for each, ${share.toFixed(0)} % of a core for their pings`,
      },
      {
        name: 'sockets connected',
        value: (sockets / connectMs) * 1_000,
        unit: 'a second',
        atMost: false,
        reference: '877 to 1,351 a second, 500 of them',
      },
    ]
  } finally {
    await Promise.all(children.map(endOf))
  }
}
