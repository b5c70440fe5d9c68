/** How patient a sender is. Milliseconds. */
export interface Patience {
  /** Calls wait so long for a connection before they fail; streams wait for ever. */
  readonly patienceMs: number
  readonly firstMs: number
  readonly mostMs: number
}
export const patience: Patience = { patienceMs: 30_000, firstMs: 100, mostMs: 5_000 }

/** How long to wait before attempt `attempt` (from 0), in milliseconds: doubled each time, with jitter, never over the most. */
export function waitBefore(attempt: number, { firstMs, mostMs }: Patience): number {
  return Math.min(mostMs, firstMs * 2 ** Math.min(attempt, 20)) * (0.5 + Math.random() / 2)
}
/** Waits before attempt `attempt`. Returns early when the signal aborts. */
export const backOff = (attempt: number, pace: Patience, signal?: AbortSignal): Promise<void> => rest(waitBefore(attempt, pace), signal)
/** Waits so long. Returns early when the signal aborts. */
export function rest(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', settle)
      resolve()
    }
    const timer = setTimeout(settle, ms)
    signal?.addEventListener('abort', settle, { once: true })
    if (signal?.aborted) settle()
  })
}
