import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react'
import { useRef, useState } from 'react'
import { forms as words } from '../../text/forms.ts'
import { Button, IconButton } from '../button.tsx'
import { Field, Input, Select } from '../field.tsx'
import { pathOf, variantOf } from './check.ts'
import { useForm, type FieldOf } from './context.ts'
import { startOf, withEntry } from './defaults.ts'
import { useWords } from './fields.tsx'
import { Group, Label } from './label.tsx'
import { isObject, resolve, shapeOf, textOf, type Schema, type Shape } from './shape.ts'

type Of<K extends Shape['kind']> = FieldOf & { readonly shape: Extract<Shape, { kind: K }> }

/** Fields of an object, without a frame. */
export function Properties({ shape, value, onChange, path }: Pick<Of<'object'>, 'shape' | 'value' | 'onChange' | 'path'>) {
  const { Any } = useForm()
  if (shape.properties.length === 0 && !shape.rest) return <p className="text-muted">{words.noFields}</p>
  const own = isObject(value) ? value : {}
  const names = new Set(shape.properties.map(({ name }) => name))
  const others = Object.fromEntries(Object.entries(own).filter(([name]) => !names.has(name)))
  const known = Object.fromEntries(Object.entries(own).filter(([name]) => names.has(name)))
  return (
    <>
      {shape.properties.map((property) => (
        <Any
          key={property.name}
          {...property}
          value={Object.hasOwn(own, property.name) ? own[property.name] : undefined}
          onChange={(entry) => onChange(withEntry(own, property.name, entry))}
          path={pathOf(path, property.name)}
        />
      ))}
      {shape.rest && (
        <Any
          name={words.others}
          schema={{ type: 'object', additionalProperties: shape.rest }}
          value={others}
          onChange={(entries) => onChange({ ...known, ...(isObject(entries) ? entries : {}) })}
          path={path}
          required
        />
      )}
    </>
  )
}
/** An object in an object. One that need not be is added first. */
export function ObjectField(of: Of<'object'>) {
  const { schema, value, onChange, required } = of
  const { root } = useForm()
  const { field } = useWords(of)
  if (value === undefined && !required)
    return (
      <div className="flex flex-wrap items-center gap-2">
        <Button size="sm" onClick={() => onChange(startOf(schema, root) ?? {})}>
          <Plus aria-hidden size={14} />
          {words.add(field.label)}
        </Button>
        <Label.Optional />
      </div>
    )
  return (
    <Group {...field} note={undefined}>
      <Properties {...of} />
      {!required && (
        <div>
          <Button size="sm" kind="quiet" onClick={() => onChange(undefined)}>
            <X aria-hidden size={14} />
            {words.remove(field.label)}
          </Button>
        </div>
      )}
    </Group>
  )
}
/** A list: entries that can be added, moved and taken out. */
export function ListField(of: Of<'list'>) {
  const { shape, value, onChange, path } = of
  const { Any, root, leave } = useForm()
  const { field } = useWords(of)
  const adds = useRef<HTMLButtonElement>(null)
  const entries: readonly unknown[] = Array.isArray(value) ? value : []
  const put = (next: readonly unknown[]) => {
    onChange(next.length === 0 && !of.required ? undefined : next)
    leave(path)
  }
  const swap = (a: number, b: number) => put(entries.map((entry, index) => (index === a ? entries[b] : index === b ? entries[a] : entry)))
  const isFlat = !['object', 'either', 'map', 'list'].includes(shapeOf(shape.items, root).kind)
  return (
    <Group {...field}>
      {entries.map((entry, index) => (
        <div key={index} className="flex items-start gap-1">
          <div className="min-w-0 flex-1">
            <Any
              name={words.entry(index + 1)}
              schema={isFlat ? shape.items : { ...resolve(shape.items, root), title: words.entry(index + 1) }}
              value={entry ?? undefined}
              onChange={(changed) => put(entries.map((one, at) => (at === index ? (changed ?? null) : one)))}
              path={pathOf(path, index)}
              required
              hiddenLabel={isFlat}
            />
          </div>
          <IconButton label={words.up(words.entry(index + 1))} disabled={index === 0} onClick={() => swap(index, index - 1)}>
            <ArrowUp size={14} />
          </IconButton>
          <IconButton label={words.down(words.entry(index + 1))} disabled={index === entries.length - 1} onClick={() => swap(index, index + 1)}>
            <ArrowDown size={14} />
          </IconButton>
          <IconButton
            label={words.remove(words.entry(index + 1))}
            onClick={() => {
              put(entries.filter((_, at) => at !== index))
              adds.current?.focus()
            }}
          >
            <X size={14} />
          </IconButton>
        </div>
      ))}
      <div>
        <Button
          ref={adds}
          size="sm"
          disabled={entries.length >= (shape.maxItems ?? Infinity)}
          onClick={() => onChange([...entries, startOf(shape.items, root) ?? null])}
        >
          <Plus aria-hidden size={14} />
          {words.addEntry}
        </Button>
      </div>
    </Group>
  )
}
/** Values by names that a person chooses. */
export function MapField(of: Of<'map'>) {
  const { shape, value, onChange, path } = of
  const { Any, root } = useForm()
  const { field } = useWords(of)
  const adds = useRef<HTMLButtonElement>(null)
  const [draft, setDraft] = useState<readonly (readonly [string, unknown])[]>([])
  const objectOf = (rows: typeof draft) => Object.fromEntries(rows.filter(([name, entry]) => name !== '' && entry !== undefined))
  const isOwn = JSON.stringify(objectOf(draft)) === JSON.stringify(isObject(value) ? value : {})
  const rows = isOwn ? draft : Object.entries(isObject(value) ? value : {})
  const put = (next: typeof draft) => {
    const made = objectOf(next)
    setDraft(next)
    onChange(Object.keys(made).length === 0 && !of.required ? undefined : made)
  }
  const change = (index: number, row: readonly [string, unknown]) => put(rows.map((one, at) => (at === index ? row : one)))
  return (
    <Group {...field}>
      {rows.map(([name, entry], index) => (
        <div key={index} className="flex items-start gap-1">
          <Field
            label={`${words.entryName} ${index + 1}`}
            hiddenLabel
            className="w-2/5"
            error={name !== '' && rows.some(([other], at) => at < index && other === name) ? words.sameName : undefined}
          >
            {(described) => (
              <Input {...described} placeholder={words.entryName} value={name} onChange={(event) => change(index, [event.target.value, entry])} />
            )}
          </Field>
          <div className="min-w-0 flex-1">
            <Any
              name={`${words.entryValue} ${name === '' ? index + 1 : name}`}
              schema={shape.values}
              value={entry}
              onChange={(changed) => change(index, [name, changed])}
              path={pathOf(path, name)}
              required
              hiddenLabel
            />
          </div>
          <IconButton
            label={words.remove(name === '' ? words.entry(index + 1) : name)}
            onClick={() => {
              put(rows.filter((_, at) => at !== index))
              adds.current?.focus()
            }}
          >
            <X size={14} />
          </IconButton>
        </div>
      ))}
      <div>
        <Button
          ref={adds}
          size="sm"
          onClick={() => put([...rows, ['', startOf(shape.values, root) ?? (shapeOf(shape.values, root).kind === 'text' ? '' : undefined)]])}
        >
          <Plus aria-hidden size={14} />
          {words.addEntry}
        </Button>
      </div>
    </Group>
  )
}
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
