import type { EventName } from '@steward/contract/daemon'

/** A durable fact as the log holds it; `json` is its wire form. */
export interface LogEvent {
  readonly seq: number
  readonly name: EventName
  readonly at: string
  readonly sessionId: string | null
  readonly runId: string | null
  readonly json: string
}

const mostBytes = 8 * 1024 * 1024
/** The newest events of one log, serialised once and shared by all readers near the head; at most 8 MiB. */
export function createRing(head: number) {
  let items: LogEvent[] = []
  let bytes = 0
  /** Everything after this number is in `items`. */
  let floor = head
  return {
    push(event: LogEvent) {
      items.push(event)
      bytes += event.json.length * 2
      if (bytes <= mostBytes) return
      let drop = 0
      while (bytes > mostBytes / 2 && drop < items.length) bytes -= (items[drop++]?.json.length ?? 0) * 2
      floor = items[drop - 1]?.seq ?? floor
      items = items.slice(drop)
    },
    /** Events after `cursor`, as many as `limit` and `length` (of their JSON) allow; undefined when the ring does not reach back that far. */
    after(cursor: number, limit: number, sessionId: string | undefined, length: number): LogEvent[] | undefined {
      if (cursor < floor) return undefined
      let low = 0
      let high = items.length
      while (low < high) {
        const middle = (low + high) >> 1
        if ((items[middle]?.seq ?? 0) <= cursor) low = middle + 1
        else high = middle
      }
      const found: LogEvent[] = []
      let taken = 0
      for (let at = low; at < items.length && found.length < limit && taken < length; at++) {
        const item = items[at]
        if (!item || (sessionId !== undefined && item.sessionId !== sessionId)) continue
        found.push(item)
        taken += item.json.length
      }
      return found
    },
  }
}
