import { useNavigate, useSearch } from '@tanstack/react-router'
import { useDeferredValue } from 'react'
import { Button } from '../../parts/button.tsx'
import { Field, Input } from '../../parts/field.tsx'
import { Empty, Failed, Loading } from '../../parts/notes.tsx'
import { useRead } from '../../platform/operations.ts'
import { tools as words } from '../../text/tools.ts'
import { findTools } from './tool.ts'
import { ToolTable } from './tool-table.tsx'

/** Every tool of every app, and a search over them that the address keeps. */
export function ToolList() {
  const { q = '' } = useSearch({ strict: false }) as Readonly<Record<string, string>>
  const navigate = useNavigate()
  const list = useRead('tools.list', {})
  const query = useDeferredValue(q)
  const search = (wanted: string) =>
    void navigate({ to: '/tools', search: wanted === '' ? { view: 'all' } : { view: 'all', q: wanted }, replace: true })
  if (list.isPending) return <Loading rows={8} />
  if (list.error) return <Failed error={list.error} retry={() => void list.refetch()} />
  const found = findTools(list.data.apps, query)
  return (
    <div className="flex flex-col gap-3">
      <Field label={words.search} hiddenLabel className="max-w-80">
        {(described) => (
          <Input {...described} type="search" placeholder={words.searchHint} value={q} onChange={(event) => search(event.target.value)} />
        )}
      </Field>
      <p role="status" className="text-xs text-muted">
        {words.count(found.length)}
      </p>
      <ToolTable
        rows={found}
        withApp
        empty={<Empty title={words.noneFound(query)} action={<Button onClick={() => search('')}>{words.clear}</Button>} />}
      />
    </div>
  )
}
