import { useState } from 'react'
import { Chart } from '../../parts/chart.tsx'
import { Graph } from '../../parts/graph.tsx'
import { Meter } from '../../parts/meter.tsx'
import { Page, Section } from '../../parts/page.tsx'
import { SchemaForm } from '../../parts/schema-form.tsx'
import { Table } from '../../parts/table.tsx'

const rows = Array.from({ length: 10_000 }, (_, index) => ({ id: `r${index}`, name: `Row ${index}`, size: (index * 7919) % 1000 }))
const schema = {
  type: 'object',
  properties: {
    path: { type: 'string', description: 'Where the file lies.' },
    limit: { type: 'integer', minimum: 1, default: 20 },
    kind: { enum: ['a', 'b'] },
    deep: { type: 'boolean', description: 'Also folders in it' },
    tags: { type: 'array', items: { type: 'string' } },
    at: { type: 'string', format: 'date-time' },
    place: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    env: { type: 'object', additionalProperties: { type: 'string' } },
    target: {
      oneOf: [
        { type: 'object', title: 'A file', properties: { file: { type: 'string' } }, required: ['file'] },
        { type: 'string', title: 'A name' },
      ],
    },
    rest: {},
  },
  required: ['path'],
}
export function PartsPage() {
  const [value, setValue] = useState<unknown>({})
  const [selected, setSelected] = useState<string>()
  return (
    <Page title="Parts" wide>
      <Meter label="Context" value={120} max={200} />
      <Section title="Chart">
        <Chart
          label="Cost"
          kind="bars"
          x={['Mon', 'Tue', 'Wed', 'Thu']}
          series={[
            { label: 'claude', values: [1, 3, 2, 5] },
            { label: 'gpt', values: [2, 1, 0, 3] },
          ]}
        />
        <Chart
          label="Tokens"
          kind="line"
          x={['Mon', 'Tue', 'Wed', 'Thu']}
          series={[
            { label: 'claude', values: [1, 3, 2, 5] },
            { label: 'gpt', values: [2, 1, 0, 3] },
          ]}
        />
      </Section>
      <Section title="Graph">
        <Graph
          label="Steps"
          selected={selected}
          onSelect={setSelected}
          nodes={[
            { id: 'a', label: 'fetch', state: 'completed' },
            { id: 'b', label: 'parse', state: 'running', note: 'line 3' },
            { id: 'c', label: 'store' },
            { id: 'd', label: 'tell', state: 'failed' },
          ]}
          edges={[
            { from: 'a', to: 'b' },
            { from: 'a', to: 'c' },
            { from: 'b', to: 'd' },
            { from: 'c', to: 'd' },
          ]}
        />
      </Section>
      <Section title="Form">
        <SchemaForm schema={schema} value={value} onChange={setValue} templates />
        <pre>{JSON.stringify(value)}</pre>
      </Section>
      <Section title="Table">
        <Table
          label="Rows"
          rows={rows}
          rowKey={(row) => row.id}
          onOpen={() => undefined}
          columns={[
            { id: 'name', header: 'Name', cell: (row) => row.name, sort: (a, b) => a.name.localeCompare(b.name) },
            { id: 'size', header: 'Size', cell: (row) => row.size, align: 'end', width: 120, sort: (a, b) => a.size - b.size },
          ]}
        />
      </Section>
    </Page>
  )
}
