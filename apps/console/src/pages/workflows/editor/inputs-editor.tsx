import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { jsonOf, objectOf } from '../../../executions/json-text.ts'
import { Button, IconButton } from '../../../parts/button.tsx'
import { Check, Field, Input, Select, TextArea } from '../../../parts/field.tsx'
import { Section } from '../../../parts/page.tsx'
import { workflows as words } from '../../../text/workflows.ts'
import { fieldsOf, kinds, schemaOf, type InputField } from '../schema-fields.ts'

type Schema = Readonly<Record<string, unknown>>
export interface InputsEditorProps {
  readonly schema: Schema | null
  readonly error: string | undefined
  readonly onChange: (schema: Schema | null) => void
}
/** What a run is given: fields for people, or the JSON Schema itself. */
export function InputsEditor({ schema, error, onChange }: InputsEditorProps) {
  const [isJson, setJson] = useState(false)
  // While a name or a default is half written it stands here only.
  const [draft, setDraft] = useState<readonly InputField[]>()
  const stored = fieldsOf(schema)
  const fields = draft ?? stored
  const faultOf = (field: InputField, all: readonly InputField[]) =>
    field.name.trim() === '' || all.filter(({ name }) => name === field.name).length > 1 ? words.edit.badName : undefined
  const change = (next: readonly InputField[]) => {
    const isWhole = next.every((field) => faultOf(field, next) === undefined && (field.fallback === '' || jsonOf(field.fallback).ok))
    setDraft(isWhole ? undefined : next)
    if (isWhole) onChange(schemaOf(next, schema))
  }
  const set = (at: number, changed: Partial<InputField>) =>
    change((fields ?? []).map((field, index) => (index === at ? { ...field, ...changed } : field)))
  const showsJson = isJson || fields === null
  return (
    <Section
      title={words.edit.inputs}
      actions={
        stored !== null && (
          <Button size="sm" kind="quiet" onClick={() => setJson(!isJson)}>
            {isJson ? words.edit.asFields : words.edit.asJson}
          </Button>
        )
      }
    >
      <p className="text-muted">{words.edit.inputsAbout}</p>
      {error !== undefined && (
        <p role="alert" className="text-bad">
          {error}
        </p>
      )}
      {showsJson ? (
        <>
          {fields === null && <p className="text-muted">{words.edit.onlyJson}</p>}
          <SchemaText schema={schema} onChange={onChange} />
        </>
      ) : (
        <>
          {fields.length === 0 && <p className="text-muted">{words.edit.anything}</p>}
          <ul className="flex flex-col gap-3">
            {fields.map((field, at) => (
              <li key={at} className="grid items-start gap-2 border-l-2 pl-3 sm:grid-cols-[1fr_8rem_1fr_6rem_1.5fr_2rem]">
                <Field label={words.edit.inputName} error={faultOf(field, fields)}>
                  {(described) => (
                    <Input {...described} maxLength={200} value={field.name} onChange={(event) => set(at, { name: event.target.value })} />
                  )}
                </Field>
                <Field label={words.edit.inputKind}>
                  {(described) => (
                    <Select
                      {...described}
                      value={field.kind}
                      options={kinds.map((value) => ({ value, label: words.edit.kinds[value] }))}
                      onChange={(kind) => set(at, { kind, fallback: '' })}
                    />
                  )}
                </Field>
                <Field
                  label={words.edit.inputDefault}
                  error={field.fallback !== '' && !jsonOf(field.fallback).ok ? words.edit.badDefault : undefined}
                >
                  {(described) => (
                    <Input
                      {...described}
                      className="font-mono"
                      value={field.fallback}
                      onChange={(event) => set(at, { fallback: event.target.value })}
                    />
                  )}
                </Field>
                <Check label={words.edit.inputRequired} className="sm:pt-6" checked={field.required} onChange={(required) => set(at, { required })} />
                <Field label={words.edit.inputAbout}>
                  {(described) => (
                    <Input {...described} value={field.description} onChange={(event) => set(at, { description: event.target.value })} />
                  )}
                </Field>
                <IconButton
                  className="sm:mt-5"
                  label={words.edit.removeInput(field.name)}
                  onClick={() => change(fields.filter((_, index) => index !== at))}
                >
                  <X aria-hidden size={16} />
                </IconButton>
              </li>
            ))}
          </ul>
          <div>
            <Button
              onClick={() =>
                change([...fields, { name: freeName(fields), kind: 'string', description: '', required: true, fallback: '', other: {} }])
              }
            >
              <Plus aria-hidden size={14} />
              {words.edit.addInput}
            </Button>
          </div>
        </>
      )}
    </Section>
  )
}
function freeName(fields: readonly InputField[]): string {
  const taken = new Set(fields.map(({ name }) => name))
  for (let n = 1; ; n++) if (!taken.has(`input${n}`)) return `input${n}`
}
function SchemaText({ schema, onChange }: { readonly schema: Schema | null; readonly onChange: (schema: Schema | null) => void }) {
  const [written, setWritten] = useState(() => (schema === null ? '' : JSON.stringify(schema, null, 2)))
  const read = jsonOf(written)
  const isWrong = written.trim() !== '' && (!read.ok || objectOf(read.value) === null)
  const change = (next: string) => {
    setWritten(next)
    if (next.trim() === '') return onChange(null)
    const parsed = jsonOf(next)
    const object = parsed.ok ? objectOf(parsed.value) : null
    if (object !== null) onChange(object)
  }
  return (
    <Field label={words.edit.schema} error={isWrong ? words.edit.notJson : undefined}>
      {(described) => (
        <TextArea
          {...described}
          rows={10}
          spellCheck={false}
          className="font-mono"
          value={written}
          onChange={(event) => change(event.target.value)}
        />
      )}
    </Field>
  )
}
