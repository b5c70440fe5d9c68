import { Plus, X } from 'lucide-react'
import { forms as words } from '../../text/forms.ts'
import { Button } from '../button.tsx'
import { pathOf } from './check.ts'
import { useForm, type Of } from './context.ts'
import { startOf, withEntry } from './defaults.ts'
import { Group, Label } from './label.tsx'
import { isObject } from './shape.ts'
import { useWords } from './use-words.tsx'

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
