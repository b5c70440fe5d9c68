import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { heights, type Series } from './series.ts'

export interface Picture {
  readonly kind: 'bars' | 'line'
  readonly x: readonly string[]
  readonly series: readonly Series[]
  readonly format: (value: number) => string
  readonly height: number
  readonly colours: { readonly ink: string; readonly line: string; readonly series: readonly string[] }
  /** What the pointer is at, null for nothing, and how many pixels from the left of the picture. */
  readonly onPoint: (index: number | null, left: number) => void
}
const font = '12px system-ui, sans-serif'

/** Draws figures into a box. Bars stand on each other: the tallest is drawn first, so that those below cover it. */
export function drawPlot(box: HTMLElement, { kind, x, series, format, height, colours, onPoint }: Picture): uPlot {
  const isBars = kind === 'bars'
  const path = isBars ? uPlot.paths.bars?.({ size: [0.7, 40] }) : uPlot.paths.linear?.()
  const order = series.map((_, index) => index)
  if (isBars) order.reverse()
  const drawn = heights(series, isBars)
  const dashes = [undefined, [6, 3], [2, 3], [8, 3, 2, 3]]
  const colourOf = (index: number) => colours.series[index % colours.series.length] ?? colours.ink
  const edge = isBars || x.length === 1 ? 0.5 : 0
  const axis = { stroke: colours.ink, font, grid: { stroke: colours.line, width: 1 }, ticks: { show: false } } satisfies uPlot.Axis
  return new uPlot(
    {
      width: box.clientWidth,
      height,
      padding: [8, 8, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false, setScale: false }, points: { show: !isBars, size: 7 } },
      scales: {
        x: { time: false, range: () => [-edge, x.length - 1 + edge] },
        y: { range: (_, low, high) => [Math.min(0, low ?? 0), uPlot.rangeNum(0, (high ?? 0) > 0 ? (high ?? 1) : 1, 0.05, true)[1] ?? 1] },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          space: 72,
          incrs: [1, 2, 5, 7, 10, 14, 30, 60, 90, 365],
          values: (_, splits) => splits.map((at) => x[at] ?? ''),
        },
        {
          ...axis,
          space: 36,
          values: (_, splits) => splits.map(format),
          size: (_, values) => 14 + Math.max(2, ...(values ?? []).map((value) => value.length)) * 7,
        },
      ],
      series: [
        {},
        ...order.map((index) => ({
          label: series[index]?.label ?? '',
          stroke: colourOf(index),
          width: isBars ? 0 : 2,
          ...(isBars ? { fill: colourOf(index) } : {}),
          ...(!isBars && dashes[index % dashes.length] ? { dash: dashes[index % dashes.length] ?? [] } : {}),
          ...(path ? { paths: path } : {}),
          points: { show: !isBars && x.length === 1 },
        })),
      ],
      hooks: { setCursor: [(plot) => onPoint(plot.cursor.idx ?? null, (plot.cursor.left ?? 0) + plot.over.offsetLeft)] },
    },
    [x.map((_, index) => index), ...order.map((index) => drawn[index] ?? [])],
    box,
  )
}
