import type { CSSProperties, MouseEvent, ReactNode, Ref } from 'react'
import type { Column } from './columns.ts'

export interface TableRowProps<Row> {
  readonly row: Row
  readonly index: number
  readonly columns: readonly Column<Row>[]
  readonly tracks: CSSProperties
  /** Pixels from the start of the body. */
  readonly top: number
  readonly isCard: boolean
  readonly measure: Ref<HTMLDivElement> | undefined
  readonly href: ((row: Row) => string | undefined) | undefined
  readonly onOpen: ((row: Row) => void) | undefined
}
/** What opens the row covers all of it; what can be pressed or read by itself lies above. */
const opens =
  'min-w-0 max-w-full truncate text-left after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:rounded-sm focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent'
const above = '[&_:is(button,a,input,select,label,time,[title])]:relative [&_:is(button,a,input,select,label,time,[title])]:z-1'
const isPlain = (event: MouseEvent) => event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey

function Opener<Row>({ row, href, onOpen, children }: Pick<TableRowProps<Row>, 'row' | 'href' | 'onOpen'> & { readonly children: ReactNode }) {
  const address = href?.(row)
  if (href && address === undefined) return children
  if (address !== undefined)
    return (
      <a
        data-opens
        href={address}
        className={opens}
        onClick={(event) => {
          if (!onOpen || !isPlain(event)) return
          event.preventDefault()
          onOpen(row)
        }}
      >
        {children}
      </a>
    )
  if (onOpen)
    return (
      <button type="button" data-opens className={opens} onClick={() => onOpen(row)}>
        {children}
      </button>
    )
  return children
}
const isNothing = (content: ReactNode) => content === null || content === undefined || content === '' || typeof content === 'boolean'

/** One row, or on a phone one card. */
export function TableRow<Row>({ row, index, columns, tracks, top, isCard, measure, href, onOpen }: TableRowProps<Row>) {
  const canOpen = href !== undefined || onOpen !== undefined
  const at = { position: 'absolute', insetInline: 0, top: 0, transform: `translateY(${top}px)` } as const
  const surface = `${canOpen ? 'hover:bg-panel' : ''}`
  return (
    <div
      ref={measure}
      role="row"
      aria-rowindex={index + 2}
      data-index={index}
      data-row={index}
      className={isCard ? `flex flex-col gap-1 border-b py-2.5 ${surface}` : `grid h-8 border-b ${surface}`}
      style={isCard ? at : { ...at, ...tracks }}
    >
      {columns.map((column, position) => {
        const content = column.cell(row)
        if (position === 0)
          return (
            <div key={column.id} role="cell" className={`flex min-w-0 items-center px-2 ${isCard ? 'font-bold' : ''}`}>
              <Opener row={row} href={href} onOpen={onOpen}>
                {isNothing(content) ? <span className="text-muted">—</span> : <span className="block min-w-0 flex-1 truncate">{content}</span>}
              </Opener>
            </div>
          )
        if (isCard && isNothing(content)) return null
        return (
          <div
            key={column.id}
            role="cell"
            className={`flex min-w-0 items-center px-2 ${above} ${column.align === 'end' && !isCard ? 'justify-end text-right' : ''} ${isCard ? 'gap-3' : ''}`}
          >
            {isCard && column.bare !== true && (
              <span aria-hidden className="w-28 shrink-0 truncate text-xs text-muted">
                {column.header}
              </span>
            )}
            <div className={`min-w-0 truncate ${isCard && column.bare === true ? 'flex-1' : ''}`}>{content}</div>
          </div>
        )
      })}
    </div>
  )
}
