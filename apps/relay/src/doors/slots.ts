/** Bounds what one key has at once. */
export interface Slots {
  /** Takes some for a key; undefined where it has too many. What it gives is called when they are free again; a second call does nothing. */
  take(key: string, weight?: number): (() => void) | undefined
}
/** So many slots for each key, of which one that has none may always take some, whatever they weigh. */
export function createSlots(most: number): Slots {
  const taken = new Map<string, number>()
  return {
    take(key, weight = 1) {
      const had = taken.get(key) ?? 0
      if (had > 0 && had + weight > most) return undefined
      taken.set(key, had + weight)
      let held = true
      return () => {
        if (!held) return
        held = false
        const left = (taken.get(key) ?? 0) - weight
        if (left > 0) taken.set(key, left)
        else taken.delete(key)
      }
    },
  }
}
