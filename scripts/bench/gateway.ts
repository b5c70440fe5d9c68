import { spawn } from 'node:child_process'
import path from 'node:path'
import { spawnLines } from '@steward/testkit'
import { bestOf, rounds, type Figure } from './figures.ts'
import { ask } from './http.ts'
import { endOf, owned, root, startPlace } from './place.ts'

const times = 1_000
const limit = 5

/** What a gateway adds to a read, its daemon's own HTTP asked in turn with it: 1,000 sequential requests to each. */
export async function measureGateway(): Promise<Figure[]> {
  await using place = await startPlace()
  const bin = path.join(root, 'apps/cli/bin/steward.mjs')
  const child = owned(spawn(process.execPath, [bin, 'gateway', '--home', place.home], { stdio: ['ignore', 'pipe', 'pipe'] }))
  try {
    const [url] = await spawnLines(child).line(/^http:\S+$/)
    const doors = { direct: place, gateway: { url, token: place.token } }
    const { id } = await ask<{ id: string }>(place, 'POST', '/v1/sessions', { title: 'bench' })
    const once = async (at: keyof typeof doors) => {
      const from = performance.now()
      await ask(doors[at], 'GET', `/v1/sessions/${id}`)
      return performance.now() - from
    }
    const found = { direct: [] as number[][], gateway: [] as number[][] }
    for (let round = 0; round <= rounds; round++) {
      const samples = { direct: [] as number[], gateway: [] as number[] }
      for (let n = 0; n < times; n++) for (const at of ['direct', 'gateway'] as const) samples[at].push(await once(at))
      if (round > 0) for (const at of ['direct', 'gateway'] as const) found[at].push(samples[at])
    }
    const direct = bestOf(found.direct)
    const through = bestOf(found.gateway)
    const note = `${times} reads each, in turn; through the gateway`
    return [
      { name: 'a read over HTTP, beside a gateway', value: direct.p50, ...direct, unit: 'ms' },
      { name: 'what a gateway adds to it, median', value: through.p50 - direct.p50, unit: 'ms', limit, note: `${note} ${through.p50.toFixed(2)} ms` },
      {
        name: 'what it adds at the 95th percentile',
        value: through.p95 - direct.p95,
        unit: 'ms',
        limit,
        note: `${note} ${through.p95.toFixed(2)} ms`,
      },
    ]
  } finally {
    await endOf(child)
  }
}
