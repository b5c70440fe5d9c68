import { Check, Field, Input, Select } from '../../parts/field.tsx'
import { tasks as words } from '../../text/tasks.ts'
import type { Draft } from './draft.ts'
import type { FieldsProps } from './form-parts.ts'
import { ZoneField } from './schedule-fields.tsx'

const optionsOf = <V extends string>(choice: Readonly<Record<V, string>>) =>
  (Object.keys(choice) as V[]).map((value) => ({ value, label: choice[value] }))
/** Names of the fields of a draft that hold a number as text. */
type NumberName = 'parallel' | 'retryMax' | 'retrySeconds' | 'timeoutMinutes' | 'budgetUsd' | 'jitterSeconds'

/** What most tasks leave as it is: missed fires, overlap, tries, limits, quiet hours. */
export function MoreFields({ draft, change, errors }: FieldsProps) {
  const number = (name: NumberName, label: string, place: string, more: { hint?: string } = {}) => (
    <Field label={label} hint={more.hint} error={errors[place]}>
      {(described) => (
        <Input
          {...described}
          inputMode="decimal"
          value={draft[name]}
          onChange={(event) => change({ [name]: event.target.value } as Partial<Draft>)}
        />
      )}
    </Field>
  )
  return (
    <details>
      <summary className="min-h-6 font-bold">{words.more}</summary>
      <div className="grid items-start gap-4 pt-3 sm:grid-cols-2">
        <Field label={words.missed} error={errors['missed']}>
          {(described) => (
            <Select {...described} value={draft.missed} onChange={(missed) => change({ missed })} options={optionsOf(words.missedChoice)} />
          )}
        </Field>
        <Field label={words.overlap} error={errors['overlap']}>
          {(described) => (
            <Select {...described} value={draft.overlap} onChange={(overlap) => change({ overlap })} options={optionsOf(words.overlapChoice)} />
          )}
        </Field>
        {draft.overlap === 'parallel' && number('parallel', words.parallel, 'overlap.parallel')}
        {number('retryMax', words.retryMax, 'retry.max')}
        {Number(draft.retryMax) > 0 && number('retrySeconds', words.retryPause, 'retry.backoffMs', { hint: words.retryHint })}
        {number('timeoutMinutes', words.timeout, 'timeoutMs', { hint: words.noLimit })}
        {draft.kind === 'prompt' && number('budgetUsd', words.budget, 'budgetUsd', { hint: words.noLimit })}
        {number('jitterSeconds', words.jitter, 'jitterMs', { hint: words.jitterHint })}
        <div className="flex flex-col gap-3 sm:col-span-2">
          <Check label={words.quiet} checked={draft.quiet} onChange={(quiet) => change({ quiet })} />
          {draft.quiet && (
            <div className="grid items-start gap-3 sm:grid-cols-3">
              <Field label={words.quietFrom} hint={words.quietHint} error={errors['quietHours.from']}>
                {(described) => (
                  <Input
                    {...described}
                    type="time"
                    required
                    value={draft.quietFrom}
                    onChange={(event) => change({ quietFrom: event.target.value })}
                  />
                )}
              </Field>
              <Field label={words.quietTo} error={errors['quietHours.to'] ?? errors['quietHours']}>
                {(described) => (
                  <Input {...described} type="time" required value={draft.quietTo} onChange={(event) => change({ quietTo: event.target.value })} />
                )}
              </Field>
              <ZoneField
                label={words.zone}
                value={draft.quietZone}
                error={errors['quietHours.zone']}
                onChange={(quietZone) => change({ quietZone })}
              />
            </div>
          )}
        </div>
      </div>
    </details>
  )
}
