import { describe, expect, test } from 'vitest'
import type { JsonSchema } from '../execution/types.ts'
import type { Json } from '../types.ts'
import { checkCondition, checkExpression, checkValue } from './check.ts'
import { growthOf } from './patterns.ts'
import { references, referencesOfExpression } from './references.ts'

const scope: Record<string, JsonSchema | undefined> = {
  inputs: {
    type: 'object',
    properties: {
      uri: { type: 'string' },
      n: { type: ['integer', 'null'] },
      tracks: { type: 'array', items: { $ref: '#/$defs/track' } },
      loose: {},
      either: { anyOf: [{ type: 'object', properties: { a: {} }, additionalProperties: false }, { type: 'string' }] },
      tree: { $ref: '#/$defs/tree' },
    },
    additionalProperties: false,
    $defs: {
      track: { type: 'object', properties: { name: { type: 'string' } }, additionalProperties: false },
      tree: { type: 'object', properties: { inner: { $ref: '#/$defs/tree' } }, additionalProperties: false },
    },
  },
  open: { type: 'object', properties: { a: { type: 'number' } } },
  anything: undefined,
}
const target: JsonSchema = {
  type: 'object',
  properties: {
    uri: { type: 'string', pattern: '^spotify:' },
    volume: { type: 'integer', minimum: 0 },
    tags: { type: 'array', items: { type: 'string' }, maxItems: 3 },
    mode: { enum: ['a', 'b'] },
    either: { anyOf: [{ type: 'number' }, { type: 'object', properties: { x: { type: 'number' } }, required: ['x'] }] },
  },
  required: ['uri'],
  additionalProperties: false,
}
const check = (value: Json, wanted?: JsonSchema) => checkValue(value, { scope, path: 'inputs', ...(wanted && { target: wanted }) })
const places = (value: Json, wanted?: JsonSchema) => check(value, wanted).map(({ path }) => path)

describe('what can work is not complained about', () => {
  test.each<Json>([
    { uri: '{{ inputs.uri }}' },
    { uri: 'spotify:{{ inputs.n }}', volume: '{{ inputs.n }}', tags: '{{ inputs.tracks[*].name }}' },
    { uri: '{{ open.b.c.d }}', tags: ['{{ inputs.loose }}', 'x'] },
    { uri: '{{ anything.at.all | string }}', volume: '{{ inputs.uri | number }}', mode: '{{ inputs.uri }}' },
    { uri: "{{ inputs.tracks | map: 'name' | first }}", either: { x: '{{ open.a }}' } },
    { uri: 'spotify:x', either: '{{ inputs.either }}', volume: '{{ 3 }}' },
    { uri: '{{ inputs.tree.inner.inner.inner | json }}' },
    { uri: "{{ inputs.n | default: 'x' }}" },
  ])('%j', (value) => expect(check(value, target)).toEqual([]))
})
describe('what can never work is told with its place', () => {
  test.each<[Json, string, RegExp]>([
    [{ uri: '{{ inputs.uri' }, 'inputs.uri', /not closed by }}. \(Character 1\.\)/],
    [{ uri: '{{ nope.x }}' }, 'inputs.uri', /no `nope`/],
    [{ uri: '{{ inputs.url }}' }, 'inputs.uri', /`inputs` has no `url`. It has: `uri`/],
    [{ uri: '{{ inputs.uri.x }}' }, 'inputs.uri', /`inputs.uri` is a text/],
    [{ uri: '{{ inputs.tracks[0].title }}' }, 'inputs.uri', /`inputs.tracks\[0\]` has no `title`/],
    [{ uri: '{{ inputs.tracks[*].title | first }}' }, 'inputs.uri', /has no `title`/],
    [{ uri: '{{ inputs.either.b }}' }, 'inputs.uri', /has no `b`/],
    [{ uri: '{{ inputs.tree.inner.other }}' }, 'inputs.uri', /has no `other`/],
    [{ uri: '{{ inputs.tracks | upper }}' }, 'inputs.uri', /takes a text, but got a list/],
    [{ uri: '{{ inputs.uri | shout }}' }, 'inputs.uri', /no filter/],
    [{ uri: '{{ inputs.uri | replace: 1, 2 }}' }, 'inputs.uri', /Argument 1 of the filter `replace` is a text/],
    [{ uri: "{{ inputs.tracks | map: '..' }}" }, 'inputs.uri', /needs a path/],
    [{ uri: '{{ inputs.uri < 3 }}' }, 'inputs.uri', /compares two numbers/],
    [{ uri: '{{ open.a }}' }, 'inputs.uri', /wants a text, but this gives a number/],
    [{ uri: '{{ "http:x" }}' }, 'inputs.uri', /pattern/],
    [{ uri: 'http:x' }, 'inputs.uri', /pattern/],
    [{ uri: 'spotify:', volume: '{{ 1.5 }}' }, 'inputs.volume', /integer/],
    [{ uri: 'spotify:', volume: '{{ inputs.n }}0' }, 'inputs.volume', /wants a number.*always gives a text/],
    [{ uri: 'spotify:', volume: -1, mode: '{{ inputs.uri }}' }, 'inputs.volume', /less than 0/],
    [{ uri: 'spotify:', tags: ['{{ inputs.uri }}', 3] }, 'inputs.tags[1]', /string/],
    [{ uri: 'spotify:', tags: ['{{ inputs.uri }}', '', '', ''] }, 'inputs.tags', /at most 3/],
    [{ uri: 'spotify:', tags: '{{ inputs.uri }}' }, 'inputs.tags', /wants a list/],
    [{ uri: ['{{ inputs.uri }}'] }, 'inputs.uri', /wants a text, but this is a list/],
    [{ uri: '{{ inputs.uri }}', other: 1 }, 'inputs.other', /not expected/],
    [{ volume: '{{ inputs.n }}' }, 'inputs', /required property "uri"/],
    [{ volume: 1 }, 'inputs', /required property "uri"/],
    [{ uri: '{{ inputs.uri }}', either: { y: '{{ open.a }}' } }, 'inputs.either', /required property "x"|wants a number/],
  ])('%j', (value, path, words) => expect(check(value, target)).toEqual([{ path, message: expect.stringMatching(words) }]))
})
test('without a schema only the templates are judged', () => expect(places(['{{ inputs.x }}', 'anything', 3])).toEqual(['inputs[0]']))
test('conditions and lists to go over are checked too', () => {
  expect(checkCondition('{{ inputs.n > 3 and inputs.x }}', { scope, path: 'if' })).toMatchObject([
    { path: 'if', message: expect.stringMatching(/no `x`/) },
  ])
  expect(checkCondition('inputs.n > 3', { scope, path: 'if' })).toEqual([])
  expect(checkExpression('inputs.uri', { scope, path: 'in' }, { type: 'array' }).problems).toMatchObject([{ path: 'in' }])
  expect(checkExpression('inputs.tracks', { scope, path: 'in' }, { type: 'array' })).toMatchObject({ problems: [], schema: { type: 'array' } })
})
test('what templates read is told, with its place', () => {
  expect(references({ a: ['{{ inputs.x[0] | default: steps.s }} {{ item[*].y }}', '{{ broken'], b: 'inputs.no' })).toEqual([
    { root: 'inputs', path: ['x', 0], at: 'a[0]' },
    { root: 'steps', path: ['s'], at: 'a[0]' },
    { root: 'item', path: ['*', 'y'], at: 'a[0]' },
  ])
  expect(referencesOfExpression('not (steps.a.outputs or {{')).toEqual([])
  expect(referencesOfExpression('not (steps.a.outputs or 1)')).toEqual([{ root: 'steps', path: ['a', 'outputs'], at: '' }])
})

