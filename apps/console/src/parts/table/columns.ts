import type { ReactNode } from 'react'

export interface Column<Row> {
  readonly id: string
  /** Its name, above it or, on a phone, beside each value. */
  readonly header: string
  readonly cell: (row: Row) => ReactNode
  /** A CSS width or share: `120px`, `2fr`; a number is pixels. One share of what is left when not said. */
  readonly width?: string | number
  readonly align?: 'end'
  /** On a card its values stand without its name. */
  readonly bare?: boolean
  /** Makes the column sortable; orders from small to large. */
  readonly sort?: (a: Row, b: Row) => number
  /** Left out in windows narrower than this. The first column always stays. */
  readonly hideBelow?: 'sm' | 'lg'
}
export interface Order {
  readonly id: string
  readonly down: boolean
}
const share = /^([\d.]+)fr$/
/** The tracks of a CSS grid. Shares may become narrower than what stands in them, so that a long word cuts itself off and nobody else. */
export const tracksOf = (columns: readonly Pick<Column<never>, 'width'>[]): string =>
  columns.map(({ width = '1fr' }) => (typeof width === 'number' ? `${width}px` : share.test(width) ? `minmax(0, ${width})` : width)).join(' ')

/** The columns for a window. */
export const shownColumns = <Row>(columns: readonly Column<Row>[], isNarrow: boolean, isBelowLarge: boolean): readonly Column<Row>[] =>
  columns.filter(({ hideBelow }, index) => index === 0 || !((hideBelow === 'sm' && isNarrow) || (hideBelow === 'lg' && isBelowLarge)))

/** Rows in a column's order; as they came without one. Equal rows keep their places. */
export function inOrder<Row>(rows: readonly Row[], columns: readonly Column<Row>[], order: Order | undefined): readonly Row[] {
  const sort = columns.find(({ id }) => id === order?.id)?.sort
  if (!order || !sort) return rows
  return rows.toSorted(order.down ? (a, b) => sort(b, a) : sort)
}
/** A press on a column's name: up, then down, then as the rows came. */
export function nextOrder(order: Order | undefined, id: string): Order | undefined {
  if (order?.id !== id) return { id, down: false }
  return order.down ? undefined : { id, down: true }
}
