import { objectOf } from '../../executions/json-text.ts'

type Schema = Readonly<Record<string, unknown>>
/** The kinds of inputs that are offered by name. */
export const kinds = ['string', 'integer', 'number', 'boolean', 'array', 'object', 'any'] as const
export type Kind = (typeof kinds)[number]
/** One input of a workflow as a person edits it. `other` is what its schema says besides, and is kept. */
export interface InputField {
  readonly name: string
  readonly kind: Kind
  readonly description: string
  readonly required: boolean
  /** As JSON; empty for none. */
  readonly fallback: string
  readonly other: Schema
}
const isKind = (type: unknown): type is Exclude<Kind, 'any'> =>
  typeof type === 'string' && type !== 'any' && (kinds as readonly string[]).includes(type)

/** The fields of a schema; null where it says more than fields can, so that it is edited as JSON. */
export function fieldsOf(schema: Schema | null): InputField[] | null {
  if (schema === null) return []
  const { type, properties = {}, required = [], additionalProperties: _, ...more } = schema
  const known = objectOf(properties)
  if (
    type !== 'object' ||
    known === null ||
    !Array.isArray(required) ||
    Object.keys(more).some((key) => key !== 'title' && key !== 'description' && key !== '$schema')
  )
    return null
  const fields = Object.entries(known).map(([name, inner]): InputField | null => {
    const property = objectOf(inner)
    if (property === null) return null
    const { type: kind, description, default: fallback, ...other } = property
    if (kind !== undefined && !isKind(kind)) return null
    return {
      name,
      kind: kind ?? 'any',
      description: typeof description === 'string' ? description : '',
      required: required.includes(name),
      fallback: fallback === undefined ? '' : JSON.stringify(fallback),
      other,
    }
  })
  return fields.includes(null) ? null : fields.filter((field) => field !== null)
}
/** The schema that fields make; what the former said besides stays. No fields: anything is taken. */
export function schemaOf(fields: readonly InputField[], former: Schema | null): Schema | null {
  if (fields.length === 0) return null
  const properties = Object.fromEntries(
    fields.map(({ name, kind, description, fallback, other }) => [
      name,
      {
        ...(kind === 'any' ? {} : { type: kind }),
        ...(description === '' ? {} : { description }),
        ...(fallback === '' ? {} : { default: JSON.parse(fallback) as unknown }),
        ...other,
      },
    ]),
  )
  const required = fields.flatMap((field) => (field.required ? [field.name] : []))
  const { properties: _, required: _required, ...more } = former ?? { type: 'object' }
  return { ...more, properties, ...(required.length > 0 ? { required } : {}) }
}
