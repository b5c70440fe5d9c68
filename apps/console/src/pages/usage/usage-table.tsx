import { Money } from '../../parts/facts.tsx'
import { count } from '../../parts/format.ts'
import { Plain } from '../../parts/plain.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { usage as words } from '../../text/usage.ts'
import { cacheShare, tokensOf, type Total } from './sums.ts'
import type { Grouping } from './use-totals.ts'

export interface UsageTableProps {
  readonly by: Grouping
  readonly rows: readonly Total[]
  readonly nameOf: (key: string) => string
  /** Opens the runs behind a row. */
  readonly onOpen: (key: string) => void
}
const figure = (id: string, header: string, value: (row: Total) => number, hideBelow?: 'sm' | 'lg'): Column<Total> => ({
  id,
  header,
  cell: (row) => <span title={value(row).toLocaleString('en-US')}>{count(value(row))}</span>,
  width: 96,
  align: 'end',
  sort: (a, b) => value(a) - value(b),
  ...(hideBelow ? { hideBelow } : {}),
})
const share = (row: Total) => cacheShare(row) ?? 0
/** The same figures as the chart's, row by row. A row leads to its runs. */
export function UsageTable({ by, rows, nameOf, onOpen }: UsageTableProps) {
  const columns: readonly Column<Total>[] = [
    {
      id: 'key',
      header: words.tabs[by],
      cell: ({ key }) => <Plain text={nameOf(key)} className="whitespace-pre!" />,
      width: '1fr',
      sort: (a, b) => nameOf(a.key).localeCompare(nameOf(b.key)),
    },
    {
      id: 'cost',
      header: words.cost,
      cell: ({ costUsd }) => <Money usd={costUsd} />,
      width: 90,
      align: 'end',
      sort: (a, b) => a.costUsd - b.costUsd,
    },
    figure('tokens', words.tokens, tokensOf),
    figure('input', words.input, ({ inputTokens }) => inputTokens, 'lg'),
    figure('output', words.output, ({ outputTokens }) => outputTokens, 'lg'),
    {
      id: 'cache',
      header: words.cache,
      cell: (row) => `${Math.round(share(row) * 100)} %`,
      width: 90,
      align: 'end',
      sort: (a, b) => share(a) - share(b),
      hideBelow: 'lg',
    },
    figure('runs', words.runs, ({ runs }) => runs),
    figure('turns', words.calls, ({ turns }) => turns, 'sm'),
  ]
  return <Table label={words.table} columns={columns} rows={rows} rowKey={({ key }) => key} onOpen={({ key }) => onOpen(key)} />
}
