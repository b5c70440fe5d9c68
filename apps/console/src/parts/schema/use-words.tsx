import { useForm, type FieldOf } from './context.ts'
import { Label } from './label.tsx'
import { resolve, textOf } from './shape.ts'

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
