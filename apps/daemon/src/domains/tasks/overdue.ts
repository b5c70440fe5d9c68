/** For how long something has been due that has not begun, in milliseconds; 0 when all is in time. By the stores alone, so that a clock that stands still is seen. */
export function overdueMs(tasks: { earliest(): string | null }, fires: { earliest(): string | null }, now: number): number {
  const [first] = [tasks.earliest(), fires.earliest()].filter((at) => at !== null).toSorted()
  return first === undefined ? 0 : Math.max(0, now - Date.parse(first))
}
