import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button } from '../../parts/button.tsx'
import { Empty, Failed, Loading } from '../../parts/notes.tsx'
import { Page, Section } from '../../parts/page.tsx'
import { Plain } from '../../parts/plain.tsx'
import { Table } from '../../parts/table.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { useRead } from '../../platform/operations.ts'
import { tools as words } from '../../text/tools.ts'
import { AppState, messageOf, type App } from './app-state.tsx'
import { ConnectServer } from './connect-server.tsx'
import { ToolList } from './tool-list.tsx'

/** Apps with how they do, the files that could not be taken, and a search over all tools. */
export function ToolsPage() {
  const { view = 'apps', connect } = useSearch({ strict: false }) as Readonly<Record<string, string>>
  const navigate = useNavigate()
  const go = (search: Record<string, string>) => void navigate({ to: '/tools', search, replace: true })
  return (
    <Page
      wide
      title={words.title}
      about={words.about}
      actions={
        <Button kind="primary" onClick={() => go({ view, connect: '1' })}>
          {words.connect}
        </Button>
      }
    >
      <Tabs
        label={words.views}
        value={view === 'all' ? 'all' : 'apps'}
        onChange={(next) => go({ view: next })}
        tabs={[
          { value: 'apps', label: words.apps, content: <Apps /> },
          { value: 'all', label: words.all, content: <ToolList /> },
        ]}
      />
      <ConnectServer open={connect === '1'} onClose={() => go({ view })} />
    </Page>
  )
}
function Apps() {
  const navigate = useNavigate()
  const list = useRead('apps.list', { limit: 200 })
  const folder = useRead('settings.get', { key: 'apps.folder' })
  if (list.isPending) return <Loading rows={8} />
  if (list.error) return <Failed error={list.error} retry={() => void list.refetch()} />
  const { items, faults } = list.data
  const set = folder.data?.value
  return (
    <div className="flex flex-col gap-4">
      {faults.length > 0 && (
        <Section title={words.faults}>
          <p className="max-w-[72ch] text-muted">{words.faultsAbout}</p>
          <ul className="divide-y border-y">
            {faults.map(({ path, line, message }) => (
              <li key={`${path}:${line}:${message}`} className="py-1.5">
                <div className="font-mono break-all text-bad">
                  <Plain text={words.faultPlace(path, line)} />
                </div>
                <div className="break-words">
                  <Plain text={message} />
                </div>
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Table<App>
        label={words.apps}
        rows={items}
        rowKey={({ id }) => id}
        href={({ id }) => `/app/tools/${id}`}
        onOpen={({ id }) => void navigate({ to: '/tools/$appId', params: { appId: id } })}
        columns={[
          { id: 'name', header: words.name, cell: (app) => <AppName app={app} />, sort: (one, other) => one.name.localeCompare(other.name) },
          {
            id: 'state',
            header: words.state,
            width: '140px',
            cell: (app) => <AppState app={app} />,
            sort: (one, other) => one.status.localeCompare(other.status),
          },
          { id: 'from', header: words.from, width: '110px', cell: ({ source }) => words.sources[source] },
          { id: 'tools', header: words.tools, width: '80px', align: 'end', cell: (app) => app.tools, sort: (one, other) => one.tools - other.tools },
        ]}
        empty={<Empty title={words.none} />}
      />
      {folder.data && <p className="max-w-[72ch] text-muted">{words.folder(typeof set === 'string' && set !== '' ? set : words.ownFolder)}</p>}
    </div>
  )
}
const AppName = ({ app }: { readonly app: App }) => (
  <span className="flex min-w-0 items-baseline gap-2">
    <span className="shrink-0 font-bold">
      <Plain text={app.name} />
    </span>
    {messageOf(app) !== null && (
      <span className="truncate text-muted">
        <Plain text={messageOf(app) ?? ''} className="whitespace-nowrap!" />
      </span>
    )}
  </span>
)
