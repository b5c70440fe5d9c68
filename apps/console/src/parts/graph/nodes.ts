import { states } from '../../text/common.ts'
import { parts as words } from '../../text/parts.ts'
import type { State } from '../status.tsx'
import type { Link } from './layout.ts'

export interface GraphNode {
  readonly id: string
  readonly label: string
  readonly state?: State | undefined
  /** A closer word for its state. */
  readonly word?: string | undefined
  readonly note?: string | undefined
}
/** What a node comes after and what it leads to, in words; empty where nothing does. */
export function relationsOf(nodes: ReadonlyMap<string, GraphNode>, links: readonly Link[], id: string): string {
  const labels = (ids: readonly string[]) => ids.flatMap((one) => nodes.get(one)?.label ?? [])
  const before = labels(links.filter(({ to }) => to === id).map(({ from }) => from))
  const after = labels(links.filter(({ from }) => from === id).map(({ to }) => to))
  return [...(before.length > 0 ? [words.comesAfter(before)] : []), ...(after.length > 0 ? [words.leadsTo(after)] : [])].join(', ')
}
/** A node in one sentence: its name, its state, its note, its relations. */
export function describeNode(nodes: ReadonlyMap<string, GraphNode>, links: readonly Link[], id: string): string {
  const node = nodes.get(id)
  if (!node) return ''
  const state = node.state === undefined ? undefined : (node.word ?? states[node.state])
  return [node.label, state, node.note, relationsOf(nodes, links, id)].filter((part) => part !== undefined && part !== '').join(', ')
}
