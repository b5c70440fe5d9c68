import type { WithLock } from './lock.ts'

/** The lock of a relay that is one node: the work always runs, one of a name at a time, in the order of the calls. */
export function createLocalLock(): WithLock {
  const tails = new Map<string, Promise<unknown>>()
  return async (name, _ttlMs, work) => {
    const run = () => work(new AbortController().signal)
    const mine = (tails.get(name) ?? Promise.resolve()).then(run, run)
    tails.set(name, mine)
    try {
      await mine
      return true
    } finally {
      if (tails.get(name) === mine) tails.delete(name)
    }
  }
}
