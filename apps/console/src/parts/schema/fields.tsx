import { useState } from 'react'
import { forms as words } from '../../text/forms.ts'
import { Check, Field, Input, Select, TextArea } from '../field.tsx'
import { useForm, type FieldOf } from './context.ts'
import { Label } from './label.tsx'
import { localTime, readJson, readNumber, utcTime } from './read.ts'
import { resolve, textOf, type Shape } from './shape.ts'

type Of<K extends Shape['kind']> = FieldOf & { readonly shape: Extract<Shape, { kind: K }> }
/** What a field is called, says and complains of. */
export function useWords({ name, schema, path, required, hiddenLabel = false }: FieldOf) {
  const { root, problems } = useForm()
  const resolved = resolve(schema, root)
  const fallback = Object.hasOwn(resolved, 'default') && resolved['default'] !== null ? JSON.stringify(resolved['default']) : undefined
  const label = textOf(resolved['title']) ?? name
  return {
    label,
    fallback: fallback?.replaceAll(/^"|"$/g, ''),
    field: { label, note: required ? undefined : <Label.Optional />, hint: textOf(resolved['description']), error: problems[path], hiddenLabel },
  }
}
const inputTypes: Readonly<Record<string, string>> = { uri: 'url', email: 'email', date: 'date', time: 'time' }

/** Text: a line where the schema says it is short, otherwise as many as it takes. */
export function TextField(of: Of<'text'>) {
  const { shape, value, onChange, path, required } = of
  const { leave } = useForm()
  const { field, fallback } = useWords(of)
  const written = typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value)
  const shared = {
    value: written,
    placeholder: fallback === undefined ? undefined : words.byDefault(fallback),
    onBlur: () => leave(path),
    'aria-required': required || undefined,
  }
  const write = (text: string) => onChange(text === '' && !required ? undefined : text)
  if (shape.format === 'date-time') return <TimeField {...of} />
  return (
    <Field {...field}>
      {(described) =>
        shape.short || shape.secret ? (
          <Input
            type={shape.secret ? 'password' : (inputTypes[shape.format ?? ''] ?? 'text')}
            autoComplete={shape.secret ? 'new-password' : 'off'}
            onChange={(event) => write(event.target.value)}
            {...shared}
            {...described}
          />
        ) : (
          <TextArea
            rows={1}
            className="field-sizing-content max-h-80 min-h-8! py-1!"
            onChange={(event) => write(event.target.value)}
            {...shared}
            {...described}
          />
        )
      }
    </Field>
  )
}
function TimeField(of: Of<'text'>) {
  const { value, onChange, path, required } = of
  const { leave } = useForm()
  return (
    <Field {...useWords(of).field}>
      {(described) => (
        <Input
          type="datetime-local"
          value={localTime(value)}
          onChange={(event) => onChange(utcTime(event.target.value))}
          onBlur={() => leave(path)}
          aria-required={required || undefined}
          {...described}
        />
      )}
    </Field>
  )
}
/** A number, kept as it was written until it is one. */
export function NumberField(of: Of<'number'>) {
  const { shape, value, onChange, path, required } = of
  const { leave } = useForm()
  const { field, fallback } = useWords(of)
  const [draft, setDraft] = useState('')
  const written = readNumber(draft) === value ? draft : value === undefined || value === null ? '' : String(value)
  return (
    <Field {...field}>
      {(described) => (
        <Input
          inputMode={shape.integer && (shape.minimum ?? shape.above ?? -1) >= 0 ? 'numeric' : 'decimal'}
          value={written}
          placeholder={fallback === undefined ? undefined : words.byDefault(fallback)}
          onChange={(event) => {
            setDraft(event.target.value)
            onChange(readNumber(event.target.value))
          }}
          onBlur={() => leave(path)}
          aria-required={required || undefined}
          {...described}
        />
      )}
    </Field>
  )
}
/** Yes or no. */
export function FlagField(of: Of<'flag'>) {
  const { value, onChange } = of
  const { field } = useWords(of)
  return (
    <div className="flex flex-col gap-1">
      <Check label={<span className="font-bold">{field.label}</span>} checked={value === true} onChange={onChange} />
      {field.hint !== undefined && <div className="pl-6 text-xs text-muted">{field.hint}</div>}
      {field.error !== undefined && (
        <div role="alert" className="pl-6 text-xs text-bad">
          {field.error}
        </div>
      )}
    </div>
  )
}
/** One of what the schema names. */
export function ChoiceField(of: Of<'choice'>) {
  const { shape, value, onChange, required } = of
  const { field, fallback } = useWords(of)
  const index = shape.choices.findIndex((choice) => JSON.stringify(choice.value) === JSON.stringify(value))
  const nothing = { value: '', label: fallback === undefined ? words.nothing : words.byDefault(fallback), disabled: required && index >= 0 }
  return (
    <Field {...field}>
      {(described) => (
        <Select
          value={index < 0 ? '' : String(index)}
          options={[nothing, ...shape.choices.map((choice, position) => ({ value: String(position), label: choice.label }))]}
          onChange={(chosen) => onChange(chosen === '' ? undefined : shape.choices[Number(chosen)]?.value)}
          aria-required={required || undefined}
          {...described}
        />
      )}
    </Field>
  )
}
/** A value that can be no other. */
export function FixedField(of: Of<'fixed'>) {
  const { label } = useWords(of)
  return (
    <div className="flex items-center gap-2">
      <span className="font-bold">{label}</span>
      <code className="text-muted">{JSON.stringify(of.shape.value)}</code>
    </div>
  )
}
/** Whatever has no field of its own, as JSON. What cannot be read is left out, and said. */
export function JsonField(of: FieldOf) {
  const { value, onChange, path, required } = of
  const { leave } = useForm()
  const { field } = useWords(of)
  const [draft, setDraft] = useState('')
  const read = readJson(draft)
  const broken = 'fault' in read && value === undefined
  const shown =
    broken || ('value' in read && JSON.stringify(read.value) === JSON.stringify(value))
      ? draft
      : value === undefined
        ? ''
        : JSON.stringify(value, null, 2)
  return (
    <Field {...field} note={<Label.Kind name={words.json} required={required} />} error={broken ? words.notJson(read.fault) : field.error}>
      {(described) => (
        <TextArea
          rows={2}
          spellCheck={false}
          className="field-sizing-content max-h-80 font-mono"
          value={shown}
          onChange={(event) => {
            const next = readJson(event.target.value)
            setDraft(event.target.value)
            onChange('fault' in next ? undefined : next.value)
          }}
          onBlur={() => leave(path)}
          aria-required={required || undefined}
          {...described}
        />
      )}
    </Field>
  )
}
/** A template in place of a value that is no text. */
export function TemplateField(of: FieldOf) {
  const { value, onChange, path } = of
  const { leave } = useForm()
  const { field } = useWords(of)
  return (
    <Field {...field} hint={words.templateHint}>
      {(described) => (
        <Input
          className="font-mono"
          spellCheck={false}
          value={typeof value === 'string' ? value : ''}
          placeholder={words.templateExample}
          onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)}
          onBlur={() => leave(path)}
          {...described}
        />
      )}
    </Field>
  )
}
