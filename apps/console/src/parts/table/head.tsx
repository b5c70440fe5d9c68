import { ArrowDown, ArrowUp } from 'lucide-react'
import type { CSSProperties } from 'react'
import type { Column, Order } from './columns.ts'

export interface TableHeadProps<Row> {
  readonly columns: readonly Column<Row>[]
  readonly tracks: CSSProperties
  readonly order: Order | undefined
  readonly onOrder: (id: string) => void
  /** Cards name their values themselves: the head is for those who do not see them. */
  readonly isCard: boolean
}
/** The names of the columns; those that sort are buttons. */
export function TableHead<Row>({ columns, tracks, order, onOrder, isCard }: TableHeadProps<Row>) {
  return (
    <div role="rowgroup" className={isCard ? 'sr-only' : 'sticky top-0 z-10 border-b bg-ground'}>
      <div role="row" aria-rowindex={1} className="grid h-8 items-stretch" style={tracks}>
        {columns.map((column) => {
          const isOrder = order?.id === column.id
          const Arrow = isOrder && order.down ? ArrowDown : ArrowUp
          const end = column.align === 'end' ? 'justify-end' : ''
          return (
            <div
              key={column.id}
              role="columnheader"
              aria-sort={column.sort ? (isOrder ? (order.down ? 'descending' : 'ascending') : 'none') : undefined}
              className="flex min-w-0 text-xs text-muted"
            >
              {column.sort && !isCard ? (
                <button
                  type="button"
                  onClick={() => onOrder(column.id)}
                  className={`group flex min-w-0 flex-1 items-center gap-1 px-2 hover:text-ink ${end}`}
                >
                  <span className="truncate">{column.header}</span>
                  <Arrow
                    aria-hidden
                    size={12}
                    className={isOrder ? 'shrink-0' : 'shrink-0 opacity-0 group-hover:opacity-60 group-focus-visible:opacity-60'}
                  />
                </button>
              ) : (
                <span className={`flex min-w-0 flex-1 items-center px-2 ${end}`}>
                  <span className="truncate">{column.header}</span>
                </span>
              )}
            </div>
          )
        })}
      </div>
    </div>
  )
}
