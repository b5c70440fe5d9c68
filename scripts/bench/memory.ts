import { setTimeout as pause } from 'node:timers/promises'
import type { Figure } from './figures.ts'
import { ask, openReader } from './http.ts'
import { startPlace, type Place } from './place.ts'
import { residentMb } from './process.ts'

const runs = 50
/** After so long without work V8 has given back what it can. */
const settleMs = 12_000

/** The daemon's resident memory when nothing has been asked of it, and after 50 runs of one session each. */
export async function measureMemory(): Promise<Figure[]> {
  await using place = await startPlace({ turns: [{ text: Array.from({ length: 50 }, (_, n) => `word ${n} `) }] })
  await pause(settleMs)
  const idle = residentMb(place.pid)
  await oneRun(place)
  await pause(settleMs)
  const first = residentMb(place.pid)
  for (let n = 0; n < runs; n++) await oneRun(place)
  await pause(settleMs)
  const after = residentMb(place.pid)
  return [
    { name: 'idle memory', value: idle, unit: 'MB', limit: 120, note: 'resident, the program file of Node included' },
    {
      name: 'growth of memory over 50 runs',
      value: after - first,
      unit: 'MB',
      limit: 20,
      note: `from ${Math.round(first)} MB after the first run, which loads the vendor's code`,
    },
    { name: 'memory that the first run adds', value: first - idle, unit: 'MB' },
  ]
}
async function oneRun(place: Place): Promise<void> {
  const { id } = await ask<{ id: string }>(place, 'POST', '/v1/sessions', { model: 'anthropic/wire-1' })
  const reader = await openReader(place, `/v1/sessions/${id}/events`)
  const over = reader.next(({ name, data }) => name === 'status' && /"status":"(completed|failed|cancelled)"/.test(data))
  await ask(place, 'POST', `/v1/sessions/${id}/messages`, { text: 'Go on.' })
  await over
  reader.close()
}
