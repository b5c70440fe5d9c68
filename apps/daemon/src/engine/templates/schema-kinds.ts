import type { JsonSchema } from '../execution/types.ts'
import type { Json } from '../types.ts'
import { resolve } from './schema-parts.ts'
import { isObject, kindOf, own, type Kind } from './values.ts'

/** A kind of value, with numbers told apart: what is `integer` may stand where a number may. */
type Atom = Exclude<Kind, 'number'> | 'integer' | 'fraction'
const atoms: readonly Atom[] = ['null', 'boolean', 'integer', 'fraction', 'string', 'array', 'object']
const byType: ReadonlyMap<Json, readonly Atom[]> = new Map<Json, readonly Atom[]>([
  ['number', ['integer', 'fraction']],
  ...atoms.filter((atom) => atom !== 'fraction').map((atom) => [atom, [atom]] as const),
])
/** Schemas that may still be looked at; beyond, everything is possible. */
export interface Reach {
  readonly root: JsonSchema
  left: number
}
const atomOf = (value: Json): Atom => {
  const kind = kindOf(value)
  return kind === 'number' ? (Number.isInteger(value) ? 'integer' : 'fraction') : kind
}
/** What `type`, `const` and `enum` of the schema itself allow. */
function ownAtoms(schema: JsonSchema): readonly Atom[] {
  const [type, constant, list] = [own(schema, 'type'), own(schema, 'const'), own(schema, 'enum')]
  const named = Array.isArray(type) ? type : type === undefined ? [] : [type]
  const known = named.length > 0 && named.every((name) => byType.has(name))
  const typed = known ? atoms.filter((atom) => named.some((name) => byType.get(name)?.includes(atom))) : atoms
  if (constant !== undefined) return typed.filter((atom) => atom === atomOf(constant))
  return Array.isArray(list) ? typed.filter((atom) => list.some((value) => atom === atomOf(value))) : typed
}
/** What a schema allows; references and combinations are followed as far as the reach goes. */
function atomsOf(schema: Json | undefined, reach: Reach): readonly Atom[] {
  if (schema === false) return []
  reach.left -= 1
  if (!isObject(schema) || reach.left < 0) return atoms
  let allowed = ownAtoms(schema)
  const narrow = (others: readonly Atom[]): void => {
    allowed = allowed.filter((atom) => others.includes(atom))
  }
  const reference = own(schema, '$ref')
  if (typeof reference === 'string') narrow(atomsOf(resolve(reference, reach.root), reach))
  for (const each of listAt(schema, 'allOf')) narrow(atomsOf(each, reach))
  for (const keyword of ['anyOf', 'oneOf']) {
    const options = listAt(schema, keyword)
    if (options.length > 0) narrow(options.flatMap((each) => atomsOf(each, reach)))
  }
  return allowed
}
/** The schemas of a keyword that holds a list of them. */
export function listAt(schema: JsonSchema, keyword: string): readonly Json[] {
  const value = own(schema, keyword)
  return Array.isArray(value) ? value : []
}
const most = 200
/** The kinds of values that a schema allows, none for one that allows nothing. */
export function kindsOf(schema: JsonSchema): readonly Kind[] {
  const found = atomsOf(schema, { root: schema, left: most })
  return [...new Set(found.map((atom) => (atom === 'integer' || atom === 'fraction' ? 'number' : atom)))]
}
/** True when type, const and enum of the schema itself do not rule out a list or an object. */
export const mayBe = (schema: JsonSchema, kind: 'array' | 'object'): boolean => ownAtoms(schema).includes(kind)
/** True when some value may fit both schemas, as far as their kinds tell. A source that allows nothing is not judged. */
export function mayFit(source: JsonSchema, target: JsonSchema): boolean {
  const given = atomsOf(source, { root: source, left: most })
  const wanted = atomsOf(target, { root: target, left: most })
  return given.length === 0 || given.some((atom) => wanted.includes(atom))
}
