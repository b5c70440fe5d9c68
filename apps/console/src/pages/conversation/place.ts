/** Where somebody was reading: a message, and how far its head stood above the upper edge, in pixels. */
export interface Place {
  readonly key: string
  readonly offset: number
}
const kept = (sessionId: string) => `steward.read.${sessionId}`

/** Keeps where a session is being read, for this tab; null at its live end. */
export function keepPlace(sessionId: string, place: Place | null): void {
  if (place === null) sessionStorage.removeItem(kept(sessionId))
  else sessionStorage.setItem(kept(sessionId), JSON.stringify(place))
}
/** Where a session was being read when it was left. */
export function keptPlace(sessionId: string): Place | null {
  try {
    const found = JSON.parse(sessionStorage.getItem(kept(sessionId)) ?? 'null') as Partial<Place> | null
    return typeof found?.key === 'string' && typeof found.offset === 'number' ? { key: found.key, offset: found.offset } : null
  } catch {
    return null
  }
}
