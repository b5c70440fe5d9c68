import { AsyncLocalStorage } from 'node:async_hooks'

interface Turn {
  readonly lane: string
  readonly outer: Turn | undefined
  open: boolean
}
/**
 * Runs work of one lane in turn. A nested call into a lane that its own chain still holds goes straight in. A turn is over when its
 * work is: what that work left running in the background holds nothing any more and queues like everyone.
 */
export function createLanes() {
  const tails = new Map<string, Promise<unknown>>()
  const current = new AsyncLocalStorage<Turn>()
  const holds = (lane: string): boolean => {
    for (let turn = current.getStore(); turn; turn = turn.outer) if (turn.open && turn.lane === lane) return true
    return false
  }
  return async <T>(lane: string | undefined, work: () => Promise<T>): Promise<T> => {
    if (lane === undefined || holds(lane)) return work()
    const outer = current.getStore()
    const enter = async () => {
      const turn: Turn = { lane, outer, open: true }
      try {
        return await current.run(turn, work)
      } finally {
        turn.open = false
      }
    }
    const mine = (tails.get(lane) ?? Promise.resolve()).then(enter, enter)
    const tail = mine
      .catch(() => undefined)
      .finally(() => {
        if (tails.get(lane) === tail) tails.delete(lane)
      })
    tails.set(lane, tail)
    return mine
  }
}
