import { Braces } from 'lucide-react'
import { useMemo, useState, type ComponentType } from 'react'
import { forms as words } from '../../text/forms.ts'
import { IconButton } from '../button.tsx'
import { problemsOf, type Problems } from './check.ts'
import { FormContext, useForm, type FieldOf } from './context.ts'
import { ChoiceField, FixedField, FlagField, JsonField, NumberField, TemplateField, TextField, useWords } from './fields.tsx'
import { EitherField, ListField, MapField, ObjectField, Properties } from './groups.tsx'
import { isTemplate } from './read.ts'
import { shapeOf, type Schema, type Shape } from './shape.ts'

const fields: { readonly [K in Shape['kind']]: ComponentType<FieldOf & { readonly shape: Extract<Shape, { kind: K }> }> } = {
  text: TextField,
  number: NumberField,
  flag: FlagField,
  fixed: FixedField,
  choice: ChoiceField,
  object: ObjectField,
  map: MapField,
  list: ListField,
  either: EitherField,
  json: JsonField,
}
/** The field for a schema, whatever it is. */
function Any(of: FieldOf) {
  const { root, templates } = useForm()
  const shape = useMemo(() => shapeOf(of.schema, root), [of.schema, root])
  const [isChosen, setIsChosen] = useState(false)
  const { label } = useWords(of)
  const Kind = fields[shape.kind] as ComponentType<FieldOf & { readonly shape: Shape }>
  if (!templates || shape.kind === 'text' || shape.kind === 'fixed') return <Kind {...of} shape={shape} />
  const isWritten = isChosen || isTemplate(of.value)
  return (
    <div className="flex items-start gap-1">
      <div className="min-w-0 flex-1">{isWritten ? <TemplateField {...of} /> : <Kind {...of} shape={shape} />}</div>
      <IconButton
        size="sm"
        label={isWritten ? words.useValue(label) : words.useTemplate(label)}
        aria-pressed={isWritten}
        onClick={() => {
          setIsChosen(!isWritten)
          of.onChange(undefined)
        }}
      >
        <Braces size={13} />
      </IconButton>
    </div>
  )
}
export interface FormProps {
  readonly schema: Schema
  readonly value: unknown
  readonly onChange: (value: unknown) => void
  readonly errors?: Problems | undefined
  readonly templates?: boolean | undefined
}
/** All fields of a schema. What is wrong with one is said when it is left; what the daemon found, at once. */
export function Form({ schema, value, onChange, errors, templates = false }: FormProps) {
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const found = useMemo(() => problemsOf(schema, value, { templates }), [schema, value, templates])
  const problems = useMemo(
    () => ({ ...errors, ...Object.fromEntries(Object.entries(found).filter(([path]) => left.has(path))) }),
    [errors, found, left],
  )
  const form = useMemo(
    () => ({
      root: schema,
      templates,
      problems,
      Any,
      leave: (path: string) => setLeft((before) => (before.has(path) ? before : new Set([...before, path]))),
    }),
    [schema, templates, problems],
  )
  const shape = useMemo(() => shapeOf(schema, schema), [schema])
  return (
    <FormContext value={form}>
      <div className="flex min-w-0 flex-col gap-3">
        {problems[''] !== undefined && (
          <div role="alert" className="text-bad">
            {problems['']}
          </div>
        )}
        {shape.kind === 'object' ? (
          <Properties shape={shape} value={value} onChange={onChange} path="" />
        ) : (
          <Any name={words.entryValue} schema={schema} value={value} onChange={onChange} path="" required />
        )}
      </div>
    </FormContext>
  )
}
