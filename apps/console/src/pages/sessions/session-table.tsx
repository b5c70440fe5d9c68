import { useRouter } from '@tanstack/react-router'
import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { Money, Time } from '../../parts/facts.tsx'
import { Plain } from '../../parts/plain.tsx'
import { Status } from '../../parts/status.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { narrow, useMedia } from '../../parts/use-media.ts'
import { useRead, type Pages } from '../../platform/operations.ts'
import { archiveSession, type Session } from '../../sessions/deeds.ts'
import { useLeaving } from '../../sessions/leaving.ts'
import { SessionTitle } from '../../sessions/session-title.tsx'
import { sessions as words } from '../../text/sessions.ts'
import { DeedsMenu } from './deeds-menu.tsx'
import { RenameField } from './rename-field.tsx'

const folderOf = (path: string) => path.split(/[\\/]/).findLast((part) => part !== '') ?? path
const modelOf = (model: string) => model.slice(model.indexOf('/') + 1)

/** The sessions, last used first. J and K move, Enter opens, R renames, E archives. */
export function SessionTable({ pages, empty }: { readonly pages: Pages<Session>; readonly empty: ReactNode }) {
  const router = useRouter()
  const root = useRef<HTMLDivElement>(null)
  const leaving = useLeaving()
  const agents = useRead('agents.list', { limit: 200 })
  const isPhone = useMedia(narrow)
  const [renamed, setRenamed] = useState<string>()
  const rows = pages.items.filter(({ id }) => !leaving.has(id))
  const agentOf = (id: string) => agents.data?.items.find((agent) => agent.id === id)?.name ?? ''
  const hrefOf = (id: string) => router.buildLocation({ to: '/sessions/$sessionId', params: { sessionId: id } }).href
  const opener = (id: string) => root.current?.querySelector<HTMLElement>(`[data-opens][href$="/sessions/${id}"]`)
  const endRename = (id: string) => {
    setRenamed(undefined)
    requestAnimationFrame(() => opener(id)?.focus())
  }
  const pressed = (event: KeyboardEvent) => {
    const row = event.target instanceof HTMLElement && event.target.matches('[data-opens]') ? event.target.closest<HTMLElement>('[data-row]') : null
    const session = rows.find(({ id }) => row?.contains(opener(id) ?? null))
    if (session === undefined || event.metaKey || event.ctrlKey || event.altKey || event.repeat) return
    if (event.key === 'r') setRenamed(session.id)
    else if (event.key === 'e') archiveSession(session)
    else return
    event.preventDefault()
  }
  const title: Column<Session> = {
    id: 'title',
    header: words.columns.title,
    width: 'minmax(12rem, 3fr)',
    cell: (session) =>
      session.id === renamed ? <RenameField session={session} onDone={() => endRename(session.id)} /> : <SessionTitle title={session.title} />,
  }
  /** All that a phone has room for, on one line. */
  const line: Column<Session> = {
    id: 'line',
    header: words.columns.state,
    bare: true,
    cell: (session) => (
      <span className="flex items-center gap-3">
        <Status state={session.status} />
        <Money usd={session.usage.costUsd} />
        <Time at={session.updatedAt} />
        <span className="ml-auto">
          <DeedsMenu session={session} onRename={() => setRenamed(session.id)} />
        </span>
      </span>
    ),
  }
  const columns: readonly Column<Session>[] = [
    title,
    { id: 'state', header: words.columns.state, width: '8rem', cell: ({ status }) => <Status state={status} /> },
    {
      id: 'workspace',
      header: words.columns.workspace,
      hideBelow: 'lg',
      cell: ({ workspace }) => (
        <span title={workspace.path} className="text-muted">
          <Plain text={folderOf(workspace.path)} className="whitespace-nowrap!" />
        </span>
      ),
    },
    {
      id: 'agent',
      header: words.columns.agent,
      hideBelow: 'lg',
      cell: ({ agentId }) => <Plain text={agentOf(agentId)} className="whitespace-nowrap!" />,
    },
    { id: 'model', header: words.columns.model, hideBelow: 'sm', cell: ({ model }) => <span title={model}>{modelOf(model)}</span> },
    { id: 'cost', header: words.columns.cost, width: '5rem', align: 'end', cell: ({ usage }) => <Money usd={usage.costUsd} /> },
    { id: 'updated', header: words.columns.updated, width: '7rem', align: 'end', cell: ({ updatedAt }) => <Time at={updatedAt} /> },
    {
      id: 'deeds',
      header: words.columns.deeds,
      width: '3.5rem',
      align: 'end',
      cell: (session) => <DeedsMenu session={session} onRename={() => setRenamed(session.id)} />,
    },
  ]
  return (
    <div ref={root} role="presentation" onKeyDown={pressed}>
      <Table
        label={words.list}
        columns={isPhone ? [title, line] : columns}
        rows={rows}
        rowKey={({ id }) => id}
        href={({ id }) => (id === renamed ? undefined : hrefOf(id))}
        onOpen={({ id }) => void router.navigate({ to: '/sessions/$sessionId', params: { sessionId: id } })}
        hasMore={pages.hasMore}
        isMore={pages.isMore}
        more={pages.more}
        empty={empty}
      />
    </div>
  )
}
