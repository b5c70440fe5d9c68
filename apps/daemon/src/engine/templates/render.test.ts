import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../types.ts'
import { escapeText, hasTemplates, isTrue, renderValue, valueOf } from './render.ts'
import { TemplateFault, type Scope } from './types.ts'

const scope: Scope = {
  inputs: {
    name: ' Ann ',
    n: 3,
    list: [1, 2, 3],
    people: [{ name: 'a', age: 3 }, { age: 1 }, { name: 'b', age: 2 }],
    'a key': { 'x.y': true },
    none: null,
    empty: [],
  },
  steps: { 'read-1': { outputs: { text: 'hi' }, status: 'completed', error: null } },
  later: undefined,
}
const render = (text: string): Json => renderValue(text, scope)
const faultOf = (work: () => unknown): TemplateFault => {
  try {
    work()
  } catch (error) {
    if (error instanceof TemplateFault) return error
    throw error
  }
  throw new Error('There was no fault.')
}

describe('a template', () => {
  test.each<[string, Json]>([
    ['{{ inputs.n }}', 3],
    ['{{inputs.list}}', [1, 2, 3]],
    ['{{ inputs.none }}', null],
    ["{{ inputs['a key']['x.y'] }}", true],
    ['{{ inputs.list[-1] }}', 3],
    ['{{ inputs.people[*].name }}', ['a', 'b']],
    ["{{ inputs['a key'].* }}", [true]],
    ['{{ inputs.people[*].* | length }}', 5],
    ['{{ steps.read-1.outputs.text }}', 'hi'],
    ['{{ steps["read-1"].status == \'completed\' }}', true],
    ['{{ -1.5e3 }}', -1500],
    [String.raw`{{ 'it\'s \u0041\n' }}`, "it's A\n"],
    ['{{ (1 < 2) and not (2 < 1) }}', true],
    ['{{ 1 == 1 && !false || x }}', true],
  ])('%s that stands alone keeps its kind', (text, expected) => expect(render(text)).toEqual(expected))

  test.each<[string, string]>([
    ['Hello{{ inputs.name }}!', 'Hello Ann !'],
    [' {{ inputs.n }}', ' 3'],
    ['{{ inputs.n }}{{ inputs.n }}', '33'],
    ['list {{ inputs.list }}, object {{ inputs["a key"] }}, nothing {{ inputs.none }}.', 'list [1,2,3], object {"x.y":true}, nothing .'],
    ["{{ '{{' }} and }} stay", '{{ and }} stay'],
    ["{{ '}}' }}{{ '\"' }}", '}}"'],
  ])('%s with other text becomes text', (text, expected) => expect(render(text)).toBe(expected))

  test('is filled in at any depth, and names are left alone', () => {
    const value = { '{{ inputs.n }}': [{ deep: '{{ inputs.n }}', same: 'as is', not: null }] }
    expect(renderValue(value, scope)).toEqual({ '{{ inputs.n }}': [{ deep: 3, same: 'as is', not: null }] })
  })
})

describe('a fault says where it is and what to do', () => {
  test.each<[string, number, RegExp]>([
    ['a {{ inputs.nope.x }}', 5, /`inputs` has no `nope`.*\| default/],
    ['{{ inputs.list[7] }}', 3, /`inputs.list` has 3 elements/],
    ['{{ inputs.n.x }}', 3, /`inputs.n` is a number/],
    ['{{ inputs.list.length }}', 3, /is a list, so it has no `length`/],
    ['{{ later }}', 3, /`later` has no value here/],
    ['{{ inptus.n }}', 3, /no `inptus` here. Known here: `inputs`, `steps`/],
    ['text {{ inputs.n', 5, /not closed/],
    ['{{ inputs.n | shout }}', 14, /no filter `shout`. Known: default/],
    ['{{ inputs.n | upper }}', 14, /`upper` takes a text, but got a number/],
    ['{{ inputs.name | replace: 1 }}', 17, /takes 2 arguments, but got 1/],
    ["{{ inputs.name | split: '' }}", 17, /separator/],
    ["{{ inputs.name | default 'x' }}", 25, /colon/],
    ['{{ inputs.name = 1 }}', 15, /Write ==/],
    ['{{ inputs.n + 1 }}', 12, /no arithmetic/],
    ['{{ 1 < 2 < 3 }}', 9, /and/],
    ["{{ 1 < 'a' }}", 5, /compares two numbers or two texts/],
    ['{{ }}', 3, /value is/],
    ['{{ inputs..n }}', 10, /name of a property/],
    ['{{ inputs[x] }}', 10, /brackets hold/],
    [String.raw`{{ 'a\x' }}`, 5, /no escape/],
    ["{{ 'a }}", 3, /no closing/],
    ['{{ {{ 1 }} }}', 3, /not expected/],
  ])('%s', (text, at, words) => {
    const fault = faultOf(() => renderValue({ a: ['x', text] }, scope))
    expect([fault.at, fault.path]).toEqual([at, 'a[1]'])
    expect(fault.message).toMatch(words)
  })
  test('and never quotes what was read, which may be a secret', () => {
    const secret = { secrets: { key: 's3cret' } }
    for (const text of [
      '{{ secrets.key | number }}',
      '{{ secrets.key | date }}',
      '{{ secrets.key | first }}',
      '{{ secrets.key.x }}',
      '{{ 1 < secrets.key }}',
    ]) {
      expect(faultOf(() => renderValue(text, secret)).message).not.toContain('s3cret')
    }
  })
})

