import { useState } from 'react'
import { forms as words } from '../../text/forms.ts'
import { Field, Input, TextArea } from '../field.tsx'
import { useForm, type FieldOf } from './context.ts'
import { Label } from './label.tsx'
import { readJson } from './read.ts'
import { useWords } from './use-words.tsx'

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
          className="field-sizing-content max-h-80 font-mono supports-[field-sizing:content]:resize-none"
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
