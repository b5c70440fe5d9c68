import type { Happening } from '../types.ts'

/** What is known of an event beside what it says: the task it belongs to, and which tasks' fires led to it, the first cause first. */
export interface About {
  readonly taskId: string | null
  readonly taskName: string | null
  readonly agentId: string | null
  readonly chain: readonly string[]
}
export interface Match {
  readonly events: readonly string[]
  readonly filter?:
    | {
        readonly taskId?: string | undefined
        readonly agentId?: string | undefined
        readonly sessionId?: string | undefined
        readonly status?: readonly string[] | undefined
        readonly name?: string | undefined
        readonly where?: readonly { readonly path: string; readonly equals?: unknown; readonly contains?: string | undefined }[] | undefined
      }
    | undefined
}
/** What lies at a dotted path, only over own fields of objects and places of lists; undefined where there is nothing. */
export function valueAt(value: unknown, path: string): unknown {
  let at = value
  for (const part of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined
    at = (at as Record<string, unknown>)[part]
  }
  return at
}
/** True when the text fits a pattern in which `*` stands for any text; upper and lower case are the same. Takes time in proportion to both lengths multiplied. */
export function fitsGlob(pattern: string, text: string): boolean {
  const [wanted, given] = [pattern.toLowerCase(), text.toLowerCase()]
  let [p, t, star, mark] = [0, 0, -1, 0]
  while (t < given.length) {
    if (wanted[p] === '*') [star, mark] = [p++, t]
    else if (wanted[p] === given[t]) [p, t] = [p + 1, t + 1]
    else if (star >= 0) [p, t] = [star + 1, ++mark]
    else return false
  }
  while (wanted[p] === '*') p++
  return p === wanted.length
}
const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)
const says = (event: Happening, { path, equals, contains }: { path: string; equals?: unknown; contains?: string | undefined }): boolean => {
  const value = valueAt(event, path)
  return contains === undefined ? value !== undefined && same(value, equals) : typeof value === 'string' && value.includes(contains)
}
/** True when an event is one of those that are meant: by its name, and by all that the filter says. */
export function matches({ events, filter }: Match, event: Happening, about: About): boolean {
  if (!events.includes(event.name)) return false
  if (!filter) return true
  const { taskId, agentId, sessionId, status, name, where } = filter
  return (
    (taskId === undefined || taskId === about.taskId) &&
    (agentId === undefined || agentId === about.agentId) &&
    (sessionId === undefined || sessionId === event.sessionId) &&
    (status === undefined || status.includes(String(event.data['status']))) &&
    (name === undefined || (about.taskName !== null && fitsGlob(name, about.taskName))) &&
    (where ?? []).every((one) => says(event, one))
  )
}
