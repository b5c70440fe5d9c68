import { expect, test } from 'vitest'
import { exportAddress, filtersOf, localTime, queryOf } from './filters.ts'

test('the address and the download ask for the same executions', () => {
  const filters = filtersOf({ status: 'failed', tool: 'files.read', since: '2026-01-02T03:04', page: '2', caller: '' })
  expect(Object.keys(filters)).toEqual(['status', 'tool', 'since'])
  const query = queryOf(filters)
  expect(query).toEqual({ status: 'failed', toolId: 'files.read', since: new Date('2026-01-02T03:04').toISOString() })
  expect(exportAddress(filters)).toBe(`/v1/history/export?${new URLSearchParams(query as Record<string, string>).toString()}`)
  expect(exportAddress({})).toBe('/v1/history/export')
})
test('what is no filter is left out, so that a broken address still shows the history', () => {
  expect(queryOf({ status: 'gone', tool: '../x', app: 'A', workflow: 'x', since: 'yesterday' })).toEqual({})
})
test('a time comes back as it was chosen', () => {
  expect(localTime('2026-01-02T03:04')).toBe('2026-01-02T03:04')
  expect(localTime(undefined)).toBe('')
})
