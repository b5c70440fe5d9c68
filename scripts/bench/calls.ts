import { bestOf, rounds, timed, type Figure } from './figures.ts'
import { ask, openReader, type Reader } from './http.ts'
import { startPlace, type Place } from './place.ts'

const readers = 1_000

/** A read and a durable write over the socket and over HTTP, and the time from a write to its event at a reader. */
export async function measureCalls(): Promise<Figure[]> {
  await using place = await startPlace()
  const client = place.ipc()
  const { id } = await client.sessions.create({ title: 'bench' })
  const route = `/v1/sessions/${id}`
  const read = await timed(500, () => client.sessions.get({ id }))
  const write = await timed(300, (n) => client.sessions.rename({ id, title: `title ${n}` }))
  const httpRead = await timed(500, () => ask(place, 'GET', route))
  const httpWrite = await timed(300, (n) => ask(place, 'PATCH', route, { title: `title ${n}` }))
  const reader = await openReader(place, `${route}/events`)
  const toEvent = await eventTimes(place, id, [reader], 200)
  reader.close()
  return [
    { name: 'IPC read', value: read.p50, ...read, unit: 'ms', limit: 0.4 },
    { name: 'durable IPC write', value: write.p50, ...write, unit: 'ms', limit: 0.8, note: 'one sync of the disk included' },
    { name: 'HTTP read', value: httpRead.p50, ...httpRead, unit: 'ms' },
    { name: 'durable HTTP write', value: httpWrite.p50, ...httpWrite, unit: 'ms' },
    {
      name: 'a write to its event at an SSE reader',
      value: toEvent.p50,
      ...toEvent,
      unit: 'ms',
      limit: 2,
      note: 'from the request over HTTP, one sync of the disk included',
    },
  ]
}
/** One event to a thousand readers of one session: until the last of them has it. */
export async function measureReaders(): Promise<Figure[]> {
  await using place = await startPlace()
  const { id } = await ask<{ id: string }>(place, 'POST', '/v1/sessions', { title: 'bench' })
  const opened: Reader[] = []
  while (opened.length < readers)
    opened.push(...(await Promise.all(Array.from({ length: 50 }, () => openReader(place, `/v1/sessions/${id}/events`)))))
  const last = await eventTimes(place, id, opened, 10)
  for (const reader of opened) reader.close()
  return [
    {
      name: `an event at all of ${readers} SSE readers of one session`,
      value: last.p50,
      ...last,
      unit: 'ms',
      limit: 250,
      note: 'readers and writer share one process and its core',
    },
  ]
}
async function eventTimes(place: Place, id: string, opened: readonly Reader[], times: number) {
  const found: number[][] = []
  for (let round = 0; round <= rounds; round++) {
    const samples: number[] = []
    for (let n = 0; n < times; n++) {
      const title = `title ${round} ${n} of ${opened.length}`
      const arrivals = opened.map((reader) => reader.next(({ data }) => data.includes(title)))
      const from = performance.now()
      await ask(place, 'PATCH', `/v1/sessions/${id}`, { title })
      const all = await Promise.all(arrivals)
      samples.push(Math.max(...all.map(({ at }) => at)) - from)
    }
    if (round > 0) found.push(samples)
  }
  return bestOf(found)
}
