import { fit, pad, widthOf } from './clean.ts'
import { shown } from './values.ts'

/** What is said of a list first; the other columns follow in the order of the record. */
const first = ['id', 'key', 'name', 'title', 'status', 'value', 'at'] as const
const leastWidth = 8
const gap = 2
type Row = Readonly<Record<string, unknown>>
interface Column {
  readonly key: string
  readonly cells: readonly string[]
  readonly head: string
  /** Ids and short values are never cut. */
  readonly whole: boolean
  width: number
}

/** A list as a table that fits the width: columns are chosen by shape, ids stay whole, long texts are cut, what has no room is left out. */
export function table(rows: readonly Row[], columns: number): string {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((key) =>
    rows.some((row) => row[key] !== null && row[key] !== undefined && row[key] !== ''),
  )
  const all = [...first.filter((key) => keys.includes(key)), ...keys.filter((key) => !(first as readonly string[]).includes(key))].map((key) =>
    column(key, rows),
  )
  const chosen = choose(all, columns)
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, place) => pad(fit(cell, chosen[place]?.width ?? 0), chosen[place]?.width ?? 0))
      .join(' '.repeat(gap))
      .trimEnd()
  return [line(chosen.map(({ head }) => head)), ...rows.map((_, row) => line(chosen.map(({ cells }) => cells[row] ?? '')))].join('\n')
}
function column(key: string, rows: readonly Row[]): Column {
  const cells = rows.map((row) => shown(key, row[key]))
  const head = heading(key)
  const width = Math.max(widthOf(head), ...cells.map(widthOf))
  return { key, cells, head, whole: /^(id|key)$|Id$|At$|^at$/.test(key) || width <= 14, width }
}
const heading = (key: string) => key.replace(/[A-Z]/g, (letter) => ` ${letter}`).toUpperCase()

/** Takes columns from the left while their least widths have room, then shares the rest among those that were cut. */
function choose(all: readonly Column[], columns: number): Column[] {
  const chosen: Column[] = []
  let used = 0
  for (const one of all) {
    const least = one.whole ? one.width : Math.min(one.width, Math.max(leastWidth, widthOf(one.head)))
    const more = least + (chosen.length === 0 ? 0 : gap)
    if (chosen.length > 0 && used + more > columns) continue
    used += more
    chosen.push({ ...one, width: least })
  }
  let spare = columns - used
  for (const one of chosen) {
    const wanted = Math.max(widthOf(one.head), ...one.cells.map(widthOf)) - one.width
    const given = Math.max(0, Math.min(wanted, spare))
    one.width += given
    spare -= given
  }
  return chosen
}
/** One record as lines of key and value. Long texts of several lines stand under their key. */
export function record(value: Row): string {
  const entries = Object.entries(value)
  const width = Math.max(0, ...entries.map(([key]) => widthOf(label(key))))
  return entries.map(([key, field]) => `${pad(label(key), width)}  ${shown(key, field)}`).join('\n')
}
const label = (key: string) => key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
