/** How patient a sender is. Milliseconds. */
export interface Patience {
  /** Calls wait so long for a connection before they fail; streams wait for ever. */
  readonly patienceMs: number
  readonly firstMs: number
  readonly mostMs: number
}
export const patience: Patience = { patienceMs: 30_000, firstMs: 100, mostMs: 5_000 }

/** Waits before attempt `attempt` (from 0): doubled each time, with jitter, never over the most. Returns early when the signal aborts. */
export function backOff(attempt: number, { firstMs, mostMs }: Patience, signal?: AbortSignal): Promise<void> {
  const most = Math.min(mostMs, firstMs * 2 ** Math.min(attempt, 20))
  return new Promise((resolve) => {
    const settle = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', settle)
      resolve()
    }
    const timer = setTimeout(settle, most * (0.5 + Math.random() / 2))
    signal?.addEventListener('abort', settle, { once: true })
    if (signal?.aborted) settle()
  })
}
