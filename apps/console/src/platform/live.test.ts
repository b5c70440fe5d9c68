import { events } from '@steward/contract/daemon'
import { expect, test, vi } from 'vitest'

test('of every event it is said which reads it makes stale, or that there are none; none is named that is not there', async () => {
  vi.stubGlobal('location', { origin: 'http://127.0.0.1' })
  const { stale, touchesNothing } = await import('./live.ts')
  vi.unstubAllGlobals()
  const names = Object.keys(events)
  const isSaid = (name: string) => name in stale || (name.split('.')[0] ?? '') in stale || touchesNothing.has(name)
  expect(names.filter((name) => !isSaid(name))).toEqual([])
  expect([...Object.keys(stale), ...touchesNothing].filter((key) => !names.some((name) => name === key || name.startsWith(`${key}.`)))).toEqual([])
})
