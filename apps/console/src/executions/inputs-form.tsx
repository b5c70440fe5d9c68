import { useState } from 'react'
import { Button } from '../parts/button.tsx'
import { Field, TextArea } from '../parts/field.tsx'
import { SchemaForm } from '../parts/schema-form.tsx'
import { executions as words } from '../text/executions.ts'
import { jsonOf, objectOf, type JsonValue } from './json-text.ts'

export type Inputs = Readonly<Record<string, JsonValue>>
export interface InputsFormProps {
  /** JSON Schema of the inputs; null: anything is taken. */
  readonly schema: unknown
  readonly value: Inputs
  readonly onChange: (value: Inputs) => void
  /** What is wrong, by the path within the inputs. */
  readonly errors?: Readonly<Record<string, string>>
  /** Fields may hold templates instead. */
  readonly templates?: boolean
}
/** The inputs of a tool or workflow: fields from its schema, or one text of JSON. */
export function InputsForm({ schema, value, onChange, errors = {}, templates = false }: InputsFormProps) {
  const shape = objectOf(schema)
  const properties = objectOf(shape?.['properties'])
  const isFree =
    shape === null || (properties === null && shape['type'] !== 'object') || (properties === null && shape['additionalProperties'] !== false)
  const [isJson, setJson] = useState(isFree)
  if (properties !== null && Object.keys(properties).length === 0 && Object.keys(value).length === 0)
    return <p className="text-muted">{words.start.none}</p>
  if (isFree) return <JsonInputs value={value} onChange={onChange} error={errors[''] ?? Object.values(errors)[0]} />
  return (
    <div className="flex min-w-0 flex-col gap-2">
      {isJson ? (
        <JsonInputs value={value} onChange={onChange} error={errors[''] ?? Object.values(errors)[0]} />
      ) : (
        <SchemaForm
          schema={schema as Record<string, unknown>}
          value={value}
          onChange={(next) => onChange(next as Inputs)}
          errors={dotted(errors)}
          templates={templates}
        />
      )}
      <div>
        <Button size="sm" kind="quiet" onClick={() => setJson(!isJson)}>
          {isJson ? words.start.asForm : words.start.asJson}
        </Button>
      </div>
    </div>
  )
}
/** Places as the form knows them: `list.0.name`. */
const dotted = (errors: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(errors).map(([path, message]) => [path.replaceAll(/\[(\d+)\]/g, '.$1').replace(/^\./, ''), message]))

function JsonInputs({
  value,
  onChange,
  error,
}: {
  readonly value: Inputs
  readonly onChange: (value: Inputs) => void
  readonly error: string | undefined
}) {
  const [written, setWritten] = useState(() => JSON.stringify(value, null, 2))
  const read = jsonOf(written)
  const isWrong = !read.ok || objectOf(read.value) === null
  const change = (next: string) => {
    setWritten(next)
    const parsed = jsonOf(next)
    const object = parsed.ok ? objectOf(parsed.value) : null
    if (object !== null) onChange(object)
  }
  return (
    <Field label={words.start.takesAnything} error={isWrong ? words.start.notJson : error}>
      {(described) => (
        <TextArea {...described} rows={6} spellCheck={false} className="font-mono" value={written} onChange={(event) => change(event.target.value)} />
      )}
    </Field>
  )
}
