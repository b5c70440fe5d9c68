import { parts as words } from '../../text/parts.ts'
import { Status } from '../status.tsx'
import type { Link } from './layout.ts'
import type { GraphNode } from './nodes.ts'

export interface GraphListProps {
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly Link[]
  readonly selected: string | undefined
  readonly onSelect: ((id: string) => void) | undefined
}
/** The graph as a list: each node with its state and what it leads to. */
export function GraphList({ nodes, edges, selected, onSelect }: GraphListProps) {
  const labels = new Map(nodes.map(({ id, label }) => [id, label]))
  return (
    <ol className="flex flex-col">
      {nodes.map((node) => {
        const next = edges.filter(({ from }) => from === node.id).flatMap(({ to }) => labels.get(to) ?? [])
        const content = (
          <>
            <span className="font-bold">{node.label}</span>
            {node.state !== undefined && <Status state={node.state} {...(node.word === undefined ? {} : { word: node.word })} />}
            {node.note !== undefined && <span className="text-muted">{node.note}</span>}
            {next.length > 0 && <span className="text-muted">{words.leadsTo(next)}</span>}
          </>
        )
        const shape = 'flex min-h-8 w-full flex-wrap items-center gap-x-3 px-3 py-1 text-left'
        return (
          <li key={node.id} className="border-b last:border-b-0">
            {onSelect ? (
              <button
                type="button"
                aria-pressed={node.id === selected}
                onClick={() => onSelect(node.id)}
                className={`${shape} hover:bg-panel ${node.id === selected ? 'bg-accent-soft' : ''}`}
              >
                {content}
              </button>
            ) : (
              <div className={shape}>{content}</div>
            )}
          </li>
        )
      })}
    </ol>
  )
}
