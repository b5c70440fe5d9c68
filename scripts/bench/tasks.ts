import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { rounds, type Figure } from './figures.ts'
import { ask } from './http.ts'
import { startPlace, type Place } from './place.ts'

const program = fileURLToPath(new URL('noop-daemon.ts', import.meta.url))
const many = 1_000
const clients = 16

/** How late a task that is due fires, and how long a thousand that are due at once take to be started. */
export async function measureTasks(): Promise<Figure[]> {
  await using place = await startPlace({ program })
  const one = await best(() => lateness(place, 1))
  const all = await best(() => lateness(place, many))
  return [
    { name: 'a task is started after its time', value: one, unit: 'ms', limit: 1_000, note: 'its execution is noted' },
    { name: `${many} tasks that are due at once are all started`, value: all, unit: 'ms', limit: 5_000, note: 'each durable' },
  ]
}
async function best(once: () => Promise<number>): Promise<number> {
  let found = Number.POSITIVE_INFINITY
  for (let round = 0; round < rounds; round++) found = Math.min(found, await once())
  return found
}
/** Makes so many tasks for one time, and answers how long after it all of them had started what they do. */
async function lateness(place: Place, count: number): Promise<number> {
  const due = Date.now() + 1_000 + count * 20
  const schedule = { kind: 'once', at: new Date(due).toISOString() }
  const target = { kind: 'tool', toolId: 'bench.noop', inputs: {} }
  const started = () => startedIn(place.home, due)
  let made = 0
  const client = async () => {
    while (made < count) await ask(place, 'POST', '/v1/tasks', { name: `Task ${++made}`, target, schedule })
  }
  await Promise.all(Array.from({ length: clients }, client))
  if (Date.now() > due) throw new Error(`${count} tasks could not be made before their time.`)
  await sleep(due - Date.now())
  while (started() < count) {
    if (Date.now() > due + 60_000) throw new Error(`Only ${started()} of ${count} tasks were started within a minute.`)
    await sleep(count > 1 ? 20 : 2)
  }
  return Date.now() - due
}
function startedIn(home: string, due: number): number {
  const db = new DatabaseSync(path.join(home, 'agents.db'), { readOnly: true })
  const row = db.prepare('SELECT count(*) AS n FROM schedule_fires WHERE at = ? AND execution_id IS NOT NULL').get(new Date(due).toISOString())
  db.close()
  return Number(row?.['n'])
}
