import { useEffect, useState } from 'react'
import { Button } from '../../parts/button.tsx'
import { Field, Input, Select, type Option } from '../../parts/field.tsx'
import { useRead } from '../../platform/operations.ts'
import { text } from '../../text/index.ts'
import { history as words } from '../../text/history.ts'
import { localTime, statuses, type Filters } from './filters.ts'

/** The filters of the history; each change goes into the address. */
export function FilterBar({ filters, onChange }: { readonly filters: Filters; readonly onChange: (filters: Filters) => void }) {
  const tools = useRead('tools.list', {})
  const workflows = useRead('workflows.list', { limit: 200 })
  const apps = tools.data?.apps ?? []
  const set = (changed: Filters) => onChange({ ...filters, ...changed })
  /** What the address asks for is shown even where nobody knows it any more. */
  const withCurrent = (options: readonly Option[], current: string | undefined): Option[] => [
    { value: '', label: words.any },
    ...options,
    ...(current === undefined || options.some(({ value }) => value === current) ? [] : [{ value: current, label: current }]),
  ]
  const choice = (name: 'status' | 'tool' | 'app' | 'workflow', options: readonly Option[]) => (
    <Field label={words.filter[name]} className="min-w-28 flex-1">
      {(described) => (
        <Select
          {...described}
          value={filters[name] ?? ''}
          options={withCurrent(options, filters[name])}
          onChange={(value) => set({ [name]: value })}
        />
      )}
    </Field>
  )
  return (
    <div role="search" aria-label={words.filters} className="flex flex-wrap items-end gap-2">
      {choice(
        'status',
        statuses.map((value) => ({ value, label: text.states[value] })),
      )}
      {choice(
        'app',
        apps.map(({ id, name }) => ({ value: id, label: name })),
      )}
      {choice(
        'tool',
        apps
          .filter(({ id }) => filters.app === undefined || id === filters.app)
          .flatMap((app) => app.tools.map(({ id }) => ({ value: id, label: id }))),
      )}
      {choice(
        'workflow',
        (workflows.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
      )}
      <Caller value={filters.caller ?? ''} onChange={(caller) => set({ caller })} />
      {(['since', 'until'] as const).map((name) => (
        <Field key={name} label={words.filter[name]} className="min-w-44 flex-1">
          {(described) => (
            <Input {...described} type="datetime-local" value={localTime(filters[name])} onChange={(event) => set({ [name]: event.target.value })} />
          )}
        </Field>
      ))}
      {Object.keys(filters).length > 0 && <Button onClick={() => onChange({})}>{words.clear}</Button>}
    </div>
  )
}
/** Who asked; into the address when it is left or sent, not at each letter. */
function Caller({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }) {
  const [written, setWritten] = useState(value)
  useEffect(() => setWritten(value), [value])
  const send = () => {
    if (written.trim() !== value) onChange(written.trim())
  }
  return (
    <Field label={words.filter.caller} className="min-w-28 flex-1">
      {(described) => (
        <Input
          {...described}
          maxLength={100}
          value={written}
          onChange={(event) => setWritten(event.target.value)}
          onBlur={send}
          onKeyDown={(event) => event.key === 'Enter' && send()}
        />
      )}
    </Field>
  )
}
