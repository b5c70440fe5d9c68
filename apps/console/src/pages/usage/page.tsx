import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from '../../parts/button.tsx'
import { Field, Input, Select } from '../../parts/field.tsx'
import { Empty, Failed, Loading } from '../../parts/notes.tsx'
import { Page } from '../../parts/page.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { useRead } from '../../platform/operations.ts'
import { useAddress } from '../../platform/use-address.ts'
import { text } from '../../text/index.ts'
import { usage as words } from '../../text/usage.ts'
import { Budgets } from './budgets.tsx'
import { TotalFigures } from './figures.tsx'
import { RunsBehind } from './runs-behind.tsx'
import { daysBetween, stretchOf, sumOf, type Measure, type Stretch } from './sums.ts'
import { UsageChart } from './usage-chart.tsx'
import { UsageTable } from './usage-table.tsx'
import { useTotals, type Grouping } from './use-totals.ts'

const groupings = ['day', 'model', 'agent', 'task'] as const
const ranges = Object.entries(words.ranges).map(([value, label]) => ({ value, label }))

/** What models have cost, and what they may cost. */
export function UsagePage() {
  const [address, set] = useAddress()
  const [openedAt] = useState(Date.now)
  const { range = '30d', from, to } = address
  const by = groupings.find((one) => one === address['by']) ?? 'day'
  const measure: Measure = address['show'] === 'tokens' ? 'tokens' : 'cost'
  const stretch = stretchOf(range, from, to, openedAt)
  return (
    <Page
      title={text.frame.usage}
      about={words.about}
      wide
      actions={
        <>
          <Field label={words.measure} hiddenLabel>
            {(described) => (
              <Select
                {...described}
                value={measure}
                onChange={(value) => set({ show: value === 'cost' ? undefined : value })}
                options={(['cost', 'tokens'] as const).map((value) => ({ value, label: words.measures[value] }))}
              />
            )}
          </Field>
          <Field label={words.range} hiddenLabel>
            {(described) => (
              <Select
                {...described}
                value={range}
                onChange={(value) =>
                  set({ range: value === '30d' ? undefined : value, ...(value === 'chosen' ? {} : { from: undefined, to: undefined }) })
                }
                options={ranges}
              />
            )}
          </Field>
          {range === 'chosen' &&
            (['from', 'to'] as const).map((end) => (
              <Field key={end} label={words[end]} hiddenLabel>
                {(described) => (
                  <Input
                    {...described}
                    type="date"
                    title={words[end]}
                    value={address[end] ?? ''}
                    onChange={(event) => set({ [end]: event.target.value })}
                  />
                )}
              </Field>
            ))}
        </>
      }
    >
      <Tabs
        label={words.by}
        value={by}
        onChange={(value) => set({ by: value === 'day' ? undefined : value, of: undefined })}
        tabs={groupings.map((value) => ({
          value,
          label: words.tabs[value],
          content: (
            <Grouped
              by={value}
              stretch={stretch}
              measure={measure}
              of={address['of']}
              onOf={(of) => set({ of })}
              onWiden={() => set({ range: 'all', from: undefined, to: undefined })}
            />
          ),
        }))}
      />
      <Budgets />
    </Page>
  )
}
interface GroupedProps {
  readonly by: Grouping
  readonly stretch: Stretch
  readonly measure: Measure
  /** What the runs behind are shown of. */
  readonly of: string | undefined
  readonly onOf: (key: string | undefined) => void
  readonly onWiden: () => void
}
function Grouped({ by, stretch, measure, of, onOf, onWiden }: GroupedProps) {
  const totals = useTotals(by, stretch)
  const models = useTotals('model', stretch)
  const nameOf = useNames(by)
  const rows = totals.data?.rows
  if (totals.error) return <Failed error={totals.error} retry={() => void totals.refetch()} />
  if (!rows) return <Loading rows={10} />
  if (rows.length === 0) return <Nothing isAll={stretch.since === undefined && stretch.until === undefined} onWiden={onWiden} />
  const days = by === 'day' ? daysBetween(rows.at(-1)?.key ?? '', rows[0]?.key ?? '').length : undefined
  return (
    <div className="flex flex-col gap-4">
      <TotalFigures sum={sumOf(rows)} days={days} />
      {totals.data?.isCut && <p className="text-warn">{words.incomplete}</p>}
      {models.data && <UsageChart by={by} rows={rows} models={models.data.rows} stretch={stretch} measure={measure} nameOf={nameOf} />}
      <UsageTable by={by} rows={rows} nameOf={nameOf} onOpen={(key) => key !== '' && onOf(key)} />
      {of !== undefined && <RunsBehind by={by} of={of} name={nameOf(of)} stretch={stretch} onClose={() => onOf(undefined)} />}
    </div>
  )
}
/** Names for the keys of agents and tasks; days and models are their own. What is gone keeps its id. */
function useNames(by: Grouping): (key: string) => string {
  const agents = useRead('agents.list', { limit: 200 }, { enabled: by === 'agent' })
  const tasks = useRead('tasks.list', { kind: 'stored', limit: 200 }, { enabled: by === 'task' })
  const names = new Map<string, string>([
    ...(agents.data?.items ?? []).map(({ id, name }) => [id, name] as const),
    ...(tasks.data?.items ?? []).flatMap((task) => (task.kind === 'stored' ? [[task.id, task.name] as const] : [])),
  ])
  return (key) => (key === '' ? words.noTask : (names.get(key) ?? key))
}
function Nothing({ isAll, onWiden }: { readonly isAll: boolean; readonly onWiden: () => void }) {
  return (
    <Empty
      title={words.emptyTitle}
      action={
        isAll ? (
          <Link to="/sessions" className="text-accent underline">
            {words.emptyAction}
          </Link>
        ) : (
          <Button onClick={onWiden}>{words.widen}</Button>
        )
      }
    >
      {words.empty}
    </Empty>
  )
}