describe('what is missing', () => {
  test('is replaced by the filter default, when that follows directly', () => {
    expect(render("{{ inputs.nope.x | default: 'y' | upper }}")).toBe('Y')
    expect(render('{{ inputs.none | default: inputs.n }}')).toBe(3)
    expect(faultOf(() => render("{{ inputs.nope | trim | default: 'y' }}")).at).toBe(3)
  })
  test('is null in a condition and wherever a question is asked of it', () => {
    expect(isTrue('inputs.nope.x', scope)).toBe(false)
    expect(isTrue('{{ not inputs.nope }}', scope)).toBe(true)
    expect(isTrue('inputs.nope > 3 or inputs.nope contains 1', scope)).toBe(false)
    expect(isTrue('inputs.nope | length == 0', scope)).toBe(true)
    expect(render('{{ inputs.nope == null }}')).toBe(true)
    expect(faultOf(() => isTrue('nope', scope)).message).toMatch(/no `nope`/)
  })
  test('is a fault in a list to go over', () => {
    expect(valueOf('inputs.list', scope)).toEqual([1, 2, 3])
    expect(valueOf('{{ inputs.people[*].name }}', scope)).toEqual(['a', 'b'])
    expect(faultOf(() => valueOf('inputs.nope', scope)).at).toBe(0)
  })
})

test.each<[string, boolean]>([
  ['inputs.list', true],
  ['inputs.empty', false],
  ["''", false],
  ["'false'", true],
  ['0', false],
  ["inputs.list contains 2 and inputs.name contains 'nn'", true],
  ["inputs contains 'n' and not (inputs contains 'toString')", true],
  ["'1' == 1", false],
  ["'b' > 'a'", true],
  ['inputs.list == inputs.list and inputs.list != inputs.empty', true],
  ['false and nope.x', false],
])('the condition %s is %s', (condition, expected) => {
  expect(isTrue(condition, scope)).toBe(expected)
  expect(isTrue(` {{ ${condition} }} `, scope)).toBe(expected)
})
test('a condition is one expression', () => {
  expect(faultOf(() => isTrue('{{ inputs.n }} == {{ inputs.n }}', scope)).message).toMatch(/one expression/)
  expect(faultOf(() => isTrue('', scope)).at).toBe(0)
})

describe('prototypes', () => {
  test.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length'])('%s is never read', (name) => {
    for (const text of [
      `{{ inputs.${name} }}`,
      `{{ inputs['${name}'] }}`,
      `{{ inputs.list.${name} }}`,
      `{{ inputs.name.${name} }}`,
      `{{ ${name} }}`,
    ]) {
      expect(faultOf(() => render(text))).toBeInstanceOf(TemplateFault)
    }
  })
  test('a property of that name that is really there is data, and is copied as such', () => {
    const hostile: Json = JSON.parse('{"__proto__":{"isAdmin":"{{ inputs.n }}"},"constructor":1}')
    const made = renderValue(hostile, scope)
    expect(JSON.stringify(made)).toBe('{"__proto__":{"isAdmin":3},"constructor":1}')
    expect(Object.getPrototypeOf(made)).toBe(Object.prototype)
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined()
    expect(renderValue('{{ inputs.__proto__.isAdmin }}', { inputs: JSON.parse('{"__proto__":{"isAdmin":1}}') })).toBe(1)
  })
  test('no getter is run', () => {
    const inputs = Object.defineProperty({}, 'x', { get: () => expect.unreachable(), enumerable: true })
    expect(faultOf(() => renderValue('{{ inputs.x }}', { inputs }))).toBeInstanceOf(TemplateFault)
  })
})

describe('bounds', () => {
  test('a text with templates has at most 20,000 characters, any other has no limit', () => {
    expect(faultOf(() => render(`{{ 1 }}${'x'.repeat(20_000)}`)).message).toMatch(/at most 20000/)
    expect(render('x'.repeat(100_000))).toHaveLength(100_000)
  })
  test('an expression has at most 50 levels', () => {
    expect(render(`{{ ${'('.repeat(50)}1${')'.repeat(50)} }}`)).toBe(1)
    expect(faultOf(() => render(`{{ ${'('.repeat(51)}1${')'.repeat(51)} }}`)).message).toMatch(/50 levels/)
    expect(faultOf(() => render(`{{ ${'not '.repeat(4_000)}1 }}`)).message).toMatch(/50 levels/)
  })
  test('what is nested too deep or made too large is a fault', () => {
    let deep: Json = 'x'
    for (let n = 0; n < 20_000; n += 1) deep = [deep]
    expect(faultOf(() => renderValue(deep, scope)).message).toMatch(/deeper/)
    expect(faultOf(() => renderValue('{{ inputs | json }}', { inputs: deep })).message).toMatch(/too deep/)
    const grow = `{{ 'aaaaaaaa'${" | replace: 'a', 'aaaaaaaaaaaaaaaa'".repeat(50)} }}`
    expect(faultOf(() => render(grow)).message).toMatch(/too long/)
    const large = { text: 'x'.repeat(1_000_000) }
    expect(
      faultOf(() =>
        renderValue(
          Array.from({ length: 50 }, () => '{{ large.text }}'),
          { large },
        ),
      ).message,
    ).toMatch(/too much/)
  })
})

test('escaped text renders to exactly itself', () => {
  const brace = fc.constantFrom('{', '{{', '}}', '{{ x }}', "'", '"', '\\', 'a', '\ud800', '😀', '\n')
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(brace).map((all) => all.join('')),
      ),
      (text) => {
        expect(renderValue(escapeText(text), {})).toBe(text)
        expect(renderValue(`{{ 1 }}${escapeText(text)}{{ 2 }}`, {})).toBe(`1${text}2`)
      },
    ),
  )
})
test('whether a value has templates is told, at any depth', () => {
  expect([hasTemplates(['a', { b: '{{ x }}' }]), hasTemplates({ '{{': 'a } }' }), hasTemplates('{{'), hasTemplates(3)]).toEqual([
    true,
    false,
    true,
    false,
  ])
})
