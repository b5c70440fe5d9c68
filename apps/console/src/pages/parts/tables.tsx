import { useMemo, useState } from 'react'
import { Button } from '../../parts/button.tsx'
import { Duration, Money, Time } from '../../parts/facts.tsx'
import { Empty } from '../../parts/notes.tsx'
import { Section } from '../../parts/page.tsx'
import { Status } from '../../parts/status.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { say } from '../../parts/toast.tsx'
import { gallery as words } from '../../text/gallery.ts'
import { rowsOf, type Row } from './samples.ts'

const columns: readonly Column<Row>[] = [
  { id: 'name', header: 'Name', cell: ({ name }) => name, width: '3fr', sort: (a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }) },
  { id: 'state', header: 'State', cell: ({ state }) => <Status state={state} />, width: 128 },
  { id: 'model', header: 'Model', cell: ({ model }) => model, width: '1fr', hideBelow: 'lg' },
  { id: 'ms', header: 'Time', cell: ({ ms }) => <Duration ms={ms} />, width: 96, align: 'end', sort: (a, b) => a.ms - b.ms, hideBelow: 'sm' },
  { id: 'usd', header: 'Cost', cell: ({ usd }) => <Money usd={usd} />, width: 88, align: 'end', sort: (a, b) => a.usd - b.usd },
  { id: 'at', header: 'Started', cell: ({ at }) => <Time at={at} />, width: 112, align: 'end' },
]
const pageSize = 60
const lastPage = 3

/** Tables: long, growing and empty. */
export function Tables() {
  const rows = useMemo(() => rowsOf(0, 10_000), [])
  const [pages, setPages] = useState(1)
  const read = useMemo(() => rowsOf(0, pages * pageSize), [pages])
  return (
    <Section id="tables" title={words.tables}>
      <div className="h-[420px] overflow-auto border-y">
        <Table label={words.long} columns={columns} rows={rows} rowKey={({ id }) => id} onOpen={({ name }) => say(words.opened(name))} />
      </div>
      <div className="mt-4 h-60 overflow-auto border-y">
        <Table
          label={words.growing}
          columns={columns.slice(0, 3)}
          rows={read}
          rowKey={({ id }) => id}
          href={({ id }) => `/app/parts#${id}`}
          hasMore={pages < lastPage}
          more={() => setPages(pages + 1)}
        />
      </div>
      <Table
        label={words.none}
        columns={columns}
        rows={[]}
        rowKey={({ id }) => id}
        empty={
          <Empty title={words.noRows} action={<Button>{words.addRow}</Button>}>
            {words.noRowsAbout}
          </Empty>
        }
      />
    </Section>
  )
}
