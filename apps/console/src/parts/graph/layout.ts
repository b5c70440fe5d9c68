import type { Point } from '@dagrejs/dagre'

export interface Placed {
  readonly id: string
  /** Of its middle. */
  readonly x: number
  readonly y: number
}
export interface Line {
  readonly from: string
  readonly to: string
  readonly points: readonly Point[]
}
export interface Layout {
  readonly width: number
  readonly height: number
  readonly nodes: readonly Placed[]
  readonly lines: readonly Line[]
}
export interface Link {
  readonly from: string
  readonly to: string
}
export const nodeWidth = 176
export const nodeHeight = 44

/** Places nodes by what leads to what; `down` for narrow places, otherwise to the right. Links to nodes that are not there are left out. */
export async function layOut(ids: readonly string[], links: readonly Link[], down: boolean): Promise<Layout> {
  const { Graph, layout } = await import('@dagrejs/dagre')
  const graph = new Graph()
    .setGraph({ rankdir: down ? 'TB' : 'LR', nodesep: 20, ranksep: down ? 36 : 52, marginx: 12, marginy: 12 })
    .setDefaultEdgeLabel(() => ({}))
  for (const id of ids) graph.setNode(id, { width: nodeWidth, height: nodeHeight })
  const known = new Set(ids)
  for (const { from, to } of links) if (from !== to && known.has(from) && known.has(to)) graph.setEdge(from, to)
  layout(graph)
  const { width = 0, height = 0 } = graph.graph()
  return {
    width,
    height,
    nodes: [...known].map((id) => ({ id, x: graph.node(id).x ?? 0, y: graph.node(id).y ?? 0 })),
    lines: graph.edges().map(({ v, w }) => ({ from: v, to: w, points: graph.edge(v, w).points ?? [] })),
  }
}
/** A line through points as an SVG path, its corners rounded. */
export function pathOf(points: readonly Point[]): string {
  const [first, ...rest] = points
  if (!first) return ''
  const bends = rest.slice(0, -1).map((point, index) => {
    const next = rest[index + 1] as Point
    const isLast = index === rest.length - 2
    return `Q${point.x},${point.y} ${isLast ? next.x : (point.x + next.x) / 2},${isLast ? next.y : (point.y + next.y) / 2}`
  })
  const last = rest.at(-1)
  return `M${first.x},${first.y}${bends.join('')}${bends.length === 0 && last ? `L${last.x},${last.y}` : ''}`
}
