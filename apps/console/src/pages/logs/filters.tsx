import { logComponents, logLevels } from '@steward/contract/daemon'
import { useEffect, useState } from 'react'
import { Field, Input, Select } from '../../parts/field.tsx'
import type { Words } from '../../platform/use-address.ts'
import { logs as words } from '../../text/logs.ts'
import type { LogFilter } from './use-log-tail.ts'

/** Beside the components there are lines of the supervisor, and the raw words of a process that has ended. */
const components = [...logComponents, 'supervisor', 'crash']
const lengths: Readonly<Record<string, number>> = { '10m': 600_000, '1h': 3_600_000, '1d': 86_400_000 }
const timeOf = (local: string | undefined) => (local === undefined || Number.isNaN(Date.parse(local)) ? undefined : new Date(local).toISOString())

/** What an address asks of the log. `openedAt`: from when on lengths of time are counted back, in milliseconds. */
export function filterOf(address: Words, openedAt: number): LogFilter {
  const { level, component, text, range, from, to } = address
  const length = lengths[range ?? '']
  const since = length === undefined ? timeOf(range === 'chosen' ? from : undefined) : new Date(openedAt - length).toISOString()
  const until = range === 'chosen' ? timeOf(to) : undefined
  const known = logLevels.find((one) => one === level)
  return {
    ...(known ? { level: known } : {}),
    ...(component ? { components: [component] } : {}),
    ...(text ? { text } : {}),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  }
}
export interface LogFiltersProps {
  readonly address: Words
  readonly set: (changes: Readonly<Record<string, string | undefined>>) => void
}
/** What of the log is shown. */
export function LogFilters({ address, set }: LogFiltersProps) {
  const range = address['range'] ?? 'all'
  return (
    <>
      <Field label={words.find} hiddenLabel className="min-w-44 flex-1 max-sm:basis-full">
        {(described) => <Typed {...described} value={address['text'] ?? ''} onChange={(text) => set({ text })} />}
      </Field>
      <Field label={words.atLeast} hiddenLabel className="max-sm:min-w-28 max-sm:flex-1">
        {(described) => (
          <Select
            {...described}
            value={address['level'] ?? ''}
            onChange={(level) => set({ level })}
            options={[
              { value: '', label: words.anyLevel },
              ...logLevels.map((level) => ({ value: level, label: words.andAbove(words.levels[level]) })),
            ]}
          />
        )}
      </Field>
      <Field label={words.component} hiddenLabel className="max-sm:min-w-28 max-sm:flex-1">
        {(described) => (
          <Select
            {...described}
            value={address['component'] ?? ''}
            onChange={(component) => set({ component })}
            options={[{ value: '', label: words.anyComponent }, ...components.map((name) => ({ value: name, label: name }))]}
          />
        )}
      </Field>
      <Field label={words.range} hiddenLabel className="max-sm:min-w-28 max-sm:flex-1">
        {(described) => (
          <Select
            {...described}
            value={range}
            onChange={(value) =>
              set({ range: value === 'all' ? undefined : value, ...(value === 'chosen' ? {} : { from: undefined, to: undefined }) })
            }
            options={Object.entries(words.ranges).map(([value, label]) => ({ value, label }))}
          />
        )}
      </Field>
      {range === 'chosen' &&
        (['from', 'to'] as const).map((end) => (
          <Field key={end} label={words[end]} hiddenLabel className="max-sm:min-w-28 max-sm:flex-1">
            {(described) => (
              <Input
                {...described}
                type="datetime-local"
                step={1}
                title={words[end]}
                value={address[end] ?? ''}
                onChange={(event) => set({ [end]: event.target.value })}
              />
            )}
          </Field>
        ))}
    </>
  )
}
/** Asks when the writing rests. */
function Typed({ value, onChange, ...rest }: { readonly id: string; readonly value: string; readonly onChange: (value: string) => void }) {
  const [written, setWritten] = useState(value)
  useEffect(() => setWritten(value), [value])
  useEffect(() => {
    if (written === value) return
    const timer = setTimeout(() => onChange(written), 250)
    return () => clearTimeout(timer)
  })
  return (
    <Input {...rest} type="search" placeholder={words.find} value={written} onChange={(event) => setWritten(event.target.value)} maxLength={200} />
  )
}
