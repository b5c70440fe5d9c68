import { parts as words } from '../../text/parts.ts'
import { states } from '../../text/common.ts'
import type { State } from '../status.tsx'
import type { Link } from './layout.ts'

export interface GraphNode {
  readonly id: string
  readonly label: string
  readonly state?: State | undefined
  readonly note?: string | undefined
}
/** A node in one sentence: its name, its state, its note, what it comes after and what it leads to. */
export function describeNode(nodes: ReadonlyMap<string, GraphNode>, links: readonly Link[], id: string): string {
  const node = nodes.get(id)
  if (!node) return ''
  const labels = (ids: readonly string[]) => ids.flatMap((one) => nodes.get(one)?.label ?? [])
  const before = labels(links.filter(({ to }) => to === id).map(({ from }) => from))
  const after = labels(links.filter(({ from }) => from === id).map(({ to }) => to))
  return [
    node.label,
    node.state === undefined ? undefined : states[node.state],
    node.note,
    before.length > 0 ? words.comesAfter(before) : undefined,
    after.length > 0 ? words.leadsTo(after) : undefined,
  ]
    .filter((part) => part !== undefined && part !== '')
    .join(', ')
}
