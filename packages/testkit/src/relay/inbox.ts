export interface Inbox<T> {
  readonly items: T[]
  /** An item has come. */
  put(item: T): void
  /** The first item that matches, of those in `items` or of those to come. Throws after `timeoutMs` (default 5000) with the last ones that came. */
  next(matches: (item: T) => boolean, timeoutMs?: number): Promise<T>
}

/** Collects what comes, and lets a test await one of it. `what` names it in the error of a vain wait. */
export function createInbox<T>(what: string): Inbox<T> {
  const items: T[] = []
  const waiting = new Set<(item: T) => void>()
  return {
    items,
    put(item) {
      items.push(item)
      for (const look of waiting) look(item)
    },
    next(matches, timeoutMs = 5000) {
      const found = items.find((item) => matches(item))
      if (found !== undefined) return Promise.resolve(found)
      return new Promise((resolve, reject) => {
        const look = (item: T): void => {
          if (!matches(item)) return
          clearTimeout(timer)
          waiting.delete(look)
          resolve(item)
        }
        const timer = setTimeout(() => {
          waiting.delete(look)
          const came = JSON.stringify(items.slice(-5)).slice(0, 2000)
          reject(new Error(`Waited ${timeoutMs} ms in vain for one ${what}; of ${items.length} that came the last are ${came}`))
        }, timeoutMs)
        waiting.add(look)
      })
    },
  }
}
