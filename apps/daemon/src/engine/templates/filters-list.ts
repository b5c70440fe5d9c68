import type { JsonSchema } from '../execution/types.ts'
import type { Json } from '../types.ts'
import { select } from './access.ts'
import { numberAt, textAt, type Argument, type Fail, type Filter } from './filter-types.ts'
import { parsePath } from './parse.ts'
import { schemaAt } from './schema.ts'
import { limits, type Segment } from './types.ts'
import { canonical, isObject, textOf } from './values.ts'

type Work = (list: readonly Json[], values: readonly Json[], fail: Fail) => Json
type Gives = Filter['gives']
const same: Gives = (value) => value
const element: Gives = (value) => schemaAt(value, [0]).schema ?? {}
const listOf = (items: JsonSchema): JsonSchema => ({ type: 'array', items })
const aText: Argument = { kinds: ['string'] }
const mayText: Argument = { kinds: ['string'], isOptional: true }
const onList = (gives: Gives, work: Work, ...parameters: readonly Argument[]): Filter => ({
  takes: ['array'],
  arguments: parameters,
  gives,
  apply: (value, values, fail) => work(Array.isArray(value) ? value : [], values, fail),
})

const length: Filter = {
  takes: ['null', 'string', 'array', 'object'],
  arguments: [],
  gives: () => ({ type: 'integer' }),
  apply: (value) => {
    if (typeof value === 'string') return characters(value).length
    if (Array.isArray(value)) return value.length
    return isObject(value) ? Object.keys(value).length : 0
  },
}
const characters = (text: string): string[] => Array.from(text)
const slice: Filter = {
  takes: ['string', 'array'],
  arguments: [{ kinds: ['number'] }, { kinds: ['number'], isOptional: true }],
  gives: same,
  apply: (value, values) => {
    const [from, to] = [numberAt(values, 0), numberAt(values, 1)]
    return Array.isArray(value) ? value.slice(from, to) : characters(textOf(value)).slice(from, to).join('')
  },
}
function join(list: readonly Json[], values: readonly Json[], fail: Fail): string {
  const separator = textAt(values, 0, ', ')
  const texts = list.map(textOf)
  const total = texts.reduce((sum, text) => sum + text.length + separator.length, 0)
  if (total > limits.madeText) throw fail('`join` makes a text that is too long.')
  return texts.join(separator)
}
function pathOf(values: readonly Json[], fail: Fail): readonly Segment[] {
  const segments = parsePath(textAt(values, 0))
  if (segments === undefined) throw fail("This filter needs a path like 'name' or 'a.b[0]'.")
  return segments
}
/** Sorts numbers by their size and texts by their UTF-16 units; equal ones keep their order. */
function sort(list: readonly Json[], values: readonly Json[], fail: Fail): Json {
  const segments = values.length === 0 ? [] : pathOf(values, fail)
  const keyed = list.map((each) => {
    const found = select(each, segments, 'element')
    return { each, key: 'value' in found ? found.value : null }
  })
  const isAll = (kind: string): boolean => keyed.every(({ key }) => typeof key === kind)
  if (!isAll('number') && !isAll('string')) throw fail("`sort` needs numbers only or texts only. For objects, say by what: `sort: 'name'`.")
  const order = ({ key: one }: { key: Json }, { key: other }: { key: Json }): number => {
    if (one === other || one === null || other === null) return 0
    return one < other ? -1 : 1
  }
  return keyed.toSorted(order).map(({ each }) => each)
}
function unique(list: readonly Json[]): Json {
  const first = new Map<string, Json>()
  for (const each of list) {
    const key = canonical(each)
    if (!first.has(key)) first.set(key, each)
  }
  return [...first.values()]
}
const map: Filter = onList(
  (value, [path]) => {
    const segments = typeof path?.['const'] === 'string' ? parsePath(path['const']) : undefined
    return listOf(segments === undefined ? {} : (schemaAt(value, [0, ...segments]).schema ?? {}))
  },
  (list, values, fail) => {
    const segments = pathOf(values, fail)
    return list.flatMap((each) => {
      const found = select(each, segments, 'element')
      return 'value' in found ? [found.value] : []
    })
  },
  aText,
)
const onObject = (gives: Gives, work: (object: { readonly [key: string]: Json }) => Json): Filter => ({
  takes: ['object'],
  arguments: [],
  gives,
  apply: (value) => work(isObject(value) ? value : {}),
})
/** Filters on lists and objects, and on the length of texts. */
export const listFilters: readonly (readonly [string, Filter])[] = [
  ['length', length],
  ['slice', slice],
  [
    'first',
    onList(
      (value, values) => ({ anyOf: [element(value, values), { type: 'null' }] }),
      (list) => list[0] ?? null,
    ),
  ],
  [
    'last',
    onList(
      (value, values) => ({ anyOf: [element(value, values), { type: 'null' }] }),
      (list) => list.at(-1) ?? null,
    ),
  ],
  ['join', onList(() => ({ type: 'string' }), join, mayText)],
  ['reverse', onList(same, (list) => list.toReversed())],
  ['unique', onList(same, unique)],
  ['sort', onList(same, sort, mayText)],
  ['map', map],
  [
    'keys',
    onObject(
      () => listOf({ type: 'string' }),
      (object) => Object.keys(object),
    ),
  ],
  [
    'values',
    onObject(
      () => listOf({}),
      (object) => Object.values(object),
    ),
  ],
]
