import { expect } from 'vitest'

const prototypeKeys = Reflect.ownKeys(Object.prototype).length
/**
 * Under 50 ms of the processor, at the second or third try if the first met a cold or busy machine: a bomb is slow each time. And the prototype of
 * objects is as it was.
 */
export function expectFast(work: () => void): void {
  let leastMs = Infinity
  for (let turn = 0; turn < 3 && leastMs >= 50; turn += 1) {
    const started = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(started)
    leastMs = Math.min(leastMs, (user + system) / 1_000)
  }
  expect(leastMs).toBeLessThan(50)
  expect(Reflect.ownKeys(Object.prototype)).toHaveLength(prototypeKeys)
}
