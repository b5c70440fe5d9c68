import type { Json } from '../types.ts'
import type { Catalog, Entry } from './catalog.ts'
import type { Clause } from './clauses.ts'
import type { PlanStep } from './types.ts'

const SAID =
  /^(?:add|create|make|put|write|new)\s+(?:(?:a|an|the|my|new)\s+)*(?:todo|to-do|task)s?\b(?:\s+(?:item|entry)\b)?\s*(?:(?::|to|that says|saying|called)\s*)?(.+)$/i
const PUT = /^(?:add|put|write|append)\s+(.+?)\s+(?:to|on|onto|in|into)\s+(?:the|my|our)?\s*(?:todo|to-do|task)s?(?:[ -]?list)?$/i
const STATES: { readonly [box: string]: string } = { ' ': 'pending', '>': 'in_progress', x: 'completed' }

/**
 * "add todo buy milk" where the only tool replaces the whole list: the list is read first, and written again with the entry at its end, so that
 * nothing on it is lost. Null for any other clause, and where the tools do not come in such a pair.
 */
export function todoSteps(clause: Clause, catalog: Catalog, inScope: (entry: Entry) => boolean, at: number): PlanStep[] | null {
  if (clause.question) return null
  const [first, last] = [clause.tokens[0], clause.tokens.at(-1)]
  if (!first || !last) return null
  const line = clause.text.slice(first.start, last.end)
  const content = (PUT.exec(line)?.[1] ?? SAID.exec(line)?.[1] ?? '').replace(/^["'`“](.*)["'`”]$/s, '$1').trim()
  if (!content || /^(?:list|item|entry|it|them|that|this|for|from|in|on)\b/i.test(content)) return null
  for (const writer of catalog.entries) {
    if (!inScope(writer) || !writer.own.includes('writ')) continue
    const [list, ...more] = writer.properties().filter((property) => property.required)
    const fields =
      list?.kind === 'list'
        ? (list.inner[0]?.inner
            .map((field) => field.name)
            .toSorted()
            .join() ?? '')
        : ''
    const reader = catalog.entries.find(
      (entry) =>
        inScope(entry) &&
        entry.app === writer.app &&
        entry.own.includes('read') &&
        !entry.acts &&
        !entry.properties().some((property) => property.required),
    )
    if (!list || more.length > 0 || fields !== 'content,id,status' || !reader) continue
    return [
      { toolId: reader.tool.id, inputs: {} },
      { toolId: writer.tool.id, inputs: {}, from: { [list.name]: { step: at, pick: 'todos', add: content } } },
    ]
  }
  return null
}
/** The list that was read (a line `[ ] id: content` each) with one entry more; null when a line cannot be understood, for then writing would lose it. */
export function withTodo(text: string, content: string): Json[] | null {
  const lines = /^the to-?do list is empty\.?$/i.test(text.trim()) ? [] : text.trim().split('\n')
  const items = lines.map((line) => /^\[([ >x])\] ([^:]{1,64}): (.+)$/.exec(line))
  if (items.some((item) => item === null)) return null
  const kept = items.flatMap((item) => (item ? [{ id: item[2] ?? '', content: item[3] ?? '', status: STATES[item[1] ?? ''] ?? 'pending' }] : []))
  const ids = new Set(kept.map((item) => item.id))
  let number = kept.length + 1
  while (ids.has(String(number))) number += 1
  return [...kept, { id: String(number), content, status: 'pending' }]
}
