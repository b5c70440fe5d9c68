import type { ReactNode } from 'react'
import { Time } from '../../parts/facts.tsx'
import { Failed, Loading } from '../../parts/notes.tsx'
import { Plain } from '../../parts/plain.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { useList, type ItemOf } from '../../platform/operations.ts'
import { memory as words } from '../../text/memory.ts'
import type { Kind } from './memory-form.tsx'
import { Scope } from './scopes.tsx'

type Row = Omit<ItemOf<'memory.search'>, 'score' | 'excerpt'> & { readonly shown: string }
export interface MemoryListProps {
  readonly query: string
  readonly scope: Readonly<{ all?: boolean; agentId?: string; sessionId?: string }>
  readonly kind: Kind | undefined
  readonly tag: string | undefined
  readonly agents: ReadonlyMap<string, string>
  readonly onOpen: (id: string) => void
  readonly onTag: (tag: string) => void
  readonly empty: ReactNode
}
const isSearch = (query: string) => query.trim() !== ''

/** What is remembered, newest first; of a search the best match first. */
export function MemoryList({ query, scope, kind, tag, agents, onOpen, onTag, empty }: MemoryListProps) {
  const kindOf = kind === undefined ? {} : { kind }
  const listed = useList('memory.list', { ...scope, ...kindOf, ...(tag === undefined ? {} : { tag }), limit: 100 }, { enabled: !isSearch(query) })
  const found = useList(
    'memory.search',
    { query: query.trim(), ...scope, ...kindOf, tags: tag === undefined ? [] : [tag], limit: 50 },
    { enabled: isSearch(query) },
  )
  const pages = isSearch(query) ? found : listed
  const rows: readonly Row[] = isSearch(query)
    ? found.items.map(({ excerpt, ...rest }) => ({ ...rest, shown: excerpt }))
    : listed.items.map(({ text, ...rest }) => ({ ...rest, shown: text }))
  const columns: readonly Column<Row>[] = [
    { id: 'text', header: words.text, cell: ({ shown }) => <Plain text={oneLine(shown)} className="whitespace-pre!" />, width: '1fr' },
    {
      id: 'tags',
      header: words.tags,
      hideBelow: 'lg',
      width: 200,
      cell: ({ tags }) =>
        tags.length > 0 && (
          <span className="inline-flex gap-1">
            {tags.slice(0, 4).map((name) => (
              <button
                key={name}
                type="button"
                onClick={() => onTag(name)}
                className="min-h-6 rounded-sm bg-panel px-1.5 text-xs text-muted hover:text-ink"
              >
                <Plain text={name} />
              </button>
            ))}
          </span>
        ),
    },
    { id: 'kind', header: words.kind, cell: (row) => words.kinds[row.kind], width: 90 },
    { id: 'scope', header: words.scope, cell: (row) => <Scope of={row} agents={agents} />, width: 130 },
    { id: 'changed', header: words.changed, cell: ({ updatedAt }) => <Time at={updatedAt} />, width: 110, align: 'end' },
  ]
  if (pages.error && rows.length === 0) return <Failed error={pages.error} retry={pages.more} />
  if (pages.isPending) return <Loading rows={8} />
  return (
    <Table
      label={words.table}
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      onOpen={({ id }) => onOpen(id)}
      hasMore={pages.hasMore}
      isMore={pages.isMore}
      more={pages.more}
      empty={empty}
    />
  )
}
const oneLine = (text: string) => text.slice(0, 300).replaceAll(/\s+/g, ' ')
