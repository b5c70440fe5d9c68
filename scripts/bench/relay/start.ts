import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '@steward/testkit'
import { bestOf, median, rounds, type Figure } from '../figures.ts'
import { endOf, owned, temporaryFolder } from '../place.ts'
import { processorMs } from '../process.ts'
import { answered } from '../start.ts'
import { enter, messages, pathOf } from './client.ts'
import { memoryOf, openEmbedded, program, relayEnv } from './ground.ts'

const startsPerRound = 4
/** After so long without work a relay has given back what it can. */
const settleMs = 12_000

/** From the start of the process to the first 200 of `/health`, on an embedded database that is migrated. */
export async function measureStart(): Promise<Figure[]> {
  const home = temporaryFolder()
  await startOnce(home)
  const found: number[][] = []
  const used: number[] = []
  for (let round = 0; round < rounds; round++) {
    const samples: number[] = []
    for (let n = 0; n < startsPerRound; n++) {
      const { ms, usedMs } = await startOnce(home)
      samples.push(ms)
      used.push(usedMs)
    }
    found.push(samples)
  }
  rmSync(home, { recursive: true, force: true })
  const best = bestOf(found)
  return [
    {
      name: 'process start to first answer',
      value: best.p50,
      ...best,
      unit: 'ms',
      limit: 500,
      note: `\`steward relay start\` to the first 200 of /health, ${median(used)} ms of processor time`,
      reference: '3,500 to 4,100 ms; bundled 2,100 to 2,500 ms',
    },
  ]
}
async function startOnce(home: string): Promise<{ ms: number; usedMs: number }> {
  const port = await freePort()
  const from = performance.now()
  const child = owned(
    spawn(process.execPath, [program, 'relay', 'start'], { env: relayEnv(home, { STEWARD_RELAY_PORT: String(port) }), stdio: 'ignore' }),
  )
  await answered(port, () => child.exitCode !== null)
  const taken = { ms: performance.now() - from, usedMs: processorMs(child.pid ?? 0) }
  await endOf(child)
  return taken
}
/** Memory of a relay that nothing has been asked of, and after 20,000 messages. */
export async function measureMemory(): Promise<Figure[]> {
  await using ground = await openEmbedded()
  await pause(settleMs)
  const idle = memoryOf(ground)
  using account = await enter(ground)
  const path = pathOf(await account.session())
  for (let n = 0; n < 400; n++) await account.api.post(path, { messages: messages(50) })
  await pause(settleMs)
  return [
    {
      name: 'idle memory',
      value: idle,
      unit: 'MB',
      limit: 110,
      note: 'resident, the program file of Node included',
      reference: '459 to 498 MB; bundled 410 MB',
    },
    { name: 'memory after 20,000 messages and a rest', value: memoryOf(ground), unit: 'MB', reference: '753 to 799 MB after its benchmark' },
  ]
}
