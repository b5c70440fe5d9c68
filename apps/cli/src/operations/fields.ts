import type { Operation } from '@steward/contract'

export type FieldKind = 'text' | 'number' | 'boolean' | 'choice' | 'list' | 'object' | 'json'
/** One input field of an operation, as a command line sees it. */
export interface Field {
  /** Its path in the input: `title`, `settings.model`. */
  readonly name: string
  readonly kind: FieldKind
  readonly required: boolean
  readonly nullable: boolean
  readonly standard?: unknown
  readonly choices?: readonly string[]
  readonly about?: string
}
interface Definition {
  readonly type: string
  readonly innerType?: Schema
  readonly in?: Schema
  readonly defaultValue?: unknown
  readonly element?: Schema
  readonly options?: readonly Schema[]
  readonly entries?: Readonly<Record<string, string>>
  readonly values?: readonly unknown[]
}
interface Schema {
  readonly def: Definition
  readonly shape?: Readonly<Record<string, Schema>>
  readonly description?: string | undefined
}
interface Bare {
  readonly schema: Schema
  readonly required: boolean
  readonly nullable: boolean
  readonly standard?: unknown
  readonly about?: string
}
const kinds: Readonly<Record<string, FieldKind>> = {
  string: 'text',
  number: 'number',
  int: 'number',
  boolean: 'boolean',
  enum: 'choice',
  array: 'list',
  object: 'object',
}

/** The input fields of an operation; objects give their own fields too, after themselves, under dotted names. */
export function fieldsOf(op: Operation): readonly Field[] {
  return ofShape(op.input.shape as unknown as Readonly<Record<string, Schema>>, '', true)
}
function ofShape(shape: Readonly<Record<string, Schema>>, prefix: string, required: boolean): Field[] {
  return Object.entries(shape).flatMap(([key, schema]) => {
    const field = fieldOf(`${prefix}${key}`, unwrap(schema), required)
    return [field.field, ...ofShape(field.inner, `${prefix}${key}.`, false)]
  })
}
function fieldOf(name: string, { schema, ...bare }: Bare, required: boolean): { field: Field; inner: Readonly<Record<string, Schema>> } {
  const { def } = schema
  const options = def.type === 'union' ? (def.options ?? []).map((option) => unwrap(option).schema) : []
  const objects = options.filter((option) => option.def.type === 'object')
  const allObjects = objects.length > 0 && objects.length === options.length
  const inner = allObjects ? Object.assign({}, ...objects.map(({ shape }) => shape)) : (schema.shape ?? {})
  const textual = options.some((option) => ['string', 'enum', 'literal'].includes(option.def.type))
  const kind =
    def.type === 'union'
      ? allObjects
        ? 'object'
        : textual
          ? 'text'
          : 'json'
      : def.type === 'literal'
        ? literalKind(def)
        : (kinds[def.type] ?? 'json')
  const field: Field = {
    name,
    kind,
    required: required && bare.required,
    nullable: bare.nullable,
    ...(bare.standard === undefined ? {} : { standard: bare.standard }),
    ...(def.entries ? { choices: Object.values(def.entries) } : {}),
    ...(bare.about === undefined ? {} : { about: bare.about }),
  }
  return { field, inner }
}
const literalKind = (def: Definition): FieldKind => (typeof def.values?.[0] === 'boolean' ? 'boolean' : 'text')

function unwrap(schema: Schema): Bare {
  let bare: Bare = { schema, required: true, nullable: false }
  for (;;) {
    const { def, description } = bare.schema
    const about = bare.about ?? description
    bare = { ...bare, ...(about === undefined ? {} : { about }) }
    const inner = def.type === 'pipe' ? def.in : def.innerType
    if (inner === undefined) return bare
    bare = {
      ...bare,
      schema: inner,
      ...(def.type === 'optional' ? { required: false } : {}),
      ...(def.type === 'nullable' ? { nullable: true } : {}),
      ...(def.type === 'default' || def.type === 'prefault' ? { required: false, standard: def.defaultValue } : {}),
    }
  }
}