describe('hostile schemas', () => {
  const twice = { anyOf: [{ properties: { a: { $ref: '#' } } }, { properties: { a: { $ref: '#' } } }], type: 'object' }
  const nested = Array.from({ length: 60 }).reduce<Json>((inner) => ({ a: inner }), 1)
  test.each<[string, JsonSchema, Json]>([
    ['a circle', { $ref: '#' }, 1],
    ['a reference that leads nowhere', { $ref: '#/x' }, 1],
    ['a broken pattern', { pattern: '(' }, 'x'],
    ['a pattern that explodes', { pattern: '^(a+)+$' }, `${'a'.repeat(60)}!`],
    ['a pattern that is slow', { pattern: 'a*a*a*a*b' }, 'a'.repeat(5_000)],
    ['names with a pattern that explodes', { patternProperties: { '^(a+)+$': {} }, additionalProperties: false }, { [`${'a'.repeat(60)}!`]: 1 }],
    ['alternatives that double at each level', twice, nested],
    ['many different elements', { uniqueItems: true }, Array.from({ length: 20_000 }, (_, n) => ({ n }))],
  ])('%s takes no time and is not held against the value', (_, schema, value) => {
    const started = process.cpuUsage()
    check(value, schema)
    check({ x: value, y: '{{ inputs.n }}' }, { properties: { x: schema } })
    const { user, system } = process.cpuUsage(started)
    expect((user + system) / 1_000).toBeLessThan(1_000)
  })
  test('a schema is not changed by being used', () => {
    const schema = Object.freeze({ type: 'object', properties: Object.freeze({ a: Object.freeze({ type: 'string' }) }) })
    expect(places({ a: 1 }, schema)).toEqual(['inputs.a'])
    expect(Reflect.ownKeys(schema)).toEqual(['type', 'properties'])
  })
})
test.each<[string, number]>([
  ['^abc$', 1],
  ['^[a-z]+:[^@]*$', 2],
  ['a+', 2],
  [String.raw`^\d{4}-\d{2}(-\d{2})?$`, 1],
  ['^(?:ab){2,5}$', 1],
  ['^(a+)+$', Infinity],
  ['^(a|aa)*$', Infinity],
  ['^((a?)b)*$', Infinity],
  [String.raw`^(a)\1$`, Infinity],
  ['^(?=a)b', Infinity],
  ['^(a', 1],
  ['a)', Infinity],
])('the pattern %s grows like n^%d', (pattern, growth) => expect(growthOf(pattern)).toBe(growth))
