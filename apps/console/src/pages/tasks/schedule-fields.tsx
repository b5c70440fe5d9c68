import { useId } from 'react'
import { Check, Field, Input, Select } from '../../parts/field.tsx'
import { tasks as words } from '../../text/tasks.ts'
import { scheduleOf, type Choice } from './draft.ts'
import { zones, type FieldsProps } from './form-parts.ts'
import { FireTimes, type Preview } from './preview.tsx'
import { units, type Unit } from './schedule-words.ts'

const choices = Object.entries(words.choices).map(([value, label]) => ({ value: value as Choice, label }))
const unitOptions = (Object.keys(units) as Unit[]).map((value) => ({ value, label: words.unit[value][1] }))
/** Monday first. */
const week = [1, 2, 3, 4, 5, 6, 0]

/** When the task fires, plain choices first, with the next five times as they would be. */
export function ScheduleFields({ draft, change, errors: sent, preview }: FieldsProps & { readonly preview: Preview }) {
  const errors = { ...sent, ...preview.errors }
  const { choice, days } = draft
  const isCron = choice === 'daily' || choice === 'weekdays' || choice === 'weekly' || choice === 'cron'
  const zone = draft.choice === 'once' || draft.choice === 'every' ? undefined : draft.zone
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-2 font-bold">{words.whenTitle}</legend>
      <div className="grid items-start gap-3 sm:grid-cols-2">
        <Field label={words.when} hiddenLabel error={errors['schedule']}>
          {(described) => <Select {...described} value={choice} onChange={(value) => change({ choice: value })} options={choices} />}
        </Field>
        {(choice === 'daily' || choice === 'weekdays' || choice === 'weekly') && (
          <Field label={words.time} hiddenLabel>
            {(described) => (
              <Input {...described} type="time" required value={draft.time} onChange={(event) => change({ time: event.target.value })} />
            )}
          </Field>
        )}
        {choice === 'every' && (
          <div className="grid grid-cols-2 gap-3">
            <Field label={words.number} hiddenLabel error={errors['schedule.everyMs']}>
              {(described) => (
                <Input
                  {...described}
                  type="number"
                  min={1}
                  required
                  value={draft.number}
                  onChange={(event) => change({ number: event.target.value })}
                />
              )}
            </Field>
            <Field label={words.unitName} hiddenLabel>
              {(described) => <Select {...described} value={draft.unit} onChange={(unit) => change({ unit })} options={unitOptions} />}
            </Field>
          </div>
        )}
        {choice === 'once' && (
          <Field label={words.at} hiddenLabel hint={words.atHint} error={errors['schedule.at']}>
            {(described) => (
              <Input {...described} type="datetime-local" required value={draft.at} onChange={(event) => change({ at: event.target.value })} />
            )}
          </Field>
        )}
        {choice === 'cron' && (
          <Field label={words.expression} hiddenLabel hint={words.expressionHint} error={errors['schedule.expression']}>
            {(described) => (
              <Input
                {...described}
                required
                className="font-mono"
                value={draft.expression}
                maxLength={200}
                onChange={(event) => change({ expression: event.target.value })}
              />
            )}
          </Field>
        )}
      </div>
      {choice === 'weekly' && (
        <div role="group" aria-label={words.days} className="flex flex-wrap gap-x-4 gap-y-1">
          {week.map((day) => (
            <Check
              key={day}
              label={words.dayNames[day]}
              checked={days.includes(day)}
              disabled={days.length === 1 && days.includes(day)}
              onChange={(checked) => change({ days: checked ? [...days, day] : days.filter((one) => one !== day) })}
            />
          ))}
        </div>
      )}
      {isCron && <ZoneField label={words.zone} value={draft.zone} error={errors['schedule.zone']} onChange={(value) => change({ zone: value })} />}
      {choice !== 'none' && (
        <div aria-live="polite" className="rounded-sm bg-panel px-3 py-2">
          <p className="mb-1 text-xs text-muted">{words.preview}</p>
          {preview.error !== undefined ? (
            <p className="text-bad">{preview.error}</p>
          ) : Object.keys(preview.errors).length > 0 ? (
            <p className="text-muted">—</p>
          ) : (
            <FireTimes fires={scheduleOf(draft) === null ? [] : preview.fires} zone={zone} />
          )}
        </div>
      )}
    </fieldset>
  )
}
export interface ZoneFieldProps {
  readonly label: string
  readonly value: string
  readonly error: string | undefined
  readonly onChange: (zone: string) => void
}
/** A zone by its IANA name; what begins so is offered. */
export function ZoneField({ label, value, error, onChange }: ZoneFieldProps) {
  const list = useId()
  return (
    <Field label={label} error={error}>
      {(described) => (
        <>
          <Input {...described} list={list} required maxLength={100} value={value} onChange={(event) => onChange(event.target.value)} />
          <datalist id={list}>
            {zones(value).map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  )
}
