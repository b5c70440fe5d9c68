import { expect, test } from 'vitest'
import { createPulse } from './pulse.ts'
import { createRestarts } from './restarts.ts'

test('a crash is made good at once, then after 0.5, 1, 2 and 4 s; the sixth within a minute is the end', () => {
  const restarts = createRestarts(10_000)
  expect([0, 1_000, 3_000, 6_000, 10_000].map((at) => restarts.crashed(at))).toEqual(
    [0, 500, 1_000, 2_000, 4_000].map((restartInMs) => ({ restartInMs })),
  )
  expect(restarts.count(10_000)).toBe(5)
  expect(restarts.crashed(59_999)).toEqual({ giveUp: true })
})
test('a crash that is a minute old counts no more', () => {
  const restarts = createRestarts(10_000)
  for (const at of [0, 1_000, 3_000, 6_000, 10_000]) restarts.crashed(at)
  expect(restarts.crashed(60_000)).toEqual({ restartInMs: 4_000 })
  expect(restarts.crashed(60_500)).toEqual({ giveUp: true })
})
test('ten seconds of being well set the count to zero; a moment of being ill begins them anew', () => {
  const restarts = createRestarts(10_000)
  restarts.crashed(0)
  restarts.crashed(500)
  expect(restarts.health(1_000, true)).toBe(false)
  expect(restarts.health(10_999, true)).toBe(false)
  expect(restarts.health(11_000, false)).toBe(false)
  expect(restarts.health(12_000, true)).toBe(false)
  expect(restarts.health(21_999, true)).toBe(false)
  expect(restarts.count(21_999)).toBe(2)
  expect(restarts.health(22_000, true)).toBe(true)
  expect(restarts.count(22_000)).toBe(0)
  expect(restarts.health(23_000, true), 'it is told once').toBe(false)
  expect(restarts.crashed(24_000)).toEqual({ restartInMs: 0 })
})
test('being well before a crash says nothing of what comes after it', () => {
  const restarts = createRestarts(10_000)
  restarts.health(0, true)
  restarts.crashed(9_000)
  expect(restarts.health(10_500, true)).toBe(false)
  expect(restarts.count(10_500)).toBe(1)
})
const pulse = () => createPulse({ beatMs: 1_000, hungMs: 15_000 })
const ticks = (one: ReturnType<typeof pulse>, from: number, to: number) => {
  for (let at = from; at <= to; at += 1_000) if (one.tick(at)) return at
  return null
}
test('fifteen seconds of silence are a hang, and any answer begins them anew', () => {
  const one = pulse()
  one.heard()
  expect(ticks(one, 0, 14_000)).toBeNull()
  one.heard()
  expect(ticks(one, 15_000, 60_000)).toBe(29_000)
})
test('a daemon that has not answered yet is given a minute', () => expect(ticks(pulse(), 0, 100_000)).toBe(60_000))
test('an hour in which the machine slept is no silence', () => {
  const one = pulse()
  one.heard()
  expect(ticks(one, 0, 5_000)).toBeNull()
  expect(one.tick(3_605_000)).toBe(false)
  one.heard()
  expect(ticks(one, 3_606_000, 3_615_000)).toBeNull()
})
test('while announced work is done nothing is counted, and afterwards all of the time is there again', () => {
  const one = pulse()
  one.heard()
  one.busy('migrating')
  expect(ticks(one, 0, 120_000)).toBeNull()
  one.busy(null)
  expect(ticks(one, 121_000, 200_000)).toBe(135_000)
})
