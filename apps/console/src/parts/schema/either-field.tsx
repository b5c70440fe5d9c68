import { useState } from 'react'
import { forms as words } from '../../text/forms.ts'
import { Field, Select } from '../field.tsx'
import { variantOf } from './check.ts'
import { useForm, type Of } from './context.ts'
import { startOf } from './defaults.ts'
import { Group } from './label.tsx'
import { Properties } from './object-field.tsx'
import { resolve, shapeOf, textOf, type Schema } from './shape.ts'
import { useWords } from './use-words.tsx'

/** What a variant is called: its title, or what tells it apart, or what it is. */
function nameOfVariant(schema: Schema, root: Schema, index: number): string {
  const title = textOf(resolve(schema, root)['title'])
  if (title !== undefined) return title
  const shape = shapeOf(schema, root)
  const tag =
    shape.kind === 'object' ? shape.properties.map((property) => shapeOf(property.schema, root)).find((own) => own.kind === 'fixed') : undefined
  if (tag?.kind === 'fixed') return String(tag.value)
  return shape.kind === 'object' ? words.variant(index + 1) : words.kinds[shape.kind]
}
/** One of several kinds of value: the kind first, then its field. */
export function EitherField(of: Of<'either'>) {
  const { name, shape, value, onChange, path, required } = of
  const { Any, root, templates } = useForm()
  const { field } = useWords(of)
  const [chosen, setChosen] = useState<number>()
  const isEmpty = value === undefined
  const index = chosen ?? (isEmpty ? -1 : variantOf(shape.variants, value, root, templates))
  const variant = shape.variants[index]
  const own = variant ? shapeOf(variant, root) : undefined
  return (
    <Group {...field}>
      <Field label={words.kind} hiddenLabel>
        {(described) => (
          <Select
            {...described}
            value={variant ? String(index) : ''}
            options={[
              { value: '', label: words.nothing, disabled: required && variant !== undefined },
              ...shape.variants.map((one, at) => ({ value: String(at), label: nameOfVariant(one, root, at) })),
            ]}
            onChange={(picked) => {
              const next = shape.variants[Number(picked)]
              setChosen(picked === '' ? undefined : Number(picked))
              onChange(picked === '' || !next ? undefined : startOf(next, root))
            }}
          />
        )}
      </Field>
      {variant && own?.kind === 'object' && <Properties shape={own} value={value} onChange={onChange} path={path} />}
      {variant && own && own.kind !== 'object' && (
        <Any name={name} schema={variant} value={value} onChange={onChange} path={path} required hiddenLabel />
      )}
    </Group>
  )
}
