import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import type uPlot from 'uplot'
import { parts as words } from '../../text/parts.ts'
import { drawPlot } from './plot.ts'
import { colours, figuresAt, textColours, type Series } from './series.ts'

export interface CanvasProps {
  readonly label: string
  readonly kind: 'bars' | 'line'
  readonly x: readonly string[]
  readonly series: readonly Series[]
  readonly format: (value: number) => string
}
const height = 200
/** Where the arrow keys lead. */
const steps: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowLeft: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  Home: () => 0,
  End: (_, last) => last,
}
/** Counts up when the colours of the page change. */
function useThemeChanges(): number {
  const [changes, setChanges] = useState(0)
  useEffect(() => {
    const again = () => setChanges((count) => count + 1)
    const watch = new MutationObserver(again)
    watch.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
    const scheme = matchMedia('(prefers-color-scheme: dark)')
    scheme.addEventListener('change', again)
    return () => {
      watch.disconnect()
      scheme.removeEventListener('change', again)
    }
  }, [])
  return changes
}
/** The picture. What the pointer or an arrow key points at is said in a box, and to screen readers. */
export function Canvas({ label, kind, x, series, format }: CanvasProps) {
  const holder = useRef<HTMLDivElement>(null)
  const probes = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(undefined)
  const say = useRef(format)
  const [at, setAt] = useState<number | null>(null)
  const [left, setLeft] = useState(0)
  const theme = useThemeChanges()
  const data = JSON.stringify([x, series])
  useEffect(() => {
    say.current = format
  })
  useEffect(() => {
    const [box, colourBox] = [holder.current, probes.current]
    if (!box || !colourBox) return
    const [names, figures] = JSON.parse(data) as [string[], Series[]]
    const [ink = '', line = '', ...ofSeries] = [...colourBox.children].map((probe) => getComputedStyle(probe).color)
    const drawn = drawPlot(box, {
      kind,
      x: names,
      series: figures,
      format: (value) => say.current(value),
      height,
      colours: { ink, line, series: ofSeries },
      onPoint(index, position) {
        setAt(index)
        setLeft(position)
      },
    })
    plot.current = drawn
    const watch = new ResizeObserver(() => drawn.setSize({ width: box.clientWidth, height }))
    watch.observe(box)
    return () => {
      watch.disconnect()
      drawn.destroy()
    }
  }, [data, kind, theme])
  const point = (index: number | null) =>
    plot.current?.setCursor(index === null ? { left: -10, top: -10 } : { left: plot.current.valToPos(index, 'x'), top: 10 })
  const onKeyDown = (event: KeyboardEvent) => {
    const step = steps[event.key]
    if (event.key === 'Escape' && at !== null) point(null)
    else if (step) point(Math.min(Math.max(step(at ?? (event.key === 'ArrowLeft' ? x.length : -1), x.length - 1), 0), x.length - 1))
    else return
    event.preventDefault()
  }
  const pointed = at === null || at >= x.length ? undefined : figuresAt(series, at)
  return (
    <div className="relative min-w-0">
      <div ref={probes} hidden>
        <i className="text-muted" />
        <i className="text-line" />
        {textColours.map((colour) => (
          <i key={colour} className={colour} />
        ))}
      </div>
      <div
        ref={holder}
        role="group"
        aria-label={`${label}. ${words.chartKeys}`}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onBlur={() => point(null)}
        className="overflow-hidden rounded-sm"
        style={{ height }}
      />
      <div
        role="status"
        className={pointed ? 'pointer-events-none absolute top-1 z-10 rounded-sm border bg-raised px-2 py-1 text-xs shadow-lifted' : 'sr-only'}
        style={besides(left, holder.current)}
      >
        {pointed && (
          <>
            <div className="font-bold">{x[at ?? 0]}</div>
            {pointed.figures.map(({ label: name, value }, index) => (
              <div key={name} className="flex items-center gap-2">
                <span aria-hidden className={`size-2 rounded-full ${colours[index % colours.length]}`} />
                <span className="flex-1">{name}</span>
                <span>{value === null ? '—' : format(value)}</span>
              </div>
            ))}
            {kind === 'bars' && series.length > 1 && (
              <div className="flex gap-2 border-t pt-0.5">
                <span className="flex-1">{words.total}</span>
                <span>{format(pointed.total)}</span>
              </div>
            )}
          </>
        )}
      </div>
    </div>
  )
}
/** The box stands on the side of the pointer where there is room. */
function besides(left: number, box: HTMLElement | null) {
  const width = box?.clientWidth ?? 0
  return left > width / 2 ? { right: width - left + 10 } : { left: left + 10 }
}
