import type { Scope } from './connection.ts'

export interface SeenRequest {
  readonly requestId: string
  /** The operation, where the route is one's. */
  readonly operation?: string | undefined
  readonly method: string
  /** The route's template, never the path that was asked for; undefined where none fits. */
  readonly route: string | undefined
  readonly status: number
  readonly ms: number
  /** What the client says of itself. */
  readonly client: string
}
export interface SeenEvent {
  readonly event: string
  readonly ms: number
  /** What was sent, and answered. */
  readonly payload: unknown
  readonly answer: unknown
  /** The fault's code where it was refused. */
  readonly code?: string | undefined
}
/** What rooms count. */
export type Counted = 'session_cache_hit' | 'session_cache_miss' | 'database_update_skipped'
/** Hears of the relay's work as it goes, for its log and its metrics. Every call is cheap, and none throws. */
export interface Watch {
  request(seen: SeenRequest): void
  event(seen: SeenEvent): void
  /** A socket came (1) or went (-1). */
  socket(scope: Scope, step: 1 | -1): void
  dropped(reason: string): void
  /** A socket could not keep up and reads the log for itself (1), or has caught up or gone (-1). */
  behind(step: 1 | -1): void
  /** A change was told to the sockets of its account, so long after it was made. */
  told(ms: number): void
  query(kind: string, ms: number, failed: boolean): void
  count(what: Counted): void
  /** Something went wrong inside. */
  failed(): void
}
const nothing = () => undefined
/** Watches nothing. */
export const blind: Watch = {
  request: nothing,
  event: nothing,
  socket: nothing,
  dropped: nothing,
  behind: nothing,
  told: nothing,
  query: nothing,
  count: nothing,
  failed: nothing,
}
