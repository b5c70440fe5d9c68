import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { Button, IconButton } from '../../parts/button.tsx'
import { Field, Input, Select } from '../../parts/field.tsx'
import { useRead } from '../../platform/operations.ts'
import { tasks as words } from '../../text/tasks.ts'
import type { TriggerInput } from './draft.ts'
import { examples } from '../../text/common.ts'
import type { Errors } from './form-parts.ts'

type Filter = NonNullable<Extract<TriggerInput, { kind: 'event' }>['filter']>
type Condition = NonNullable<Filter['where']>[number]
export interface EventFilterProps {
  readonly filter: Filter
  readonly errors: Errors
  readonly place: string
  readonly onChange: (filter: Filter) => void
}
/** What an event must say besides its name. Folded while it says nothing. */
export function EventFilter({ filter, errors, place, onChange }: EventFilterProps) {
  const agents = useRead('agents.list', { limit: 200 })
  const { where = [] } = filter
  const put = (conditions: Condition[]) => onChange({ ...filter, where: conditions })
  return (
    <details open={Object.keys(filter).length > 0}>
      <summary className="min-h-6 text-muted hover:text-ink">{words.match}</summary>
      <div className="flex flex-col gap-3 pt-2">
        <div className="grid items-start gap-3 sm:grid-cols-2">
          <Field label={words.matchName} hint={words.matchNameHint} error={errors[`${place}.name`]}>
            {(described) => (
              <Input
                {...described}
                value={filter.name ?? ''}
                maxLength={200}
                onChange={(event) => onChange({ ...filter, name: event.target.value })}
              />
            )}
          </Field>
          <StatusField value={filter.status ?? []} error={errors[`${place}.status`]} onChange={(status) => onChange({ ...filter, status })} />
          <Field label={words.matchAgent} error={errors[`${place}.agentId`]}>
            {(described) => (
              <Select
                {...described}
                value={filter.agentId ?? ''}
                onChange={(agentId) => onChange({ ...filter, agentId })}
                options={[{ value: '', label: words.anyAgent }, ...(agents.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))]}
              />
            )}
          </Field>
        </div>
        {where.map((condition, index) => (
          <ConditionFields
            key={index}
            condition={condition}
            error={errors[`${place}.where.${index}.path`] ?? errors[`${place}.where.${index}`]}
            onChange={(next) => put(where.with(index, next))}
            onRemove={() => put(where.toSpliced(index, 1))}
          />
        ))}
        <Button size="sm" className="self-start" onClick={() => put([...where, { path: 'data.', contains: '' }])}>
          <Plus aria-hidden size={13} />
          {words.addCondition}
        </Button>
      </div>
    </details>
  )
}
function StatusField({
  value,
  error,
  onChange,
}: {
  readonly value: readonly string[]
  readonly error: string | undefined
  readonly onChange: (value: string[]) => void
}) {
  const [written, setWritten] = useState(value.join(', '))
  return (
    <Field label={words.matchStatus} hint={words.matchStatusHint} error={error}>
      {(described) => (
        <Input
          {...described}
          value={written}
          onChange={(event) => {
            setWritten(event.target.value)
            onChange(
              event.target.value
                .split(',')
                .map((one) => one.trim())
                .filter((one) => one !== ''),
            )
          }}
        />
      )}
    </Field>
  )
}
interface ConditionProps {
  readonly condition: Condition
  readonly error: string | undefined
  readonly onChange: (condition: Condition) => void
  readonly onRemove: () => void
}
/** A text that is JSON other than a text means that value: `3`, `true`. */
function valueOf(text: string): Exclude<Condition['equals'], undefined> {
  try {
    return JSON.parse(text) as Exclude<Condition['equals'], undefined>
  } catch {
    return text
  }
}
function ConditionFields({ condition: { path, equals, contains }, error, onChange, onRemove }: ConditionProps) {
  const isEquals = equals !== undefined
  const value = isEquals ? (typeof equals === 'string' ? equals : JSON.stringify(equals)) : (contains ?? '')
  const say = (kind: 'equals' | 'contains', text: string) => onChange(kind === 'equals' ? { path, equals: valueOf(text) } : { path, contains: text })
  return (
    <div className="grid grid-cols-[1fr_auto] items-start gap-2 sm:grid-cols-[1fr_auto_1fr_auto]">
      <Field label={words.matchPath} hiddenLabel error={error}>
        {(described) => (
          <Input
            {...described}
            placeholder={examples.field}
            className="font-mono"
            value={path}
            onChange={(event) => onChange(isEquals ? { path: event.target.value, equals } : { path: event.target.value, contains: contains ?? '' })}
          />
        )}
      </Field>
      <Field label={words.matchHow} hiddenLabel>
        {(described) => (
          <Select
            {...described}
            value={isEquals ? 'equals' : 'contains'}
            onChange={(kind) => say(kind, value)}
            options={[
              { value: 'contains', label: words.matchContains },
              { value: 'equals', label: words.matchEquals },
            ]}
          />
        )}
      </Field>
      <Field label={words.matchValue} hiddenLabel>
        {(described) => <Input {...described} value={value} onChange={(event) => say(isEquals ? 'equals' : 'contains', event.target.value)} />}
      </Field>
      <IconButton label={words.removeCondition} onClick={onRemove}>
        <X size={14} />
      </IconButton>
    </div>
  )
}
