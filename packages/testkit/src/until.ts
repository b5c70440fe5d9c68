import { setTimeout as delay } from 'node:timers/promises'

/**
 * Waits until the condition gives something truthy and returns it. It looks every 5 ms: only for what cannot ring, such as another process.
 * Throws after `timeoutMs` (default 5000), naming `what` and the last error the condition threw.
 */
export async function until<T>(condition: () => T | Promise<T>, options: { timeoutMs?: number; what?: string } = {}): Promise<T> {
  const { timeoutMs = 5000, what = 'the condition' } = options
  const deadline = performance.now() + timeoutMs
  let cause: unknown
  for (;;) {
    try {
      const value = await condition()
      if (value) return value
      cause = undefined
    } catch (error) {
      cause = error
    }
    if (performance.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain for ${what}.`, { cause })
    await delay(5)
  }
}
