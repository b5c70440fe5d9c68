import type { ItemOf } from '../../platform/operations.ts'

export type Line = ItemOf<'logs.list'>
/** A line with a name of its own: equal lines, which may come in one millisecond, are told apart by their number. */
export interface NamedLine extends Line {
  readonly key: string
}
const sameness = ({ time, level, component, pid, message, details }: Line): string => JSON.stringify([time, level, component, pid, message, details])

/** Puts lines that were read into those that are known, newest first. What was read twice is there once; what was written twice is there twice. */
export function mergeLines(known: readonly NamedLine[], read: readonly Line[]): readonly NamedLine[] {
  const keys = new Set(known.map(({ key }) => key))
  const numbers = new Map<string, number>()
  const fresh: NamedLine[] = []
  for (const line of read) {
    const same = sameness(line)
    const number = numbers.get(same) ?? 0
    numbers.set(same, number + 1)
    const key = `${same}#${number}`
    if (!keys.has(key)) fresh.push({ ...line, key })
  }
  if (fresh.length === 0) return known
  return [...fresh, ...known].toSorted((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0))
}
