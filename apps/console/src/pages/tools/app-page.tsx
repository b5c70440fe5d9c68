import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { Json } from '../../parts/json.tsx'
import { Failed, Loading } from '../../parts/notes.tsx'
import { Page, Section } from '../../parts/page.tsx'
import { Plain } from '../../parts/plain.tsx'
import { useRead } from '../../platform/operations.ts'
import { tools as words } from '../../text/tools.ts'
import { AppDeeds } from './app-deeds.tsx'
import { AppState, messageOf } from './app-state.tsx'
import { AppSecrets, AppSettings } from './app-values.tsx'
import { ToolPanel } from './tool-panel.tsx'
import { ToolTable } from './tool-table.tsx'

/** One app: how it does, its tools, and what can be set of it. A tool of it opens at the side. */
export function AppPage() {
  const { appId = '' } = useParams({ strict: false })
  const { tool: opened } = useSearch({ strict: false }) as Readonly<Record<string, string>>
  const navigate = useNavigate()
  const read = useRead('apps.get', { id: appId })
  const list = useRead('tools.list', {})
  const back = (
    <Link to="/tools" className="inline-flex items-center gap-1 text-muted hover:text-ink">
      <ArrowLeft aria-hidden size={14} />
      {words.back}
    </Link>
  )
  if (read.isPending)
    return (
      <Page wide title={appId}>
        {back}
        <Loading rows={6} />
      </Page>
    )
  if (read.error)
    return (
      <Page wide title={appId}>
        {back}
        <Failed error={read.error} retry={() => void read.refetch()} />
      </Page>
    )
  const app = read.data
  const mine = list.data?.apps.find(({ id }) => id === appId)?.tools ?? []
  const tool = mine.find(({ id }) => id === opened)
  const message = messageOf(app)
  return (
    <Page wide title={<Plain text={app.name} />} actions={<AppDeeds app={app} />}>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        {back}
        <AppState app={app} />
        <span className="text-muted">{words.sources[app.source]}</span>
        {app.path !== null && (
          <span className="font-mono break-all text-muted">
            <Plain text={app.path} />
          </span>
        )}
      </div>
      {message !== null && (
        <div
          role="status"
          className={`rounded-sm border px-3 py-2 break-words ${app.status === 'failed' ? 'border-bad bg-bad-soft' : 'border-warn bg-warn-soft'}`}
        >
          <Plain text={message} />
        </div>
      )}
      {Object.keys(app.settings).length > 0 && <AppSettings app={app} />}
      {app.secrets.length > 0 && <AppSecrets app={app} />}
      <Section title={words.tools}>
        {list.isPending ? (
          <Loading />
        ) : (
          <ToolTable rows={mine.map((one) => ({ tool: one, app }))} empty={<p className="text-muted">{words.noTools}</p>} />
        )}
      </Section>
      {app.server !== null && (
        <Section title={words.server}>
          <Json value={app.server} />
        </Section>
      )}
      {tool && (
        <ToolPanel key={tool.id} tool={tool} onClose={() => void navigate({ to: '/tools/$appId', params: { appId }, search: {}, replace: true })} />
      )}
    </Page>
  )
}
