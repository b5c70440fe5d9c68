const usedEveryMs = 60_000
interface Used {
  readonly id: string
  readonly lastUsedAt: string | null
}
/** When each credential was last used: known at once, written together after a second, and for each at most once a minute. */
export function createUses(write: (uses: readonly (readonly [id: string, at: string])[]) => void, report: (error: unknown) => void) {
  const unsaved = new Map<string, string>()
  let timer: NodeJS.Timeout | undefined
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    if (unsaved.size === 0) return
    try {
      write([...unsaved])
      unsaved.clear()
    } catch (error) {
      report(error)
    }
  }
  return {
    /** Hears of a use. */
    used({ id, lastUsedAt }: Used): void {
      const last = unsaved.get(id) ?? lastUsedAt
      if (last !== null && Date.now() - Date.parse(last) < usedEveryMs) return
      unsaved.set(id, new Date().toISOString())
      timer ??= setTimeout(flush, 1000).unref()
    },
    /** The record with its last use as it is known, written or not. */
    shown: <T extends Used>(record: T): T => ({ ...record, lastUsedAt: unsaved.get(record.id) ?? record.lastUsedAt }),
    /** Writes what is not written yet. */
    flush,
  }
}
