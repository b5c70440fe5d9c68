import { Plus, X } from 'lucide-react'
import { useRef, useState } from 'react'
import { forms as words } from '../../text/forms.ts'
import { Button, IconButton } from '../button.tsx'
import { Field, Input } from '../field.tsx'
import { pathOf } from './check.ts'
import { useForm, type Of } from './context.ts'
import { startOf } from './defaults.ts'
import { Group } from './label.tsx'
import { isObject, shapeOf } from './shape.ts'
import { useWords } from './use-words.tsx'

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
