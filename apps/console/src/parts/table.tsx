import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { inOrder, nextOrder, shownColumns, tracksOf, type Column, type Order } from './table/columns.ts'
import { TableFoot } from './table/foot.tsx'
import { TableHead } from './table/head.tsx'
import { TableRow } from './table/row.tsx'
import { useRowKeys } from './table/use-row-keys.ts'
import { useScroller } from './table/use-scroller.ts'
import { belowLarge, narrow, useMedia } from './use-media.ts'

export type { Column } from './table/columns.ts'
export interface TableProps<Row> {
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row) => string
  /** A press on a row; with `href` a plain one, while others (a new tab) stay with the browser. */
  readonly onOpen?: (row: Row) => void
  /** The address of a row: it is a link then. Undefined for a row that cannot be opened now, such as one that is being edited. */
  readonly href?: (row: Row) => string | undefined
  /** There are rows that have not been read; `more` reads them, `isMore` while it does. */
  readonly hasMore?: boolean
  readonly isMore?: boolean
  readonly more?: () => void
  /** Shown when there are no rows. */
  readonly empty?: ReactNode
}
const rowHeight = 32
const cardHeight = 96
/** So many rows before the end the next page is asked for. */
const nearEnd = 20

/**
 * A table of any length: only what is in view is drawn. It scrolls with what it stands in, its head stays. J, K and arrows move from row to row. On a phone each row is a
 * card: its first column is the title, each other one a name and a value.
 */
export function Table<Row>(props: TableProps<Row>) {
  const { rows, hasMore = false, isMore = false, empty } = props
  if (rows.length === 0 && !hasMore && !isMore) return empty ?? null
  return <Filled {...props} />
}
/** A part of its own, so that what it measures is there from its first moment, also where there were no rows at first. */
function Filled<Row>({ label, columns, rows, rowKey, onOpen, href, hasMore = false, isMore = false, more }: TableProps<Row>) {
  const [order, setOrder] = useState<Order>()
  const isCard = useMedia(narrow)
  const isBelowLarge = useMedia(belowLarge)
  const shown = shownColumns(columns, isCard, isBelowLarge)
  const sorted = useMemo(() => inOrder(rows, columns, order), [rows, columns, order])
  const table = useRef<HTMLDivElement>(null)
  const body = useRef<HTMLDivElement>(null)
  const { scroller, offset } = useScroller(body)
  const virtual = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller,
    estimateSize: () => (isCard ? cardHeight : rowHeight),
    overscan: 12,
    scrollMargin: offset,
    scrollPaddingStart: rowHeight,
    getItemKey: (index) => rowKey(sorted[index] as Row),
  })
  useEffect(() => virtual.measure(), [isCard, virtual])
  const onKeyDown = useRowKeys({
    table,
    rows: sorted.length,
    active: href !== undefined || onOpen !== undefined,
    show: (index) => virtual.scrollToIndex(index),
  })
  const drawn = virtual.getVirtualItems()
  const last = drawn.at(-1)?.index ?? -1
  const asked = useRef(-1)
  useEffect(() => {
    // Once for each length: a page that cannot be read is not asked for again and again, the button at the end does that.
    if (!hasMore || isMore || last < rows.length - nearEnd || asked.current === rows.length) return
    asked.current = rows.length
    more?.()
  }, [hasMore, isMore, last, rows.length, more])

  const tracks = { gridTemplateColumns: tracksOf(shown) }
  return (
    <div ref={table} role="table" aria-label={label} aria-rowcount={hasMore ? -1 : rows.length + 1} onKeyDown={onKeyDown} className="min-w-0">
      <TableHead columns={shown} tracks={tracks} order={order} onOrder={(id) => setOrder(nextOrder(order, id))} isCard={isCard} />
      <div ref={body} role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
        {drawn.map((item) => (
          <TableRow
            key={item.key}
            row={sorted[item.index] as Row}
            index={item.index}
            columns={shown}
            tracks={tracks}
            top={item.start - offset}
            isCard={isCard}
            measure={isCard ? virtual.measureElement : undefined}
            href={href}
            onOpen={onOpen}
          />
        ))}
      </div>
      <TableFoot rows={rows.length} hasMore={hasMore} isMore={isMore} more={more} isSorted={order !== undefined} />
    </div>
  )
}
