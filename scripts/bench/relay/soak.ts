import { setTimeout as pause } from 'node:timers/promises'
import type { Figure } from '../figures.ts'
import { enter, messages, pathOf } from './client.ts'
import { memoryOf, openEmbedded, type Ground } from './ground.ts'

const soakMs = 300_000
const sampleEveryMs = 1_000
const minuteMs = 60_000
const houses = 4
const machineId = 'bench-soak'

/**
 * An hour of a busy relay in five minutes: four houses whose phones come and go, post, call their machine, and accounts that log in. What the relay holds is the least that its heap
 * and its buffers came to in a minute, which is what a collection left; the slope is that of the minutes after the first, by least squares.
 */
export async function measureSoak(): Promise<Figure[]> {
  await using ground = await openEmbedded({ STEWARD_RELAY_METRICS_PORT: '0' })
  const [{ metricsUrl = '' } = {}] = ground.nodes
  const from = performance.now()
  const running = () => performance.now() - from < soakMs
  const counts = { messages: 0, calls: 0, sockets: 0, logins: 0 }
  const least: number[] = []
  const watch = async () => {
    while (running()) {
      await pause(sampleEveryMs)
      const minute = Math.min(Math.floor((performance.now() - from) / minuteMs), soakMs / minuteMs - 1)
      least[minute] = Math.min(least[minute] ?? Number.POSITIVE_INFINITY, await heldBy(metricsUrl))
    }
  }
  await Promise.all([watch(), ...Array.from({ length: houses }, () => live(ground, running, counts))])
  const told = `${counts.messages} messages, ${counts.calls} calls, ${counts.sockets} sockets, ${counts.logins} logins in 5 minutes`
  return [
    {
      name: 'slope of memory in the soak',
      value: slopeOf(least.slice(1)),
      unit: 'MB a minute',
      limit: 1,
      note: `${told}; held in each: ${least.map((mb) => mb.toFixed(1)).join(', ')} MB`,
    },
    { name: 'resident memory at its end', value: memoryOf(ground), unit: 'MB' },
  ]
}
/** Heap in use and buffers, in MB of 2^20 bytes, as the relay's metrics tell. */
async function heldBy(metricsUrl: string): Promise<number> {
  const text = await (await fetch(metricsUrl)).text()
  const read = (name: string) => Number(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)`, 'm').exec(text)?.[1])
  return (read('nodejs_heap_size_used_bytes') + read('nodejs_external_memory_bytes')) / 2 ** 20
}
/** One house: an account with a machine; rounds of what its people do. */
async function live(ground: Ground, running: () => boolean, counts: Record<'messages' | 'calls' | 'sockets' | 'logins', number>): Promise<void> {
  while (running()) {
    using account = await enter(ground, 4)
    counts.logins++
    await account.api.post('/v1/machines', { id: machineId, metadata: 'c2VhbGVk' })
    const machine = await account.socket({ clientType: 'machine-scoped', machineId })
    const method = `${machineId}:echo`
    machine.hear((event, _read, acknowledge) => event === 'rpc-request' && acknowledge('ok'))
    await machine.call('rpc-register', { method })
    for (let session = 0; session < 5 && running(); session++) {
      const path = pathOf(await account.session())
      for (let visit = 0; visit < 4; visit++) {
        const phone = await account.socket({ clientType: 'user-scoped' })
        counts.sockets++
        for (let n = 0; n < 10; n++) {
          await account.api.post(path, { messages: messages(5) })
          await phone.call('rpc-call', { method, params: 'q'.repeat(200) })
          counts.messages += 5
          counts.calls++
          machine.emit('machine-alive', { machineId, time: Date.now() })
          await pause(10)
        }
        phone.close()
      }
    }
    counts.sockets++
  }
}
/** Least squares: by how much values that follow each other grow from one to the next. */
function slopeOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const middle = (values.length - 1) / 2
  const spread = values.reduce((sum, _value, at) => sum + (at - middle) ** 2, 0)
  return values.reduce((sum, value, at) => sum + (at - middle) * (value - mean), 0) / spread
}
