import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { due, graceMs, mostCounted, mostMadeUp, type DueState } from './due.ts'
import { createPlan } from './plan.ts'
import { admit, retryDelay } from './policies.ts'
import type { MissedPolicy } from './types.ts'

const hour = 3_600_000
const hourly = createPlan({ schedule: { kind: 'interval', everyMs: hour, anchor: 0 } })
const state = (missed: MissedPolicy, nextAt: number | null = hour): DueState => ({ plan: hourly, missed, nextAt })

test('nothing is due before its time, and what is due fires at it', () => {
  expect(due(state('one'), hour - 1)).toEqual({ fires: [], missed: null, next: hour })
  expect(due(state('one'), hour)).toEqual({ fires: [hour], missed: null, next: 2 * hour })
  expect(due(state('one', null), hour)).toEqual({ fires: [], missed: null, next: null })
})
test('after a down time skip leaves all out, one fires the newest, all fires every one; what is left out is counted', () => {
  const now = 5 * hour + graceMs + 1
  const missed = { from: hour, isMore: false }
  expect(due(state('skip'), now)).toEqual({ fires: [], missed: { ...missed, count: 5, to: 5 * hour }, next: 6 * hour })
  expect(due(state('one'), now)).toEqual({ fires: [5 * hour], missed: { ...missed, count: 4, to: 4 * hour }, next: 6 * hour })
  expect(due(state('all'), now)).toEqual({ fires: [1, 2, 3, 4, 5].map((n) => n * hour), missed: null, next: 6 * hour })
})
test('a fire that is hardly late fires also where missed ones are left out', () => {
  expect(due(state('skip'), 2 * hour + graceMs)).toMatchObject({ fires: [2 * hour], missed: { count: 1, from: hour, to: hour } })
})
test('after years off the fires made up for and the count of the missed are bounded', () => {
  const found = due(state('all'), 20_000 * hour)
  expect(found.fires).toHaveLength(mostMadeUp)
  expect(found.fires.at(-1)).toBe(20_000 * hour)
  expect(found.missed).toMatchObject({ count: mostCounted, isMore: true })
})
test('a once-schedule that was missed is made up for by one, and left out by skip', () => {
  const plan = createPlan({ schedule: { kind: 'once', at: hour } })
  expect(due({ plan, missed: 'one', nextAt: hour }, 9 * hour)).toEqual({ fires: [hour], missed: null, next: null })
  expect(due({ plan, missed: 'skip', nextAt: hour }, 9 * hour)).toMatchObject({ fires: [], missed: { count: 1 }, next: null })
})
test('over any course of ticks and down times every fire is fired or counted once, and time goes forward', () => {
  const steps = fc.array(fc.oneof(fc.nat(2_000), fc.nat(600_000)), { minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(fc.constantFrom<MissedPolicy>('skip', 'one', 'all'), fc.integer({ min: 500, max: 90_000 }), steps, (missed, everyMs, gaps) => {
      const plan = createPlan({ schedule: { kind: 'interval', everyMs, anchor: 0 } })
      let nextAt: number | null = everyMs
      let now = 0
      let handled = 0
      const fired: number[] = []
      for (const gap of gaps) {
        now += gap
        const found = due({ plan, missed, nextAt }, now)
        fired.push(...found.fires)
        fc.pre(found.missed?.isMore !== true)
        handled += found.fires.length + (found.missed?.count ?? 0)
        expect(found.next ?? 0).toBeGreaterThan(now)
        nextAt = found.next
      }
      expect(handled).toBe(Math.floor(now / everyMs))
      expect(fired).toEqual([...new Set(fired)].toSorted((a, b) => a - b))
    }),
    { numRuns: 500 },
  )
})
test('what overlaps is left out, waits, or runs beside so many others', () => {
  expect([admit('skip', 0, 0), admit('skip', 1, 0)]).toEqual(['start', 'skip'])
  expect([admit('queue', 0, 0), admit('queue', 1, 0), admit('queue', 0, 1), admit('queue', 1, 100)]).toEqual(['start', 'queue', 'queue', 'skip'])
  expect([admit({ parallel: 2 }, 1, 0), admit({ parallel: 2 }, 2, 0)]).toEqual(['start', 'skip'])
})
test('tries are farther apart each time, up to a day, and end', () => {
  const retry = { max: 3, backoffMs: 1000 }
  expect([1, 2, 3, 4].map((tries) => retryDelay(retry, tries))).toEqual([1000, 2000, 4000, null])
  expect(retryDelay({ max: 20, backoffMs: hour }, 20)).toBe(24 * hour)
})
