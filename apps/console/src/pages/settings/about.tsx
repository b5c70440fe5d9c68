import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Time } from '../../parts/facts.tsx'
import { bytes } from '../../parts/format.ts'
import { Mark } from '../../parts/mark.tsx'
import { Failed, Loading } from '../../parts/notes.tsx'
import { Page, Section } from '../../parts/page.tsx'
import { useRead } from '../../platform/operations.ts'
import { about, settings } from '../../text/settings.ts'

const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <>
    <dt className="text-muted">{name}</dt>
    <dd className="min-w-0 break-words">{children}</dd>
  </>
)
/** What runs here and how it does. */
export function About() {
  const status = useRead('system.status', {})
  const version = useRead('system.version', {})
  if (status.isPending)
    return (
      <Page title={settings.sections.about}>
        <Loading rows={8} />
      </Page>
    )
  if (status.error)
    return (
      <Page title={settings.sections.about}>
        <Failed error={status.error} retry={() => void status.refetch()} />
      </Page>
    )
  const { data } = status
  const { running, waiting, queued } = data.runs
  return (
    <Page title={settings.sections.about}>
      <dl className="grid grid-cols-[max-content_1fr] gap-x-6 gap-y-2">
        <Fact name={about.version}>{data.version}</Fact>
        <Fact name={about.protocol}>{data.protocol}</Fact>
        {version.data && <Fact name={about.node}>{version.data.node}</Fact>}
        <Fact name={about.running}>
          <Time at={data.startedAt} />
        </Fact>
        <Fact name={about.url}>{data.url ?? about.noUrl}</Fact>
        <Fact name={about.socket}>{data.socket ?? about.noUrl}</Fact>
        <Fact name={about.home}>{data.home}</Fact>
        <Fact name={about.sandbox}>
          {data.sandbox === 'none' ? <Mark tone="warn">{about.sandboxNone}</Mark> : <Mark tone="good">{data.sandbox}</Mark>}
        </Fact>
        <Fact name={about.supervisor}>
          {data.supervisor === 'lost' ? <Mark tone="warn">{about.supervisors.lost}</Mark> : about.supervisors[data.supervisor]}
        </Fact>
        <Fact name={about.runs}>{about.runsFacts(running, waiting, queued)}</Fact>
        <Fact name={about.executions}>{about.runsFacts(data.executions.running, data.executions.waiting, data.executions.queued)}</Fact>
        <Fact name={about.memory}>{bytes(data.memoryBytes)}</Fact>
      </dl>
      <Section title={about.databases}>
        <ul className="divide-y border-y">
          {data.databases.map(({ name, bytes: size, healthy, message }) => (
            <li key={name} className="flex min-h-8 flex-wrap items-center gap-x-4">
              <span className="w-32 font-bold">{name}</span>
              <span className="w-20 text-right text-muted">{bytes(size)}</span>
              <Mark tone={healthy ? 'good' : 'bad'}>{healthy ? about.healthy : message}</Mark>
            </li>
          ))}
        </ul>
      </Section>
      <div className="flex flex-wrap gap-4">
        <a href="/docs" target="_blank" rel="noreferrer" className="text-accent underline">
          {about.docs}
        </a>
        <Link to="/welcome" className="text-accent underline">
          {about.welcome}
        </Link>
      </div>
    </Page>
  )
}
