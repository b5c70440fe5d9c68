import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Plain } from '../../parts/plain.tsx'
import { Table } from '../../parts/table.tsx'
import { tools as words } from '../../text/tools.ts'
import type { Listed } from './tool.ts'

export interface ToolTableProps {
  readonly rows: readonly Listed[]
  readonly withApp?: boolean
  readonly empty?: ReactNode
}
/** Tools, each a link to what it is and where it can be tried. */
export function ToolTable({ rows, withApp = false, empty }: ToolTableProps) {
  const navigate = useNavigate()
  return (
    <Table<Listed>
      label={words.tools}
      rows={rows}
      rowKey={({ tool }) => tool.id}
      href={({ tool, app }) => `/app/tools/${app.id}?tool=${encodeURIComponent(tool.id)}`}
      onOpen={({ tool, app }) => void navigate({ to: '/tools/$appId', params: { appId: app.id }, search: { tool: tool.id } })}
      empty={empty}
      columns={[
        {
          id: 'name',
          header: words.name,
          sort: (one, other) => one.tool.name.localeCompare(other.tool.name),
          cell: ({ tool }) => (
            <span className="flex min-w-0 items-baseline gap-2">
              <span className="shrink-0 font-bold">
                <Plain text={tool.name} />
              </span>
              <span className="truncate text-muted">
                <Plain text={tool.description.split('\n')[0] ?? ''} className="whitespace-nowrap!" />
              </span>
            </span>
          ),
        },
        ...(withApp ? [{ id: 'app', header: words.app, width: '120px', cell: ({ app }: Listed) => <Plain text={app.name} /> }] : []),
        { id: 'risk', header: words.risk, width: '160px', hideBelow: 'sm', cell: ({ tool }) => words.risks[tool.risk] },
      ]}
    />
  )
}
