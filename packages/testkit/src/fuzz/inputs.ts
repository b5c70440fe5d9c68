import * as fc from 'fast-check'

type Json = Readonly<Record<string, unknown>>
/** Of a description of OpenAPI what fuzz reads. */
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Json>> }
}
interface DescribedOperation {
  readonly operationId: string
  readonly parameters?: Described['parameters']
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: Json } | undefined>> }
}
/** One operation as /openapi.json describes it. */
export interface Described<Name extends string = string> {
  readonly name: Name
  readonly method: string
  readonly path: string
  readonly parameters: readonly { name: string; in: string; required?: boolean; schema: Json }[]
  readonly body: Json | undefined
  readonly upload: boolean
}
/** What a test of a contract needs of each of its operations. */
export type Contract = Readonly<Record<string, { readonly input: { safeParse(input: unknown): { success: boolean }; readonly shape: object } }>>
/** The operations of a contract as a served /openapi.json describes them, with its schemas. */
export function operationsOf<C extends Contract>(document: Json, operations: C) {
  const { paths, components } = document as unknown as Document
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, op]) => op.operationId in operations)
      .map(([method, op]): Described<keyof C & string> => ({
        name: op.operationId as keyof C & string,
        method: method.toUpperCase(),
        path,
        parameters: op.parameters ?? [],
        body: op.requestBody?.content['application/json']?.schema,
        upload: op.requestBody?.content['multipart/form-data'] !== undefined,
      })),
  )
  return { all, schemas: components.schemas }
}
/** Ids that look right, some of them real: so that a request gets past the first check now and then. */
const words = [
  '',
  ' ',
  'x',
  'null',
  'true',
  '0',
  '-1',
  '..',
  '../../etc/passwd',
  '%00',
  "'; DROP TABLE sessions; --",
  '<b>',
  '\u0000',
  '\ud800',
  '\u202e',
  'é漢😀',
  '__proto__',
  'constructor',
  '{}',
  '[]',
  'a'.repeat(300),
  'builtin',
  '*',
  'e1.c1',
]
const numbers = [0, -0, -1, 1, 0.1, 1e21, -1e308, 2 ** 53, 2 ** 53 + 2, Number.MIN_VALUE, 4_294_967_296, 201, 99_999]
const anyText = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...words) }, fc.string({ unit: 'binary', maxLength: 40 }))
/** Values of every kind, hostile words and numbers among them. */
export const anything: fc.Arbitrary<unknown> = fc.oneof(
  anyText,
  fc.constantFrom(...numbers),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.oneof(anyText, fc.constantFrom(...numbers), fc.constant(null)), { maxLength: 4 }),
  fc.dictionary(fc.constantFrom('id', 'text', 'constructor', 'toString', '', 'a'), fc.oneof(anyText, fc.integer(), fc.constant(null)), {
    maxKeys: 3,
  }),
)
/** Values that a schema allows, or nearly: what it cannot tell (patterns) is filled with ids and words. */
export function fitting(schema: Json, schemas: Readonly<Record<string, Json>>, pool: readonly string[], depth = 0): fc.Arbitrary<unknown> {
  if (depth > 6) return fc.constant(null)
  const go = (inner: Json) => fitting(inner, schemas, pool, depth + 1)
  if (typeof schema['$ref'] === 'string') return go(schemas[schema['$ref'].split('/').at(-1) ?? ''] ?? {})
  if ('const' in schema) return fc.constant(schema['const'])
  if (schema['enum']) return fc.constantFrom(...(schema['enum'] as unknown[]))
  const options = (schema['anyOf'] ?? schema['oneOf']) as Json[] | undefined
  if (options) return fc.oneof(...options.map(go))
  const [first] = (schema['allOf'] ?? []) as Json[]
  if (first) return go(first)
  const { minimum = -10, maximum = 1e6 } = schema as { minimum?: number; maximum?: number }
  switch ([schema['type']].flat()[0]) {
    case 'string':
      if (schema['format'] === 'date-time')
        return fc.constantFrom('2030-01-01T00:00:00.000Z', '2020-01-01T00:00:00.000Z', '+275760-09-13T00:00:00.000Z')
      return fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...(pool.length > 0 ? pool : ['x'])) }, anyText)
    case 'integer':
      return fc.integer({ min: Math.max(minimum, -1e6), max: Math.min(maximum, 1e6) })
    case 'number':
      return fc.double({ min: Math.max(minimum, -1e6), max: Math.min(maximum, 1e6), noNaN: true })
    case 'boolean':
      return fc.boolean()
    case 'array':
      return fc.array(go((schema['items'] ?? {}) as Json), { maxLength: 3 })
    case 'object': {
      const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Json>)
      return fc.record(Object.fromEntries(properties.map(([name, inner]) => [name, go(inner)])), {
        requiredKeys: (schema['required'] ?? []) as string[],
      })
    }
    default:
      return anything
  }
}
/** How an input is broken. Each gives JSON text; `text` alone cannot say some of them as a value. */
export type Breakage = (input: Json, field: string, value: unknown) => string
const put = (input: Json, raw: string): string => {
  const rest = JSON.stringify(input).slice(1, -1)
  return rest === '' ? `{${raw}}` : `{${rest},${raw}}`
}
const key = JSON.stringify
/** Ways to break an input, by what they do. */
export const breakages: Readonly<Record<string, Breakage>> = {
  'nothing is broken': (input) => JSON.stringify(input),
  'a value of another kind': (input, field, value) => JSON.stringify({ ...input, [field]: value }),
  'a field is missing': (input, field) => JSON.stringify({ ...input, [field]: undefined }),
  'an unknown field': (input, _field, value) => put(input, `"unheardOf":${JSON.stringify(value)}`),
  'a __proto__ key': (input) => put(input, '"__proto__":{"isAdmin":true}'),
  'a __proto__ key in disguise': (input) => put(input, '"\\u005f_proto__":{"scopes":["*"]}'),
  'a constructor key': (input) => put(input, '"constructor":{"prototype":{"isAdmin":true}},"prototype":1,"toString":1,"hasOwnProperty":null'),
  'a huge number': (input, field) => put({ ...input, [field]: undefined }, `${key(field)}:1e400`),
  'a long number': (input, field) => put({ ...input, [field]: undefined }, `${key(field)}:${'9'.repeat(5_000)}`),
  'a field twice': (input, field, value) => put(input, `${key(field)}:1,${key(field)}:${JSON.stringify(value)}`),
  'a deep value': (input, field) => put({ ...input, [field]: undefined }, `${key(field)}:${'['.repeat(100_000)}${']'.repeat(100_000)}`),
  'a deep object': (input, field) => put({ ...input, [field]: undefined }, `${key(field)}:${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`),
  'a value at the allowed depth': (input, field) => put({ ...input, [field]: undefined }, `${key(field)}:${'['.repeat(60)}${']'.repeat(60)}`),
  'deep and never closed': () => '['.repeat(100_000),
  'a string of 10 MB': (input, field) => put({ ...input, [field]: undefined }, `${key(field)}:"${'x'.repeat(10_000_000)}"`),
  'a string of 3 MB': (input, field) => put({ ...input, [field]: undefined }, `${key(field)}:"${'é'.repeat(1_500_000)}"`),
  'many fields': (input) => put(input, Array.from({ length: 20_000 }, (_, n) => `"f${n}":${n}`).join()),
  'many items': (input, field) => put({ ...input, [field]: undefined }, `${key(field)}:[${'0,'.repeat(200_000)}0]`),
  'cut short': (input) => JSON.stringify(input).slice(0, -1),
  'more after it': (input) => `${JSON.stringify(input)}x`,
  'lone surrogates': (input, field) => put({ ...input, [field]: undefined }, `${key(field)}:"\\ud800\\udc00\\udfff\\ud800"`),
  'a NUL': (input, field) => put({ ...input, [field]: undefined }, `${key(field)}:"a\\u0000b"`),
  'no object': (_input, _field, value) => JSON.stringify(value) ?? 'null',
  'no JSON': (_input, field) => `${field}=1&x`,
  'a byte order mark': (input) => `\ufeff${JSON.stringify(input)}`,
  comments: (input) => `/* x */ ${JSON.stringify(input)}`,
  NaN: (_input, field) => `{${key(field)}:NaN}`,
}
const large = /10 MB|3 MB|many|deep/
/** Names of `breakages`. Those that make large inputs are rare: one in some hundred. */
export const breakage = fc.oneof(
  { weight: 40, arbitrary: fc.constantFrom(...Object.keys(breakages).filter((name) => !large.test(name))) },
  { weight: 2, arbitrary: fc.constantFrom(...Object.keys(breakages).filter((name) => large.test(name))) },
)
/** True when the operation's own schema takes the input: only then may it be carried out. */
export function fits<C extends Contract>(operations: C, name: keyof C & string, input: unknown): boolean {
  return operations[name]?.input.safeParse(input ?? {}).success ?? false
}
/** The names of an operation's fields. */
export const fieldsOf = <C extends Contract>(operations: C, name: keyof C & string): string[] => Object.keys(operations[name]?.input.shape ?? {})
