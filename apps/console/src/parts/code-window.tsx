import { useVirtualizer } from '@tanstack/react-virtual'
import { ChevronDown, ChevronUp } from 'lucide-react'
import { useDeferredValue, useMemo, useRef, useState, type ReactNode } from 'react'
import { reading as words } from '../text/reading.ts'
import { IconButton } from './button.tsx'
import { CodeLine } from './code-line.tsx'
import { matchesIn, type Match, type Row } from './code-rows.ts'
import { CodeBar } from './code-bar.tsx'
import { Input } from './field.tsx'

const lineHeight = 18
export interface CodeWindowProps {
  readonly rows: readonly Row[]
  readonly wraps: boolean
  readonly name: string
  readonly title: string
  /** In pixels. */
  readonly maxHeight: number
  /** Buttons beside the search. */
  readonly bar: ReactNode
}
/** A long text in a window of its own, of which only what is seen is on the page. Enter and Shift+Enter in the search go to the next and previous match. */
export function CodeWindow({ rows, wraps, name, title, maxHeight, bar }: CodeWindowProps) {
  const frame = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => frame.current, estimateSize: () => lineHeight, overscan: 12 })
  const [sought, setSought] = useState('')
  const [at, setAt] = useState(0)
  const needle = useDeferredValue(sought)
  const matches = useMemo(() => matchesIn(rows, needle), [rows, needle])
  const byRow = useMemo(() => Map.groupBy(matches, ({ row }) => row), [matches])
  const current = matches[at]
  const go = (step: number) => {
    if (matches.length === 0) return
    const next = (at + step + matches.length) % matches.length
    setAt(next)
    virtual.scrollToIndex(matches[next]?.row ?? 0, { align: 'center' })
  }
  return (
    <figure aria-label={name} className="min-w-0 overflow-hidden rounded-sm border bg-panel">
      <CodeBar title={title}>
        <Input
          type="search"
          aria-label={words.search}
          placeholder={words.searchShort}
          className="h-6! w-36! text-xs"
          value={sought}
          onChange={({ target }) => {
            setSought(target.value)
            setAt(0)
            const first = matchesIn(rows, target.value)[0]
            if (first !== undefined) virtual.scrollToIndex(first.row, { align: 'center' })
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') {
              event.preventDefault()
              go(event.shiftKey ? -1 : 1)
            }
            if (event.key === 'Escape' && sought !== '') {
              event.preventDefault()
              setSought('')
            }
          }}
        />
        {needle !== '' && (
          <>
            <span role="status">{words.found(at + 1, matches.length)}</span>
            <IconButton label={words.previous} size="sm" onClick={() => go(-1)}>
              <ChevronUp aria-hidden size={13} />
            </IconButton>
            <IconButton label={words.next} size="sm" onClick={() => go(1)}>
              <ChevronDown aria-hidden size={13} />
            </IconButton>
          </>
        )}
        {bar}
      </CodeBar>
      <div ref={frame} tabIndex={0} role="region" aria-label={name} className="overflow-auto font-mono text-xs/[18px]" style={{ maxHeight }}>
        <div className="relative min-w-max" style={{ height: virtual.getTotalSize(), ...(wraps ? { minWidth: 0 } : {}) }}>
          <div className="px-3" style={{ transform: `translateY(${virtual.getVirtualItems()[0]?.start ?? 0}px)` }}>
            {virtual.getVirtualItems().map(({ index, key }) => (
              <bdi
                key={key}
                ref={virtual.measureElement}
                data-index={index}
                className={`block min-h-[18px] ${wraps ? 'wrap-anywhere whitespace-pre-wrap' : 'whitespace-pre'}`}
              >
                <CodeLine
                  row={rows[index] ?? []}
                  marks={byRow.get(index) ?? none}
                  current={current?.row === index ? byRow.get(index)?.indexOf(current) : undefined}
                />
              </bdi>
            ))}
          </div>
        </div>
      </div>
    </figure>
  )
}
const none: readonly Match[] = []
