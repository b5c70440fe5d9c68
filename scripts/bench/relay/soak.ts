import { setTimeout as pause } from 'node:timers/promises'
import type { Figure } from '../figures.ts'
import { enter, messages, pathOf } from './client.ts'
import { memoryOf, openEmbedded, type Ground } from './ground.ts'

const soakMs = 300_000
/** What V8 and SQLite fill at first is no slope. */
const warmMs = 120_000
const sampleEveryMs = 2_000
const houses = 4
const machineId = 'bench-soak'

/**
 * An hour of a busy relay in five minutes: four houses whose phones come and go, post, page back, call their machine, and accounts that log in. The slope is that of the memory
 * of the last three minutes, by least squares, over the hour that they stand for.
 */
export async function measureSoak(): Promise<Figure[]> {
  await using ground = await openEmbedded()
  const from = performance.now()
  const running = () => performance.now() - from < soakMs
  const counts = { messages: 0, calls: 0, sockets: 0, logins: 0 }
  const samples: { at: number; mb: number }[] = []
  const watch = async () => {
    while (running()) {
      await pause(sampleEveryMs)
      const at = performance.now() - from
      if (at >= warmMs) samples.push({ at: at / 60_000, mb: memoryOf(ground) })
    }
  }
  await Promise.all([watch(), ...Array.from({ length: houses }, () => live(ground, running, counts))])
  const told = `${counts.messages} messages, ${counts.calls} calls, ${counts.sockets} sockets, ${counts.logins} logins in 5 minutes`
  return [
    { name: 'slope of memory in the soak', value: slopeOf(samples), unit: 'MB a minute', limit: 1, note: told },
    {
      name: 'memory at its end',
      value: samples.at(-1)?.mb ?? Number.NaN,
      unit: 'MB',
      note: `from ${Math.round(samples[0]?.mb ?? 0)} MB after ${warmMs / 60_000} minutes`,
    },
  ]
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
/** Least squares: what a sample grows by in one unit of its time. */
function slopeOf(samples: readonly { readonly at: number; readonly mb: number }[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [at, mb] = [mean(samples.map((one) => one.at)), mean(samples.map((one) => one.mb))]
  const spread = samples.reduce((sum, one) => sum + (one.at - at) ** 2, 0)
  return samples.reduce((sum, one) => sum + (one.at - at) * (one.mb - mb), 0) / spread
}
