import type { Operation } from '@steward/contract'

export type FieldKind = 'text' | 'number' | 'boolean' | 'choice' | 'list' | 'object' | 'record' | 'json'
/** What a value takes. */
export interface ValueShape {
  readonly kind: FieldKind
  readonly nullable: boolean
}
/** One input field of an operation, as a command line sees it. */
export interface Field extends ValueShape {
  /** Its path in the input: `title`, `settings.model`. */
  readonly name: string
  /** How it is written on a command line, without dashes. */
  readonly flag: string
  readonly required: boolean
  /** What the values of a record take. */
  readonly values?: ValueShape
  readonly standard?: unknown
  readonly choices?: readonly string[]
  readonly about?: string
  /** It holds a secret, which never stands on the command line: other users of the machine and the shell's history can read it there. */
  readonly secret?: boolean
}
interface Definition {
  readonly type: string
  readonly innerType?: Schema
  readonly in?: Schema
  readonly defaultValue?: unknown
  readonly element?: Schema
  readonly valueType?: Schema
  readonly options?: readonly Schema[]
  readonly entries?: Readonly<Record<string, string>>
  readonly values?: readonly unknown[]
}
interface Schema {
  readonly def: Definition
  readonly shape?: Readonly<Record<string, Schema>>
  readonly description?: string | undefined
  /** Of an outline; the contract itself says it in `meta()`. */
  readonly writeOnly?: boolean
  meta?(): { readonly writeOnly?: unknown } | undefined
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
  record: 'record',
}
export const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** The input fields of an operation; objects give their own fields too, after themselves, under dotted names. */
export function fieldsOf(op: Operation): readonly Field[] {
  return ofShape(op.input.shape as unknown as Readonly<Record<string, Schema>>, { name: '', flag: '' }, op.cli?.flags ?? {})
}
export const isWriteOnly = (schema: Pick<Schema, 'writeOnly' | 'meta'>): boolean => schema.writeOnly === true || schema.meta?.()?.writeOnly === true
type Words = { readonly name: string; readonly flag: string }
function ofShape(shape: Readonly<Record<string, Schema>>, above: Words, named: Readonly<Record<string, string>>): Field[] {
  return Object.entries(shape).flatMap(([key, schema]) => {
    const words = { name: above.name + key, flag: above.flag + kebab(named[key] ?? key) }
    const { field, inner } = fieldOf(words, unwrap(schema), above.name === '')
    return [isWriteOnly(schema) ? { ...field, secret: true } : field, ...ofShape(inner, { name: `${words.name}.`, flag: `${words.flag}.` }, {})]
  })
}
function fieldOf(words: Words, { schema, ...bare }: Bare, required: boolean): { field: Field; inner: Readonly<Record<string, Schema>> } {
  const { def } = schema
  const values = def.type === 'record' && def.valueType ? unwrap(def.valueType) : undefined
  const field: Field = {
    ...words,
    kind: kindOf(schema),
    required: required && bare.required,
    nullable: bare.nullable,
    ...(values ? { values: { kind: kindOf(values.schema), nullable: values.nullable } } : {}),
    ...(bare.standard === undefined ? {} : { standard: bare.standard }),
    ...(def.entries ? { choices: Object.values(def.entries) } : {}),
    ...(bare.about === undefined ? {} : { about: bare.about }),
  }
  const objects = def.type === 'union' ? optionsOf(def) : []
  const inner = field.kind === 'object' && objects.length > 0 ? Object.assign({}, ...objects.map(({ shape }) => shape)) : (schema.shape ?? {})
  return { field, inner }
}
const optionsOf = (def: Definition): Schema[] => (def.options ?? []).map((option) => unwrap(option).schema)

function kindOf({ def }: Schema): FieldKind {
  if (def.type === 'literal') return literalKind(def)
  if (def.type !== 'union') return kinds[def.type] ?? 'json'
  const types = optionsOf(def).map((option) => option.def.type)
  if (types.length > 0 && types.every((type) => type === 'object')) return 'object'
  return types.some((type) => ['string', 'enum', 'literal'].includes(type)) ? 'text' : 'json'
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
