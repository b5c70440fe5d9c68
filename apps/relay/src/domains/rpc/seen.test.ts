import { expect, test } from 'vitest'
import { createLocalBus } from '../../platform/bus-local.ts'
import { createSeen } from './seen.ts'
import type { RpcTopics } from './topics.ts'

test('a method is waited for while its machine settles in or has just gone, and not when it has been there for a while or away for long', () => {
  let now = 0
  const bus = createLocalBus<RpcTopics>({ node: 'n', report: () => undefined })
  const seen = createSeen(bus, () => now)
  const worthAt = (at: number) => {
    now = at
    return seen.worthMs('a', 'm')
  }
  expect(worthAt(0)).toBe(0)
  seen.touch('a', 'm', true)
  expect([worthAt(1_000), worthAt(4_999), worthAt(5_000), worthAt(60_000)]).toEqual([4_000, 1, 0, 0])
  seen.touch('a', 'm', false)
  expect([worthAt(60_000), worthAt(79_999), worthAt(80_000)]).toEqual([15_000, 15_000, 0])
  expect(seen.worthMs('b', 'm')).toBe(0)
})
