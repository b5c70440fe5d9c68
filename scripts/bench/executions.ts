import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { rounds, timed, type Figure } from './figures.ts'
import { ask } from './http.ts'
import { startPlace, temporaryFolder, type Place } from './place.ts'

const program = fileURLToPath(new URL('noop-daemon.ts', import.meta.url))
const kept = 10_000
const roundMs = 2_000
const clients = 16

/** Planning over a thousand tools, executing one that does nothing, and looking through a long history. */
export async function measureExecutions(): Promise<Figure[]> {
  const folder = temporaryFolder()
  const first = await startPlace({ folder, keep: true, program })
  const { id } = await execute(first)
  await first[Symbol.asyncDispose]()
  fillHistory(first.home, id)
  await using place = await startPlace({ folder, program })
  const page = async (query: string) => {
    const { items } = await ask<{ items: unknown[] }>(place, 'GET', `/history?${query}`)
    if (items.length !== 50) throw new Error(`/history?${query} gave ${items.length} items instead of 50.`)
  }
  const history = await timed(100, () => page('toolId=bench.noop&status=completed&limit=50'))
  const plan = await timed(50, (n) => ask(place, 'POST', '/plan', { text: `list the recipe "Soup ${n}"`, model: 'builtin' }))
  const one = await timed(200, () => execute(place))
  const perSecond = await throughput(place)
  return [
    { name: `a filtered page of ${kept} executions`, value: history.p50, ...history, unit: 'ms', limit: 10, note: 'over HTTP' },
    { name: 'a plan over 1,000 tools, without a model call', value: plan.p50, ...plan, unit: 'ms', limit: 50, note: 'over HTTP, stored' },
    { name: 'executing a tool that does nothing', value: one.p50, ...one, unit: 'ms', limit: 3, note: 'over HTTP, two syncs of the disk included' },
    { name: `such executions of ${clients} clients`, value: perSecond, unit: 'a second', limit: 300, atMost: false, note: 'each durable' },
  ]
}
const execute = async (place: Place) => {
  const outcome = await ask<{ id: string; status: string }>(place, 'POST', '/execute', { toolId: 'bench.noop', inputs: {} })
  if (outcome.status !== 'completed') throw new Error(`The execution ${outcome.id} is ${outcome.status}.`)
  return outcome
}
async function throughput(place: Place): Promise<number> {
  let best = 0
  for (let round = 0; round < rounds; round++) {
    const from = performance.now()
    let done = 0
    const client = async () => {
      for (; performance.now() - from < roundMs; done++) await execute(place)
    }
    await Promise.all(Array.from({ length: clients }, client))
    best = Math.max(best, (done / (performance.now() - from)) * 1000)
  }
  return best
}
/** Executions like the one that is there, of several tools and with several ends, while no daemon runs. */
function fillHistory(home: string, id: string): void {
  const db = new DatabaseSync(path.join(home, 'agents.db'))
  const columns = (db.prepare("SELECT name FROM pragma_table_info('executions')").all() as { name: string }[]).map(({ name }) => name)
  const same = columns.filter((name) => !['seq', 'id', 'tool_id', 'status'].includes(name)).join(', ')
  const insert = db.prepare(`INSERT INTO executions (id, tool_id, status, ${same}) SELECT ?, ?, ?, ${same} FROM executions WHERE id = ?`)
  db.exec('PRAGMA synchronous=OFF; BEGIN')
  for (let n = 1; n < kept; n++)
    insert.run(`exe_${n.toString(32).padStart(20, '0')}`, n % 3 === 0 ? 'bench.noop' : 'files.read', n % 4 === 0 ? 'failed' : 'completed', id)
  db.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)')
  db.close()
}
