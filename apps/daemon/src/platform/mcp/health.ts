/** Asks now and then, and when told to, one at a time, until it is stopped. `ping` never rejects. */
export function watchHealth({ everyMs, ping }: { everyMs: number; ping(): Promise<void> }): { now(): void; stop(): void } {
  let timer: NodeJS.Timeout | undefined
  let asking = false
  let stopped = false
  const ask = async (): Promise<void> => {
    if (asking || stopped) return
    asking = true
    clearTimeout(timer)
    await ping()
    asking = false
    if (!stopped) timer = setTimeout(() => void ask(), everyMs).unref()
  }
  timer = setTimeout(() => void ask(), everyMs).unref()
  return {
    now: () => void ask(),
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
