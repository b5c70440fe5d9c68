import { useState } from 'react'
import { Check } from '../../../parts/field.tsx'
import { count } from '../../../parts/format.ts'
import { Failed, Loading } from '../../../parts/notes.tsx'
import { Section } from '../../../parts/page.tsx'
import { Table } from '../../../parts/table.tsx'
import { useList } from '../../../platform/operations.ts'
import { models } from '../../../text/settings-access.ts'
import { EditPrice } from './edit-price.tsx'
import type { Model } from './types.ts'

const usd = (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 4 })

/** Models with their sizes and prices, which can be corrected. */
export function Prices() {
  const [available, setAvailable] = useState(true)
  const list = useList('models.list', { limit: 200, ...(available ? { available } : {}) })
  const [opened, setOpened] = useState<Model>()
  const rows = list.items.filter(({ id }) => id !== 'builtin')
  return (
    <Section title={models.prices} actions={<Check label={models.onlyAvailable} checked={available} onChange={setAvailable} />}>
      <p className="text-muted">{models.pricesAbout}</p>
      {list.isPending ? (
        <Loading />
      ) : list.error ? (
        <Failed error={list.error} retry={list.again} />
      ) : (
        <Table<Model>
          label={models.prices}
          rows={rows}
          rowKey={({ id }) => id}
          onOpen={setOpened}
          hasMore={list.hasMore}
          isMore={list.isMore}
          more={list.more}
          empty={<p className="text-muted">{models.noPrices}</p>}
          columns={[
            {
              id: 'model',
              header: models.model,
              cell: ({ id }) => <span className="font-mono">{id}</span>,
              sort: (one, other) => one.id.localeCompare(other.id),
            },
            {
              id: 'context',
              header: models.context,
              width: '80px',
              align: 'end',
              hideBelow: 'lg',
              cell: ({ contextTokens }) => count(contextTokens),
            },
            {
              id: 'input',
              header: models.input,
              width: '80px',
              align: 'end',
              cell: ({ price }) => usd(price.input),
              sort: (one, other) => one.price.input - other.price.input,
            },
            {
              id: 'output',
              header: models.output,
              width: '80px',
              align: 'end',
              cell: ({ price }) => usd(price.output),
              sort: (one, other) => one.price.output - other.price.output,
            },
            {
              id: 'source',
              header: '',
              width: '90px',
              hideBelow: 'sm',
              cell: ({ priceSource }) => <span className="text-muted">{models.source[priceSource]}</span>,
            },
          ]}
        />
      )}
      {opened && <EditPrice model={opened} onClose={() => setOpened(undefined)} />}
    </Section>
  )
}
