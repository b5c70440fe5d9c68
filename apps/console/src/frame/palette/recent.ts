const kept = 'steward.found'
const most = 30

/** Ids of what was chosen in the palette in this browser, last first. */
export function recentIds(): readonly string[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(kept) ?? '[]')
    return Array.isArray(value) ? value.filter((id) => typeof id === 'string') : []
  } catch {
    return []
  }
}
/** Remembers a choice. */
export const rememberId = (id: string): void =>
  localStorage.setItem(kept, JSON.stringify([id, ...recentIds().filter((one) => one !== id)].slice(0, most)))
