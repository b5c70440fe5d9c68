import { call } from './daemon.ts'

const kept = 'steward.welcomed'
/** Remembers, in this browser, that the welcome was shown. */
export const rememberVisit = (): void => localStorage.setItem(kept, '1')
/** Whether to begin with the welcome: once in a browser, and only where nothing but the builtin planner is there. Never throws: a page that can be shown is. */
export async function isFirstVisit(): Promise<boolean> {
  if (localStorage.getItem(kept) !== null) return false
  try {
    const { items } = await call('models.list', { available: true, limit: 2 })
    rememberVisit()
    return items.every(({ id }) => id === 'builtin')
  } catch {
    return false
  }
}
