import path from 'node:path'

/** What one data folder keeps of its log. */
export interface LogPlace {
  readonly folder: string
  /** The lines of all processes, appended to. */
  readonly current: string
  /** What processes say that cannot write a line any more, or not yet: their standard output and error. */
  readonly crash: string
}
/** Where the log of a data folder lies. */
export function logPlace(home: string): LogPlace {
  const folder = path.join(home, 'logs')
  return { folder, current: path.join(folder, 'steward.log'), crash: path.join(folder, 'crash.log') }
}
/** The name of a file when it is put aside: sorts by time. */
export const asideName = (kind: 'steward' | 'crash', at: Date): string => `${kind}.${at.toISOString().replaceAll(/[-:.]/g, '')}.log`
const aside = /^(?:steward|crash)\.\d{8}T\d{9}Z\.log$/
export const isAside = (name: string): boolean => aside.test(name)
/** The names of a folder that belong to the log, in the order they were written: crashes, what was put aside, the current one. */
export function logNames(names: readonly string[]): string[] {
  const rank = (name: string) => (name.startsWith('crash') ? 0 : 1)
  return names
    .filter((name) => isAside(name) || name === 'steward.log' || name === 'crash.log')
    .toSorted((one, other) => rank(one) - rank(other) || Number(!isAside(one)) - Number(!isAside(other)) || (one < other ? -1 : 1))
}
