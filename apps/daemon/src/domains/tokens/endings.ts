const longestTimerMs = 2_000_000_000
/** One abort signal per credential, aborted when it is revoked or expires, so that open connections end with it. */
export function createEndings() {
  const open = new Map<string, { controller: AbortController; timer?: NodeJS.Timeout }>()
  const end = (id: string) => {
    const entry = open.get(id)
    if (!entry) return
    open.delete(id)
    clearTimeout(entry.timer)
    entry.controller.abort(new Error('The credential has ended.'))
  }
  const arm = (id: string, atMs: number): NodeJS.Timeout => {
    const left = atMs - Date.now()
    const timer = setTimeout(() => (left <= longestTimerMs ? end(id) : rearm(id, atMs)), Math.max(0, Math.min(left, longestTimerMs)))
    return timer.unref()
  }
  const rearm = (id: string, atMs: number) => {
    const entry = open.get(id)
    if (entry) entry.timer = arm(id, atMs)
  }
  return {
    /** The signal of this credential; `expiresAt` in ms since 1970, null: never. */
    of(id: string, expiresAt: number | null): AbortSignal {
      const known = open.get(id)
      if (known) return known.controller.signal
      const controller = new AbortController()
      open.set(id, { controller, ...(expiresAt === null ? {} : { timer: arm(id, expiresAt) }) })
      return controller.signal
    },
    end,
    close() {
      for (const { timer } of open.values()) clearTimeout(timer)
      open.clear()
    },
  }
}
