import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { rounds, type Figure } from './figures.ts'
import { startPlace } from './place.ts'

const writers = 16
const roundMs = 2_000

/** Sixteen writers on connections of their own, each waiting for its answer, on a disk whose every sync takes 5 ms. */
export async function measureCommits(): Promise<Figure[]> {
  let told: (p99Ms: number) => void = () => undefined
  let child: ChildProcess | undefined
  await using place = await startPlace({
    program: fileURLToPath(new URL('slow-sync-daemon.ts', import.meta.url)),
    begun: (made) => {
      child = made
      made.on('message', (message) => {
        if (typeof message === 'object' && message !== null && 'p99Ms' in message) told(Number(message.p99Ms))
      })
    },
  })
  const clients = Array.from({ length: writers }, () => place.ipc())
  const ids = await Promise.all(clients.map(async (client) => (await client.sessions.create({ title: 'bench' })).id))
  const found: { perSecond: number; p99Ms: number }[] = []
  for (let round = 0; round <= rounds; round++) {
    child?.send('measure')
    const from = performance.now()
    let commits = 0
    const write = async (at: number) => {
      for (let n = 0; performance.now() - from < roundMs; n++) {
        await clients[at]?.sessions.rename({ id: ids[at] ?? '', title: `title ${n}` })
        commits++
      }
    }
    await Promise.all(clients.map((_, at) => write(at)))
    const perSecond = (commits / (performance.now() - from)) * 1000
    const p99 = new Promise<number>((resolve) => (told = resolve))
    child?.send('measured')
    if (round > 0) found.push({ perSecond, p99Ms: await p99 })
    else await p99
  }
  const best = found.toSorted((one, other) => other.perSecond - one.perSecond)[0] ?? { perSecond: Number.NaN, p99Ms: Number.NaN }
  return [
    { name: `durable commits of ${writers} writers while each sync takes 5 ms`, value: best.perSecond, unit: 'a second', limit: 1000, atMost: false },
    { name: 'event-loop delay meanwhile (p99)', value: best.p99Ms, unit: 'ms', limit: 25 },
  ]
}
