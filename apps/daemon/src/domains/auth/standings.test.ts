import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Credential } from '../../platform/models/credential.ts'
import type { Commit, Emit } from '../../platform/storage/event-log.ts'
import { createStandings } from './standings.ts'
import type { HealthRecord } from './store.ts'

beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-03-01T12:00:00.000Z') }))
afterEach(() => void vi.useRealTimers())
const credential = (id: string, key = `key-of-${id}`): Credential => ({ id, provider: 'x', source: 'settings', where: null, key })
/** Standings over a table in memory that counts its commits; `broken`: commits fail. */
function kept() {
  const rows = new Map<string, HealthRecord>()
  const commits: { id: string; health: string; coolingUntil: string | null }[][] = []
  const reported: unknown[] = []
  const state = { broken: false }
  const commit: Commit = (write) => {
    if (state.broken) throw new Error('The disk is full.')
    const told: (typeof commits)[number] = []
    const value = write(((_name: string, data: (typeof told)[number]) => void told.push(data)) as Emit)
    commits.push(told)
    return value as never
  }
  const open = () =>
    createStandings({
      store: { health: () => [...rows.values()], putHealth: (row) => void rows.set(row.id, row) },
      commit,
      digest: (id, key) => `${id}:${key.length}`,
      now: Date.now,
      redact: (value) => (typeof value === 'string' ? (value.replaceAll('planted', '[gone]') as typeof value) : value),
      report: (error) => void reported.push(error),
    })
  return { open, rows, commits, reported, state }
}

test('a hundred calls are written together, after them, and tell only of what has turned', () => {
  const { open, rows, commits } = kept()
  const standings = open()
  for (let n = 0; n < 100; n++) {
    standings.used(credential('a'))
    standings.worked(credential('a'))
  }
  expect(commits).toEqual([])
  vi.advanceTimersByTime(1_000)
  expect(commits).toMatchObject([[{ id: 'a', health: 'ok', coolingUntil: null }]])
  expect(rows.get('a')?.standing).toMatchObject({ uses: 100, health: 'ok' })
  standings.used(credential('a'))
  vi.advanceTimersByTime(1_000)
  expect(commits[1]).toEqual([])
})
test('a turn is told with the end of its cool-down, and the words of the provider without secrets', () => {
  const { open, commits } = kept()
  const standings = open()
  standings.judge(credential('a'), { kind: 'busy', status: 429, message: 'planted is too busy', retryAfterMs: 5_000 })
  vi.advanceTimersByTime(1_000)
  expect(commits).toEqual([[{ id: 'a', provider: 'x', health: 'cooling', coolingUntil: '2026-03-01T12:00:05.000Z', removed: false }]])
  expect(standings.of(credential('a')).lastError?.message).toBe('[gone] is too busy')
})
test('what is known is there after a restart, also what a close had still to write; a changed key begins anew', () => {
  const { open } = kept()
  const standings = open()
  standings.judge(credential('a'), { kind: 'failed', status: 401, message: 'no' })
  standings.close()
  expect(open().of(credential('a'))).toMatchObject({ health: 'failed', failures: 1 })
  expect(open().of(credential('a', 'another key of it'))).toMatchObject({ health: 'untested', failures: 0 })
})
test('a write that fails is reported and made up for by the next', () => {
  const { open, rows, reported, state } = kept()
  const standings = open()
  state.broken = true
  standings.used(credential('a'))
  vi.advanceTimersByTime(1_000)
  expect(reported).toHaveLength(1)
  state.broken = false
  standings.used(credential('b'))
  vi.advanceTimersByTime(1_000)
  expect([...rows.keys()]).toEqual(['a', 'b'])
})
test('nothing is written for a credential that is gone', () => {
  const { open, rows } = kept()
  const standings = open()
  standings.used(credential('a'))
  standings.forget('a')
  vi.advanceTimersByTime(1_000)
  expect(rows.size).toBe(0)
})
