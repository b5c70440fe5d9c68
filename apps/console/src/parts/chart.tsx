import { Suspense, useState } from 'react'
import { late } from './late.ts'
import { parts as words } from '../text/parts.ts'
import { Button } from './button.tsx'
import { FigureTable } from './chart/figure-table.tsx'
import { colours, type Series } from './chart/series.ts'
import { Loading } from './notes.tsx'

export type { Series } from './chart/series.ts'
export interface ChartProps {
  readonly label: string
  /** Bars of several series stand on each other; lines do not. */
  readonly kind: 'bars' | 'line'
  /** What stands below: days, models, agents. */
  readonly x: readonly string[]
  /** A value for each of `x`; null where nothing is known. */
  readonly series: readonly Series[]
  readonly format?: (value: number) => string
}
const Canvas = late(async () => (await import('./chart/canvas.tsx')).Canvas)

/** Figures as a picture; the same figures as a table at a press. */
export function Chart({ label, kind, x, series, format = (value) => value.toLocaleString('en-US') }: ChartProps) {
  const [isTable, setIsTable] = useState(false)
  if (x.length === 0 || series.length === 0) return <p className="p-4 text-muted">{words.noFigures}</p>
  return (
    <figure aria-label={label} className="flex min-w-0 flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        {!isTable &&
          series.length > 1 &&
          series.map((one, index) => (
            <span key={one.label} className="inline-flex items-center gap-1.5 text-xs">
              <span aria-hidden className={`size-2.5 rounded-full ${colours[index % colours.length]}`} />
              {one.label}
            </span>
          ))}
        <span className="flex-1" />
        <Button kind="quiet" size="sm" onClick={() => setIsTable(!isTable)}>
          {isTable ? words.picture : words.figures}
        </Button>
      </div>
      {isTable ? (
        <FigureTable label={label} x={x} series={series} format={format} />
      ) : (
        <Suspense fallback={<Loading />}>
          <Canvas label={label} kind={kind} x={x} series={series} format={format} />
        </Suspense>
      )}
    </figure>
  )
}
