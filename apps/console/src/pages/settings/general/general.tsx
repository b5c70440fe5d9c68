import { useNavigate, useSearch } from '@tanstack/react-router'
import { useDeferredValue } from 'react'
import { Button } from '../../../parts/button.tsx'
import { Field, Input } from '../../../parts/field.tsx'
import { Empty, Failed, Loading } from '../../../parts/notes.tsx'
import { Page, Section } from '../../../parts/page.tsx'
import { useRead } from '../../../platform/operations.ts'
import { general, settings } from '../../../text/settings.ts'
import { SettingRow } from './setting-row.tsx'
import type { Setting } from './use-setting.ts'

/** `server.port` is of `server`, `skillsPath` of `skills`. */
const groupOf = ({ key }: Setting): string => /^[a-z]+/.exec(key)?.[0] ?? key

/** Every setting, grouped by its first word, with a search that the address keeps. */
export function General() {
  const { q = '' } = useSearch({ strict: false }) as Readonly<Record<string, string>>
  const navigate = useNavigate()
  const query = useDeferredValue(q).toLowerCase()
  const read = useRead('config.get', {})
  const search = (wanted: string) =>
    void navigate({ to: '/settings/$section', params: { section: 'general' }, search: wanted === '' ? {} : { q: wanted }, replace: true })
  const found = (read.data?.items ?? []).filter(({ key, about }) => `${key} ${about}`.toLowerCase().includes(query))
  return (
    <Page title={settings.sections.general} about={general.about}>
      <Field label={general.search} hiddenLabel className="max-w-80">
        {(described) => (
          <Input {...described} type="search" placeholder={general.search} value={q} onChange={(event) => search(event.target.value)} />
        )}
      </Field>
      {read.isPending && <Loading rows={10} />}
      {read.error && <Failed error={read.error} retry={() => void read.refetch()} />}
      {read.data && found.length === 0 && <Empty title={general.none(query)} action={<Button onClick={() => search('')}>{general.clear}</Button>} />}
      {[...Map.groupBy(found, groupOf)].map(([group, items]) => (
        <Section key={group} title={general.groups[group] ?? group}>
          <div className="border-b">
            {items.map((setting) => (
              <SettingRow key={setting.key} setting={setting} />
            ))}
          </div>
        </Section>
      ))}
    </Page>
  )
}
