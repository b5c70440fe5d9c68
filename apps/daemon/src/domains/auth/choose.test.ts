import { describe, expect, test } from 'vitest'
import { ModelError } from '../../engine/types.ts'
import { fresh, healthAt, judged, order, used, verdictOf, verdictOfProbe, worked, type Eligible, type Standing, type Verdict } from './choose.ts'

const minute = 60_000
const hour = 60 * minute
const start = Date.parse('2026-03-01T12:00:00.000Z')
const busy = (retryAfterMs?: number): Verdict => ({ kind: 'busy', status: 429, message: 'slow down', retryAfterMs })
const failed: Verdict = { kind: 'failed', status: 401, message: 'no' }
const exhausted: Verdict = { kind: 'exhausted', status: 402, message: 'pay' }
const one = (id: string, more: Partial<Eligible> = {}): Eligible => ({ id, enabled: true, priority: 100, expiresAt: null, standing: fresh, ...more })
const ids = (all: readonly Eligible[], now = start) => order(all, now).use.map(({ id }) => id)
/** Answers one after another, each when the cool-down before it is over. */
const cooled = (verdict: Verdict, times: number): number[] => {
  let now = start
  let standing: Standing = fresh
  return Array.from({ length: times }, () => {
    standing = judged(standing, verdict, now)
    const wait = (standing.coolingUntil ?? 0) - now
    now = standing.coolingUntil ?? 0
    return wait
  })
}

test('the lowest priority goes first; equal ones go by who was used least recently, those never used before all', () => {
  const at = (lastUsedAt: number | null) => ({ ...fresh, lastUsedAt })
  expect(ids([one('c', { priority: 200 }), one('a', { standing: at(start - 1) }), one('b', { standing: at(start - 5) }), one('d')])).toEqual([
    'd',
    'b',
    'a',
    'c',
  ])
})
test('equal credentials take turns, whatever their number, and each is used as often as the others', () => {
  const standings = new Map(['a', 'b', 'c'].map((id) => [id, fresh]))
  const taken = Array.from({ length: 9 }, (_, n) => {
    const [id] = ids([...standings].map(([name, standing]) => one(name, { standing })))
    standings.set(id!, used(standings.get(id!)!, start + n))
    return id
  })
  expect(taken.join('')).toBe('abcabcabc')
})
test('one that is switched off, expired, failed or cooling is left out', () => {
  const all = [
    one('off', { enabled: false }),
    one('old', { expiresAt: start }),
    one('failed', { standing: judged(fresh, failed, start) }),
    one('cooling', { standing: judged(fresh, busy(1000), start) }),
    one('good', { priority: 900 }),
  ]
  expect(ids(all)).toEqual(['good'])
  expect(ids(all, start + 1000)).toEqual(['cooling', 'good'])
  expect(healthAt(all[1]!, start - 1)).toBe('untested')
  expect(healthAt(all[1]!, start)).toBe('expired')
})
describe('a cool-down', () => {
  test('lasts as long as the provider asks for, but no longer than a day', () => {
    expect(judged(fresh, busy(7000), start)).toMatchObject({ health: 'cooling', named: true, coolingUntil: start + 7000 })
    expect(judged(fresh, busy(1e12), start).coolingUntil).toBe(start + 24 * hour)
  })
  test('doubles from a minute to 32 where nothing is asked for, and from an hour where there is no credit', () => {
    expect(cooled(busy(), 8)).toEqual([1, 2, 4, 8, 16, 32, 32, 32].map((minutes) => minutes * minute))
    expect(cooled(exhausted, 7)).toEqual([1, 2, 4, 8, 16, 24, 24].map((hours) => hours * hour))
  })
  test('is not made longer by refusals while it lasts', () => {
    const again = judged(judged(fresh, busy(), start), busy(), start + 1000)
    expect(again).toMatchObject({ strikes: 1, coolingUntil: start + 1000 + minute, failures: 2 })
  })
  test('begins at a minute again after a success', () => {
    const twice = judged(judged(fresh, busy(), start), busy(), start + hour)
    expect(twice.coolingUntil).toBe(start + hour + 2 * minute)
    expect(judged(worked(twice), busy(), start).coolingUntil).toBe(start + minute)
  })
  test('that is over is none', () => {
    const standing = judged(fresh, busy(1000), start)
    expect([0, 900, 1000].map((ms) => healthAt({ standing, expiresAt: null }, start + ms))).toEqual(['cooling', 'cooling', 'ok'])
  })
})
describe('where none is left', () => {
  const guessed = (id: string, ms: number) => one(id, { standing: { ...fresh, health: 'cooling', coolingUntil: start + ms } })
  const namedUntil = (id: string, ms: number) => one(id, { standing: { ...fresh, health: 'cooling', named: true, coolingUntil: start + ms } })
  const broken = (id: string) => one(id, { standing: judged(fresh, failed, start) })
  test('those that cool by our own guess are asked, the soonest first', () => {
    expect(order([guessed('b', 9000), guessed('a', 5000), namedUntil('c', 1000), broken('d')], start)).toMatchObject({
      use: [{ id: 'a' }, { id: 'b' }],
      waitMs: null,
    })
  })
  test('a time that the provider has named is kept', () => {
    expect(order([namedUntil('a', 9000), namedUntil('b', 4000), broken('c')], start)).toEqual({ use: [], waitMs: 4000 })
  })
  test('failed ones are asked once more, and ones that are off or expired never', () => {
    expect(ids([broken('a'), one('off', { enabled: false }), one('old', { expiresAt: start })])).toEqual(['a'])
    expect(order([one('off', { enabled: false })], start)).toEqual({ use: [], waitMs: null })
  })
})
test('what is not the fault of the credential changes nothing', () => {
  for (const kind of ['overloaded', 'network', 'malformed', 'overflow', 'refused'] as const) {
    const verdict = verdictOf(new ModelError(kind, 'x', { status: kind === 'overloaded' ? 503 : undefined }))
    expect([kind, verdict.kind]).toEqual([kind, 'blameless'])
    expect(judged(fresh, verdict, start)).toBe(fresh)
  }
})
test.each([
  ['auth', 401, 'bad key', 'failed'],
  ['auth', 403, 'not for you', 'failed'],
  ['rate_limited', 429, 'slow down', 'busy'],
  ['refused', 402, 'Payment required', 'exhausted'],
  ['refused', 429, 'You exceeded your current quota', 'exhausted'],
  ['refused', 400, 'Your credit balance is too low to access the Anthropic API.', 'exhausted'],
  ['refused', 400, 'max_tokens is too large', 'blameless'],
] as const)('a failure of kind %s with status %s and "%s" says: %s', (kind, status, message, says) => {
  expect(verdictOf(new ModelError(kind, message, { status, retryAfterMs: 5 }))).toMatchObject({ kind: says, status, message })
})
test('a test that works sets all right, one that is refused does not, and one that reaches nobody says nothing', () => {
  const bad = judged(fresh, failed, start)
  const probe = (works: boolean, status: number | null) => judged(bad, verdictOfProbe({ works, status, message: '' }), start)
  expect(probe(true, 200)).toMatchObject({ health: 'ok', strikes: 0 })
  expect([probe(false, 401), probe(false, 403)].map(({ health }) => health)).toEqual(['failed', 'failed'])
  expect(probe(false, 429).health).toBe('cooling')
  expect([probe(false, null), probe(false, 500), probe(false, 404)]).toEqual([bad, bad, bad])
})
