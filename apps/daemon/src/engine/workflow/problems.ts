import type { Problem } from '../execution/types.ts'
import { limits } from './types.ts'

/** Collects problems: each once, at most 50. */
export interface Problems {
  add(path: string, message: string): void
  addAll(problems: readonly Problem[]): void
  isFull(): boolean
  readonly list: Problem[]
}
/** Problems of a check that begins. */
export function createProblems(): Problems {
  const list: Problem[] = []
  const seen = new Set<string>()
  const isFull = () => list.length >= limits.problems
  const add = (path: string, message: string): void => {
    const key = `${path}\n${message}`
    if (isFull() || seen.has(key)) return
    seen.add(key)
    list.push({ path, message: message.slice(0, 1_000) })
  }
  return { add, addAll: (problems) => problems.forEach(({ path, message }) => add(path, message)), isFull, list }
}
/** Text that somebody else wrote, short enough for a sentence. */
export const quoted = (text: string): string => `\`${text.slice(0, 80)}\``
