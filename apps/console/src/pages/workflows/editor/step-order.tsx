import { Check, Field, Input, Select } from '../../../parts/field.tsx'
import { workflows as words } from '../../../text/workflows.ts'
import { stepsBefore, type DraftStep } from '../draft.ts'
import { NumberInput } from './number-input.tsx'

export interface StepOrderProps {
  readonly step: DraftStep
  readonly steps: readonly DraftStep[]
  readonly errors: Readonly<Record<string, string>>
  readonly onChange: (changed: Partial<DraftStep>) => void
}
const first = (errors: Readonly<Record<string, string>>, ...places: string[]) =>
  Object.entries(errors).find(([path]) => places.some((place) => path === place || path.startsWith(`${place}[`) || path.startsWith(`${place}.`)))?.[1]

/** When a step runs, how often, and what its failure means. */
export function StepOrder({ step, steps, errors, onChange }: StepOrderProps) {
  const { dependsOn = [], forEach, retry, timeoutMs, onError = 'halt' } = step
  const others = steps.filter(({ key, id }) => key !== step.key && id !== '')
  const may = new Set(stepsBefore(steps, step.id).map(({ id }) => id))
  const kind = typeof onError === 'object' ? 'goto' : onError
  const isTool = step.workflowId === undefined
  const waitError = first(errors, 'dependsOn')
  return (
    <div className="grid min-w-0 gap-3 sm:grid-cols-2">
      <fieldset className="sm:col-span-2">
        <legend className="font-bold">{words.edit.dependsOn}</legend>
        {others.length === 0 ? (
          <p className="text-muted">{words.edit.noOthers}</p>
        ) : (
          <div className="flex flex-wrap gap-x-4">
            {others.map(({ key, id }) => (
              <Check
                key={key}
                label={id}
                checked={dependsOn.includes(id)}
                disabled={!dependsOn.includes(id) && !may.has(id)}
                onChange={(checked) => onChange({ dependsOn: checked ? [...dependsOn, id] : dependsOn.filter((one) => one !== id) })}
              />
            ))}
          </div>
        )}
        <p className="text-xs text-muted">{words.edit.dependsOnHint}</p>
        {waitError !== undefined && (
          <p role="alert" className="text-xs text-bad">
            {waitError}
          </p>
        )}
      </fieldset>
      <Field label={words.edit.if} hint={words.edit.ifHint} error={first(errors, 'if')} className="sm:col-span-2">
        {(described) => (
          <Input
            {...described}
            data-expression=""
            className="font-mono"
            value={step.if ?? ''}
            onChange={(event) => onChange({ if: event.target.value === '' ? undefined : event.target.value })}
          />
        )}
      </Field>
      <Field label={words.edit.forEach} hint={words.edit.forEachHint} error={first(errors, 'forEach.in') ?? errors['forEach']}>
        {(described) => (
          <Input
            {...described}
            data-expression=""
            className="font-mono"
            value={forEach?.in ?? ''}
            onChange={(event) =>
              onChange({ forEach: event.target.value === '' ? undefined : { in: event.target.value, limit: forEach?.limit ?? 100 } })
            }
          />
        )}
      </Field>
      {forEach && (
        <NumberInput
          label={words.edit.limit}
          error={errors['forEach.limit']}
          value={forEach.limit}
          min={1}
          max={10_000}
          onChange={(limit = 1) => onChange({ forEach: { ...forEach, limit } })}
        />
      )}
      {isTool && (
        <>
          <NumberInput
            label={words.edit.retries}
            hint={words.edit.retriesHint}
            error={errors['retry.max'] ?? errors['retry']}
            value={retry?.max}
            min={1}
            max={20}
            className="sm:col-start-1"
            onChange={(max) => onChange({ retry: max === undefined ? undefined : { max, backoffMs: retry?.backoffMs ?? 1_000 } })}
          />
          {retry && (
            <NumberInput
              label={words.edit.backoff}
              error={errors['retry.backoffMs']}
              value={retry.backoffMs}
              min={0}
              max={3_600_000}
              onChange={(backoffMs = 0) => onChange({ retry: { ...retry, backoffMs } })}
            />
          )}
          <NumberInput
            label={words.edit.timeout}
            hint={words.edit.timeoutHint}
            error={errors['timeoutMs']}
            value={timeoutMs}
            min={1}
            max={86_400_000}
            className="sm:col-start-1"
            onChange={(ms) => onChange({ timeoutMs: ms })}
          />
        </>
      )}
      <Field label={words.edit.onError} error={errors['onError']} className="sm:col-start-1">
        {(described) => (
          <Select
            {...described}
            value={kind}
            options={(['halt', 'continue', 'goto'] as const).map((value) => ({
              value,
              label: words.edit.onErrors[value],
              disabled: value === 'goto' && others.length === 0,
            }))}
            onChange={(chosen) => onChange({ onError: chosen === 'goto' ? { goto: others[0]?.id ?? '' } : chosen === 'halt' ? undefined : chosen })}
          />
        )}
      </Field>
      {typeof onError === 'object' && (
        <Field label={words.edit.goto} error={errors['onError.goto']}>
          {(described) => (
            <Select
              {...described}
              value={onError.goto}
              options={[
                ...(others.some(({ id }) => id === onError.goto) ? [] : [{ value: onError.goto, label: words.edit.choose }]),
                ...others.map(({ id }) => ({ value: id, label: id })),
              ]}
              onChange={(goto) => onChange({ onError: { goto } })}
            />
          )}
        </Field>
      )}
    </div>
  )
}
