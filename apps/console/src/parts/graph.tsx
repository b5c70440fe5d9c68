import { List, Maximize, Minus, Plus, Workflow } from 'lucide-react'
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { parts as words } from '../text/parts.ts'
import { Button, IconButton } from './button.tsx'
import { Canvas } from './graph/canvas.tsx'
import { layOut, type Layout, type Link } from './graph/layout.ts'
import { GraphList } from './graph/list.tsx'
import { describeNode, relationsOf, type GraphNode } from './graph/nodes.ts'
import { useDrag } from './graph/use-drag.ts'
import { Loading } from './notes.tsx'
import { narrow, useMedia } from './use-media.ts'

export type { GraphNode } from './graph/nodes.ts'
export interface GraphProps {
  readonly label: string
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly Link[]
  readonly selected?: string | undefined
  /** Makes nodes buttons. */
  readonly onSelect?: (id: string) => void
}
const smallest = 0.4
const largest = 2
const within = (scale: number) => Math.min(Math.max(scale, smallest), largest)

/**
 * What leads to what. It scrolls like anything else (drag, wheel, fingers, arrow keys); + and - or the wheel with Ctrl bring it nearer. The same stands there as a list for
 * those who want it so.
 */
export function Graph({ label, nodes, edges, selected, onSelect }: GraphProps) {
  const isNarrow = useMedia(narrow)
  const [isList, setIsList] = useState(false)
  const [layout, setLayout] = useState<Layout>()
  const [scale, setScale] = useState(1)
  const view = useRef<HTMLDivElement>(null)
  const drag = useDrag()
  const byId = useMemo(() => new Map(nodes.map((node) => [node.id, node])), [nodes])
  // Places depend on what leads to what only: a state that changes moves nothing.
  const shape = JSON.stringify([[...byId.keys()], edges.map(({ from, to }) => [from, to])])
  useEffect(() => {
    let wanted = true
    const [ids, links] = JSON.parse(shape) as [string[], [string, string][]]
    void layOut(
      ids,
      links.map(([from, to]) => ({ from, to })),
      isNarrow,
    ).then((placed) => wanted && setLayout(placed))
    return () => {
      wanted = false
    }
  }, [shape, isNarrow])
  const fit = useCallback(() => {
    const box = view.current
    if (box && layout) setScale(within(Math.min(1, box.clientWidth / layout.width, isNarrow ? 1 : Math.max(box.clientHeight, 240) / layout.height)))
  }, [layout, isNarrow])
  useLayoutEffect(fit, [fit])
  useEffect(() => {
    const box = view.current
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return
      event.preventDefault()
      setScale((before) => within(before * Math.exp(-event.deltaY / 300)))
    }
    // The page's own zoom can only be kept off by a listener that is not passive.
    box?.addEventListener('wheel', wheel, { passive: false })
    return () => box?.removeEventListener('wheel', wheel)
  }, [isList, layout])
  useEffect(() => {
    if (selected !== undefined)
      view.current?.querySelector(`[data-node="${CSS.escape(selected)}"]`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [selected])

  if (nodes.length === 0) return <p className="p-4 text-muted">{words.noNodes}</p>
  const describe = (id: string) => describeNode(byId, edges, id)
  const relate = (id: string) => relationsOf(byId, edges, id)
  return (
    <figure aria-label={label} className="flex min-w-0 flex-col rounded-sm border">
      <div role="group" aria-label={words.graphTools} className="flex items-center gap-1 border-b p-1">
        <Button kind="quiet" size="sm" onClick={() => setIsList(!isList)}>
          {isList ? <Workflow aria-hidden size={14} /> : <List aria-hidden size={14} />}
          {isList ? words.asGraph : words.asList}
        </Button>
        <span className="flex-1" />
        {!isList && (
          <>
            <IconButton size="sm" label={words.zoomOut} onClick={() => setScale(within(scale / 1.25))}>
              <Minus size={14} />
            </IconButton>
            <IconButton size="sm" label={words.zoomIn} onClick={() => setScale(within(scale * 1.25))}>
              <Plus size={14} />
            </IconButton>
            <Button kind="quiet" size="sm" onClick={fit}>
              <Maximize aria-hidden size={14} />
              {words.fit}
            </Button>
          </>
        )}
      </div>
      {isList ? (
        <GraphList nodes={nodes} edges={edges} selected={selected} onSelect={onSelect} />
      ) : (
        <div
          ref={view}
          role="group"
          aria-label={label}
          tabIndex={0}
          className="flex max-h-[60dvh] min-h-40 overflow-auto overscroll-contain"
          onKeyDown={(event) => {
            const step = { '+': 1.25, '=': 1.25, '-': 0.8 }[event.key]
            if (event.altKey || event.ctrlKey || event.metaKey) return
            if (step !== undefined) setScale(within(scale * step))
            else if (event.key === '0') fit()
          }}
          {...drag}
        >
          {layout ? (
            <Canvas layout={layout} nodes={byId} scale={scale} selected={selected} onSelect={onSelect} describe={describe} relate={relate} />
          ) : (
            <Loading />
          )}
        </div>
      )}
    </figure>
  )
}
