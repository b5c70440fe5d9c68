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
  /** An SVG path. */
  readonly path: string
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
  const middle = (id: string): Point => ({ x: graph.node(id).x ?? 0, y: graph.node(id).y ?? 0 })
  return {
    width,
    height,
    nodes: [...known].map((id) => ({ id, ...middle(id) })),
    lines: graph.edges().map(({ v, w }) => ({ from: v, to: w, path: pathOf(middle(v), middle(w), graph.edge(v, w).points ?? [], down) })),
  }
}
/**
 * A line as an SVG path: out of the middle of one side, into the middle of the opposite one, past the nodes between. One that leads back goes where the layout says.
 */
function pathOf(from: Point, to: Point, points: readonly Point[], down: boolean): string {
  const [start, end] = down
    ? [
        { x: from.x, y: from.y + nodeHeight / 2 },
        { x: to.x, y: to.y - nodeHeight / 2 },
      ]
    : [
        { x: from.x + nodeWidth / 2, y: from.y },
        { x: to.x - nodeWidth / 2, y: to.y },
      ]
  const leadsBack = down ? end.y < start.y : end.x < start.x
  // What the layout gives a line to the next rank is only the way straight over.
  const between = points.length > 3 ? points.slice(1, -1) : []
  const stops = leadsBack ? points : [start, ...between, end]
  const [first, ...rest] = stops.map(({ x, y }) => ({ x: Math.round(x), y: Math.round(y) }))
  if (!first) return ''
  const curves = rest.map((stop, index) => {
    const before = index === 0 ? first : (rest[index - 1] ?? first)
    const [x, y] = [(before.x + stop.x) / 2, (before.y + stop.y) / 2]
    return down ? `C${before.x},${y} ${stop.x},${y} ${stop.x},${stop.y}` : `C${x},${before.y} ${x},${stop.y} ${stop.x},${stop.y}`
  })
  return `M${first.x},${first.y}${curves.join('')}`
}
