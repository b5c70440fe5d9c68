/** A JSON Schema as it came: from a tool, an MCP server, a person. Nothing in it is certain. */
export type Schema = Readonly<Record<string, unknown>>
export type JsonObject = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value)
export const schemaOf = (value: unknown): Schema => (isObject(value) ? value : {})
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
export const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)

export interface Choice {
  readonly value: unknown
  readonly label: string
}
export interface Property {
  readonly name: string
  readonly schema: Schema
  readonly required: boolean
}
/** How a value is entered. */
export type Shape =
  | {
      readonly kind: 'text'
      readonly format: string | undefined
      readonly secret: boolean
      readonly short: boolean
      readonly pattern: string | undefined
      readonly minLength: number | undefined
      readonly maxLength: number | undefined
    }
  | {
      readonly kind: 'number'
      readonly integer: boolean
      readonly minimum: number | undefined
      readonly maximum: number | undefined
      readonly above: number | undefined
      readonly below: number | undefined
      readonly step: number | undefined
    }
  | { readonly kind: 'flag' }
  | { readonly kind: 'fixed'; readonly value: unknown }
  | { readonly kind: 'choice'; readonly choices: readonly Choice[] }
  | { readonly kind: 'object'; readonly properties: readonly Property[]; readonly rest: Schema | undefined }
  | { readonly kind: 'map'; readonly values: Schema; readonly keys: Schema }
  | {
      readonly kind: 'list'
      readonly items: Schema
      readonly minItems: number | undefined
      readonly maxItems: number | undefined
      readonly unique: boolean
    }
  | { readonly kind: 'either'; readonly variants: readonly Schema[] }
  | { readonly kind: 'json' }

/** Follows `$ref` within the whole schema, and takes what stands in `allOf` together. What cannot be followed is an empty schema: anything goes. */
export function resolve(schema: Schema, root: Schema, hops = 0): Schema {
  if (hops > 20) return {}
  const ref = textOf(schema['$ref'])
  if (ref !== undefined) {
    const { $ref: _, ...own } = schema
    return { ...resolve(at(root, ref), root, hops + 1), ...own }
  }
  const parts = list(schema['allOf'])
  if (parts.length === 0) return schema
  const { allOf: _, ...own } = schema
  return [...parts.map((part) => resolve(schemaOf(part), root, hops + 1)), own].reduce<Schema>(
    (all, part) => ({
      ...all,
      ...part,
      ...(isObject(all['properties']) || isObject(part['properties'])
        ? { properties: { ...schemaOf(all['properties']), ...schemaOf(part['properties']) } }
        : {}),
      required: [...list(all['required']), ...list(part['required'])],
    }),
    {},
  )
}
/** What a pointer such as `#/$defs/place` points at (RFC 6901). */
function at(root: Schema, ref: string): Schema {
  if (!ref.startsWith('#')) return {}
  const steps = ref.slice(1).split('/').slice(1)
  const found = steps.reduce<unknown>((value, step) => {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~')
    return isObject(value) && Object.hasOwn(value, key) ? value[key] : Array.isArray(value) ? value[Number(key)] : undefined
  }, root)
  return schemaOf(found)
}
const isNull = (schema: unknown) => isObject(schema) && (schema['type'] === 'null' || schema['const'] === null)
const label = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

/** How the value of a schema is entered, `null` left aside: what may be null may also be left empty. */
export function shapeOf(given: Schema, root: Schema): Shape {
  const schema = resolve(given, root)
  if (Object.hasOwn(schema, 'const')) return { kind: 'fixed', value: schema['const'] }
  const values = list(schema['enum'])
  if (values.length > 0) return { kind: 'choice', choices: values.filter((value) => value !== null).map((value) => ({ value, label: label(value) })) }
  const either = [...list(schema['oneOf']), ...list(schema['anyOf'])].map((one) => resolve(schemaOf(one), root))
  if (either.length > 0)
    return shapeOfEither(
      schema,
      either.filter((one) => !isNull(one)),
      root,
    )
  const types = [schema['type']].flat().filter((type) => type !== 'null')
  if (types.length > 1) return { kind: 'either', variants: types.map((type) => ({ ...schema, type })) }
  const type = types[0] ?? (isObject(schema['properties']) ? 'object' : undefined)
  return shapes[String(type)]?.(schema) ?? { kind: 'json' }
}
function shapeOfEither(schema: Schema, variants: readonly Schema[], root: Schema): Shape {
  const { oneOf: _, anyOf: __, ...own } = schema
  const [only] = variants
  if (only && variants.length === 1) return shapeOf({ ...only, ...own }, root)
  if (variants.length > 0 && variants.every((one) => Object.hasOwn(one, 'const')))
    return { kind: 'choice', choices: variants.map((one) => ({ value: one['const'], label: textOf(one['title']) ?? label(one['const']) })) }
  // Properties that stand beside the variants belong to each of them.
  return isObject(own['properties'])
    ? { kind: 'either', variants: variants.map((one) => resolve({ allOf: [own, one] }, root)) }
    : { kind: 'either', variants }
}
const shapes: Readonly<Record<string, (schema: Schema) => Shape>> = {
  string(schema) {
    const [format, pattern, maxLength] = [textOf(schema['format']), textOf(schema['pattern']), numberOf(schema['maxLength'])]
    return {
      kind: 'text',
      format,
      pattern,
      maxLength,
      minLength: numberOf(schema['minLength']),
      secret: schema['writeOnly'] === true || format === 'password',
      short: format !== undefined || pattern !== undefined || (maxLength !== undefined && maxLength <= 120),
    }
  },
  number: (schema) => number(schema, false),
  integer: (schema) => number(schema, true),
  boolean: () => ({ kind: 'flag' }),
  null: () => ({ kind: 'fixed', value: null }),
  object(schema) {
    const [properties, rest] = [schemaOf(schema['properties']), schema['additionalProperties']]
    const names = Object.keys(properties)
    if (names.length === 0) {
      if (isObject(rest) && Object.keys(rest).length > 0) return { kind: 'map', values: rest, keys: schemaOf(schema['propertyNames']) }
      return rest === false ? { kind: 'object', properties: [], rest: undefined } : { kind: 'json' }
    }
    const required = new Set(list(schema['required']))
    return {
      kind: 'object',
      properties: names.map((name) => ({ name, schema: schemaOf(properties[name]), required: required.has(name) })),
      rest: isObject(rest) && Object.keys(rest).length > 0 ? rest : undefined,
    }
  },
  array: (schema) =>
    isObject(schema['items']) && !Array.isArray(schema['prefixItems'])
      ? {
          kind: 'list',
          items: schema['items'],
          minItems: numberOf(schema['minItems']),
          maxItems: numberOf(schema['maxItems']),
          unique: schema['uniqueItems'] === true,
        }
      : { kind: 'json' },
}
function number(schema: Schema, integer: boolean): Shape {
  // The daemon's own limits for whole numbers are no limit that a person must be told of.
  const limit = (value: unknown) => (typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined)
  return {
    kind: 'number',
    integer,
    minimum: limit(schema['minimum']),
    maximum: limit(schema['maximum']),
    above: limit(schema['exclusiveMinimum']),
    below: limit(schema['exclusiveMaximum']),
    step: numberOf(schema['multipleOf']),
  }
}
/** Whether a schema lets a value be null. */
export function mayBeNull(given: Schema, root: Schema): boolean {
  const schema = resolve(given, root)
  return (
    [schema['type']].flat().includes('null') ||
    list(schema['enum']).includes(null) ||
    [...list(schema['oneOf']), ...list(schema['anyOf'])].some(isNull)
  )
}
