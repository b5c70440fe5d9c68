import { readdirSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { isAside } from './names.ts'

export interface LogLimits {
  /** A file that has grown so long is put aside. */
  readonly bytes: number
  /** Files that were last written before so many days are removed. */
  readonly days: number
  /** All files together, at most; the oldest go first. */
  readonly totalBytes: number
}
const dayMs = 86_400_000
/** Removes files that were put aside: those that are too old, and the oldest until all files together are no more than they may be. */
export function prune(folder: string, { days, totalBytes }: Pick<LogLimits, 'days' | 'totalBytes'>): void {
  const found = readdirSync(folder).flatMap((name) => {
    const facts = statSync(path.join(folder, name), { throwIfNoEntry: false })
    return facts?.isFile() === true ? [{ name, size: facts.size, mtimeMs: facts.mtimeMs }] : []
  })
  let total = found.reduce((sum, { size }) => sum + size, 0)
  for (const { name, size, mtimeMs } of found.filter((file) => isAside(file.name)).toSorted((one, other) => one.mtimeMs - other.mtimeMs)) {
    if (mtimeMs >= Date.now() - days * dayMs && total <= totalBytes) return
    rmSync(path.join(folder, name), { force: true })
    total -= size
  }
}
