import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { Suspense } from 'react'
import { Select } from '../../parts/field.tsx'
import { Empty, Loading } from '../../parts/notes.tsx'
import { Page } from '../../parts/page.tsx'
import { settings } from '../../text/settings.ts'
import { isSection, sections, type SectionName } from './sections.ts'

const names = Object.keys(sections) as SectionName[]

/** The settings: their parts at the side, on a phone in a picker, and one of them. */
export function SettingsPage() {
  const { section = 'models' } = useParams({ strict: false })
  const navigate = useNavigate()
  return (
    <div className="flex h-full max-sm:flex-col">
      <nav aria-label={settings.title} className="flex w-44 shrink-0 flex-col gap-0.5 overflow-auto border-r p-2 pt-6 max-sm:hidden">
        {names.map((name) => (
          <Link
            key={name}
            to="/settings/$section"
            params={{ section: name }}
            className={`flex h-8 shrink-0 items-center rounded-sm px-2 hover:bg-accent-soft ${name === section ? 'bg-accent-soft font-bold' : ''}`}
            aria-current={name === section ? 'page' : undefined}
          >
            {settings.sections[name]}
          </Link>
        ))}
      </nav>
      <div className="border-b p-3 sm:hidden">
        <Select
          aria-label={settings.choose}
          value={isSection(section) ? section : 'models'}
          onChange={(name) => void navigate({ to: '/settings/$section', params: { section: name } })}
          options={names.map((name) => ({ value: name, label: settings.sections[name] }))}
        />
      </div>
      <div className="min-h-0 min-w-0 flex-1">{isSection(section) ? <Part name={section} /> : <NoPart />}</div>
    </div>
  )
}
function Part({ name }: { readonly name: SectionName }) {
  const Content = sections[name]
  return (
    <Suspense
      fallback={
        <Page title={settings.sections[name]}>
          <Loading rows={6} />
        </Page>
      }
    >
      <Content />
    </Suspense>
  )
}
const NoPart = () => (
  <Empty
    title={settings.noSection}
    action={
      <Link to="/settings/$section" params={{ section: 'models' }} className="text-accent underline">
        {settings.toFirst}
      </Link>
    }
  />
)
