import type { Figure } from '../figures.ts'
import { enter, messages, pathOf } from './client.ts'
import { aimed, costOf, wordsOf, type Ground } from './ground.ts'
import { rateOf } from './rate.ts'

const limits = { embedded: { single: 1_500, batch: 10_000 }, postgres: { single: 1_000, batch: 6_000 }, elsewhere: undefined }
const connections = 16
const batch = 50
const batchers = 4

/** Messages of 1 KiB to one session, each durable before its answer: one in a request over 16 connections, 50 in a request over 4, and 16 accounts that know nothing of each other. */
export async function measureMessages(ground: Ground): Promise<Figure[]> {
  using account = await enter(ground, connections)
  const path = pathOf(await account.session())
  const where = wordsOf(ground)
  const single = await rateOf(ground, connections, () => account.api.post(path, { messages: messages(1) }))
  const many = await rateOf(ground, batchers, () => account.api.post(path, { messages: messages(batch) }))
  const alone = await rateOf(ground, 1, () => account.api.post(path, { messages: messages(1) }))
  const figures: Figure[] = [
    aimed(
      {
        name: `messages by single POSTs from ${connections} connections, ${where}`,
        value: single.perSecond,
        unit: 'a second',
        atMost: false,
        note: `p50 ${single.p50.toFixed(1)} ms${costOf(single.usedMs, single.count)}`,
        ...(ground.kind === 'embedded' ? { reference: '111 to 116 a second' } : {}),
      },
      limits[ground.kind]?.single,
    ),
    aimed(
      {
        name: `messages in batches of ${batch}, ${where}`,
        value: many.perSecond * batch,
        unit: 'a second',
        atMost: false,
        note: `${batchers} connections, p50 ${many.p50.toFixed(1)} ms a batch${costOf(many.usedMs, many.count * batch)}`,
        ...(ground.kind === 'embedded' ? { reference: '392 to 448 a second' } : {}),
      },
      limits[ground.kind]?.batch,
    ),
    {
      name: `messages by single POSTs from 1 connection, ${where}`,
      value: alone.perSecond,
      unit: 'a second',
      atMost: false,
      note: `p50 ${alone.p50.toFixed(2)} ms`,
      ...(ground.kind === 'embedded' ? { reference: '134 to 150 a second, p50 6.2 to 6.6 ms' } : {}),
    },
  ]
  if (ground.token !== undefined) return figures
  const accounts = await Promise.all(Array.from({ length: connections }, () => enter(ground, 1)))
  try {
    const paths = await Promise.all(accounts.map(async (one) => pathOf(await one.session())))
    const apart = await rateOf(
      ground,
      connections,
      (worker) => accounts[worker]?.api.post(paths[worker] ?? '', { messages: messages(1) }) ?? Promise.resolve(),
    )
    const name = `the same from ${connections} accounts, ${where}`
    return [...figures, { name, value: apart.perSecond, unit: 'a second', atMost: false, note: `p50 ${apart.p50.toFixed(1)} ms` }]
  } finally {
    for (const one of accounts) one[Symbol.dispose]()
  }
}
