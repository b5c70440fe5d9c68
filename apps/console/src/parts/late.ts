import { lazy, type ComponentType, type LazyExoticComponent } from 'react'

const [firstWaitMs, longestWaitMs, patienceMs] = [250, 4_000, 60_000]
/**
 * A component whose code comes when it is first shown. While the daemon is away its code is asked for again, for a minute: until then what stands in for it stays.
 * React's `lazy` by itself keeps a first failure until the page is loaded anew.
 */
// oxlint-disable-next-line typescript/no-explicit-any -- any component, as React's own lazy takes it
export const late = <T extends ComponentType<any>>(load: () => Promise<T>): LazyExoticComponent<T> =>
  lazy(async () => ({ default: await insist(load) }))
async function insist<T>(load: () => Promise<T>): Promise<T> {
  const began = Date.now()
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
    try {
      return await load()
    } catch (error) {
      if (Date.now() - began > patienceMs) throw error
      await new Promise((resolve) => setTimeout(resolve, waitMs))
    }
  }
}
