import { events } from '@steward/contract/daemon'
import { expect, test, vi } from 'vitest'

test('of every event it is said either which reads it makes stale or that there are none; none is named that is not there', async () => {
  vi.stubGlobal('location', { origin: 'http://127.0.0.1' })
  const { stale, touchesNothing } = await import('./live.ts')
  vi.unstubAllGlobals()
  const names = Object.keys(events)
  const isStale = (name: string) => name in stale || (name.split('.')[0] ?? '') in stale
  expect(names.filter((name) => isStale(name) === touchesNothing.has(name))).toEqual([])
  expect([...Object.keys(stale), ...touchesNothing].filter((key) => !names.some((name) => name === key || name.startsWith(`${key}.`)))).toEqual([])
})
