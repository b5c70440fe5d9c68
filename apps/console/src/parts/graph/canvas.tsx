import { useId } from 'react'
import { Status } from '../status.tsx'
import { nodeHeight, nodeWidth, type Layout } from './layout.ts'
import type { GraphNode } from './nodes.ts'

export interface CanvasProps {
  readonly layout: Layout
  readonly nodes: ReadonlyMap<string, GraphNode>
  readonly scale: number
  readonly selected: string | undefined
  readonly onSelect: ((id: string) => void) | undefined
  /** A node in one sentence. */
  readonly describe: (id: string) => string
  /** What leads to a node and where it leads, in words. */
  readonly relate: (id: string) => string
}
/** The drawing: lines below, nodes as buttons above. */
export function Canvas({ layout, nodes, scale, selected, onSelect, describe, relate }: CanvasProps) {
  const id = useId()
  const near = new Set(layout.lines.flatMap(({ from, to }) => (from === selected ? [to] : to === selected ? [from] : [])))
  return (
    <div className="relative m-auto shrink-0" style={{ width: layout.width * scale, height: layout.height * scale }}>
      <div className="absolute top-0 left-0 origin-top-left" style={{ width: layout.width, height: layout.height, transform: `scale(${scale})` }}>
        <svg aria-hidden className="absolute inset-0 overflow-visible" width={layout.width} height={layout.height} fill="none">
          <defs>
            {(['plain', 'lit'] as const).map((kind) => (
              <marker key={kind} id={`${id}-${kind}`} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">
                <path d="M0.5,0.5 L7,4 L0.5,7.5" className={kind === 'lit' ? 'stroke-accent' : 'stroke-line-strong'} strokeWidth="1.25" />
              </marker>
            ))}
          </defs>
          {layout.lines.map(({ from, to, path }) => {
            const lit = from === selected || to === selected
            return (
              <path
                key={`${from} ${to}`}
                d={path}
                className={lit ? 'stroke-accent' : 'stroke-line-strong'}
                strokeWidth={lit ? 2 : 1.25}
                markerEnd={`url(#${id}-${lit ? 'lit' : 'plain'})`}
              />
            )
          })}
        </svg>
        {layout.nodes.map(({ id: nodeId, x, y }) => {
          const node = nodes.get(nodeId)
          if (!node) return null
          const isSelected = nodeId === selected
          const frame = isSelected ? 'border-accent bg-accent-soft' : near.has(nodeId) ? 'border-accent bg-raised' : 'border-line-strong bg-raised'
          const Box = onSelect ? 'button' : 'div'
          return (
            <Box
              key={nodeId}
              {...(onSelect
                ? { type: 'button' as const, 'aria-pressed': isSelected, onClick: () => onSelect(nodeId) }
                : { role: 'group', tabIndex: 0, 'aria-label': describe(nodeId) })}
              data-node={nodeId}
              className={`absolute flex flex-col justify-center rounded-sm border px-2.5 text-left ${frame}`}
              style={{ left: x - nodeWidth / 2, top: y - nodeHeight / 2, width: nodeWidth, height: nodeHeight }}
            >
              <span className="truncate font-bold">{node.label}</span>{' '}
              {(node.state !== undefined || node.note !== undefined) && (
                <span className="flex min-w-0 gap-2 text-xs text-muted">
                  {node.state !== undefined && <Status state={node.state} {...(node.word === undefined ? {} : { word: node.word })} />}
                  {node.note !== undefined && <span className="truncate">{node.note}</span>}
                </span>
              )}
              {/* A button is called what is to be seen on it: people who speak to their device say that. */}
              {onSelect && <span className="sr-only"> {relate(nodeId)}</span>}
            </Box>
          )
        })}
      </div>
    </div>
  )
}
