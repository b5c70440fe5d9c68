/** What is being completed: the kind, the text after its sign, and from where to where it stands. */
export interface Trigger {
  readonly kind: 'command' | 'skill' | 'file'
  readonly query: string
  readonly from: number
  readonly to: number
}
/** Whether a command, a skill or a file name is being written at the cursor. `/` counts at the very start only, `@` after a blank. */
export function triggerAt(text: string, caret: number): Trigger | null {
  const before = text.slice(0, caret)
  const slash = /^\/(skill:)?([\w-]*)$/.exec(before)
  if (slash) return { kind: slash[1] === undefined ? 'command' : 'skill', query: (slash[2] ?? '').toLowerCase(), from: 0, to: caret }
  const at = /(?:^|\s)@([^\s@]{0,400})$/.exec(before)
  if (!at) return null
  const query = at[1] ?? ''
  const rest = /^[^\s@]*/.exec(text.slice(caret))?.[0] ?? ''
  return { kind: 'file', query, from: caret - query.length - 1, to: caret + rest.length }
}
/** The text with what was chosen in place of what was being written, and where the cursor stands then. */
export function complete(text: string, { from, to }: Pick<Trigger, 'from' | 'to'>, chosen: string): { text: string; caret: number } {
  const after = text.slice(to)
  const gap = after.startsWith(' ') || chosen.endsWith(' ') ? '' : ' '
  return { text: text.slice(0, from) + chosen + gap + after, caret: from + chosen.length + 1 }
}
/** Names that fit a query: those that begin with it, then those that hold it. */
export function fitting<T>(items: readonly T[], query: string, nameOf: (item: T) => string): T[] {
  const named = items.map((item) => ({ item, at: nameOf(item).toLowerCase().indexOf(query.toLowerCase()) }))
  return [...named.filter(({ at }) => at === 0), ...named.filter(({ at }) => at > 0)].map(({ item }) => item)
}
