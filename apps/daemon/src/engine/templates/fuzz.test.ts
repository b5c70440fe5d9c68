import * as fc from 'fast-check'
import { soak } from '@steward/testkit'
import { expect, test } from 'vitest'
import { expectFast } from '../../../test/expect-fast.ts'
import type { JsonSchema } from '../execution/types.ts'
import type { Json } from '../types.ts'
import { checkCondition, checkValue } from './check.ts'
import { references, referencesOfExpression } from './references.ts'
import { hasTemplates, isTrue, renderValue, valueOf } from './render.ts'
import { TemplateFault, type Scope } from './types.ts'

const runs = soak(400, 20_000)
const timeoutMs = soak(30_000, 900_000)
const names = ['a', 'b c', '__proto__', 'constructor', 'prototype', 'toString', 'length', '0', '', '*', 'then', '😀']
const key = fc.constantFrom(...names)
const pieces = [
  '{{', '}}', '{', '}', '{{ ', ' }}', 'inputs', 'steps', 'item', 'nope', '.', '[', ']', '*', '-1', '0', '1e999', '"', "'", '\\', '\\u00', '|', '||', '&&', '!', '(', ')',
  ' and ', ' or ', ' not ', ' contains ', '==', '<', '=', ':', ',', 'default', ' | length', " | map: 'a'", " | sort: '__proto__'", " | replace: 'a', 'aaaaaaaa'",
  ' | json', " | split: ''", ' | date', ' | urlencode', ' | base64', ' | unique', '.constructor', '.__proto__', "['prototype']", '[*]', '.*', 'null', 'true', '\0', '\ud800', '(a+)+$',
  'constructor.constructor("return 1")()', '${1}', '\u2028',
] // prettier-ignore
/** Texts made of what templates are made of. */
const text = fc.oneof(
  { weight: 4, arbitrary: fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map((all) => all.join('')) },
  { weight: 4, arbitrary: fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((all) => `{{ inputs${all.join('')} }}`) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('(', '!', '{{', '[', '.a', ' | json', "'a' and ", '{{ 1 }}'), fc.integer({ min: 1, max: 3_000 }))
      .map(([each, n]) => each.repeat(n)),
  },
)
const value = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small' },
    fc.oneof(text, fc.boolean(), fc.constant(null), fc.double({ noNaN: true, noDefaultInfinity: true })),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie('json')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
  ),
})).json
const deep = fc
  .integer({ min: 1, max: 5_000 })
  .map((levels) => Array.from({ length: levels }).reduce<Json>((inner, _, n) => (n % 2 === 0 ? [inner] : { a: inner }), '{{ 1 }}'))
const keyword = fc.constantFrom(
  'type',
  'properties',
  'items',
  'anyOf',
  'allOf',
  '$ref',
  'required',
  'additionalProperties',
  'enum',
  'const',
  'pattern',
  'patternProperties',
  '__proto__',
  '$id',
  'not',
)
const schema: fc.Arbitrary<JsonSchema> = fc.letrec<{ part: Json; whole: JsonSchema }>((tie) => ({
  part: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<Json>('object', 'string', 'array', 'integer', '#', '#/properties/a', '(', '(a+)+$', true, false, null, 3),
    fc.array(tie('part'), { maxLength: 3 }),
    tie('whole'),
  ),
  whole: fc.array(fc.tuple(fc.oneof(keyword, key), tie('part')), { maxLength: 5 }).map((entries): JsonSchema => Object.fromEntries(entries)),
})).whole

/** The value, or undefined for a fault that has a sentence and a place in the text. Anything else that is thrown fails the test. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    expect(error).toBeInstanceOf(TemplateFault)
    if (error instanceof TemplateFault) expect([error.at >= 0, error.message]).toEqual([true, expect.stringMatching(/^["A-Z`].*\.$/s)])
    return undefined
  }
}
test('any value with any templates is rendered or refused, at once', { timeout: timeoutMs }, () => {
  fc.assert(
    fc.property(fc.oneof({ weight: 9, arbitrary: value }, { weight: 1, arbitrary: deep }), value, value, (template, inputs, steps) => {
      const scope: Scope = { inputs, steps, item: undefined }
      expectFast(() => {
        const made = attempt(() => renderValue(template, scope))
        if (made !== undefined && !hasTemplates(template)) expect(JSON.stringify(made)).toBe(JSON.stringify(template))
        references(template)
      })
    }),
    { numRuns: runs },
  )
})
test('any text is a condition or refused, at once', { timeout: timeoutMs }, () => {
  fc.assert(
    fc.property(text, value, (condition, inputs) => {
      expectFast(() => {
        attempt(() => isTrue(condition, { inputs }))
        attempt(() => valueOf(condition, { inputs }))
        referencesOfExpression(condition)
      })
    }),
    { numRuns: runs },
  )
})
test('the check of any value by any schema ends with places, never with an error', { timeout: timeoutMs }, () => {
  fc.assert(
    fc.property(
      fc.oneof({ weight: 9, arbitrary: value }, { weight: 1, arbitrary: deep }),
      schema,
      schema,
      text,
      (template, inputs, target, condition) => {
        expectFast(() => {
          const scope = { inputs, steps: undefined }
          const problems = [...checkValue(template, { scope, target, path: 'x' }), ...checkCondition(condition, { scope, path: 'x' })]
          for (const { path, message } of problems) expect([path, message]).toEqual([expect.stringMatching(/^x/), expect.stringMatching(/./)])
        })
      },
    ),
    { numRuns: runs },
  )
})
test('what passes the check can only fail for what is missing or has another kind than its schema says', { timeout: timeoutMs }, () => {
  const scope = {
    inputs: { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false } satisfies JsonSchema,
  }
  fc.assert(
    fc.property(text, (template) => {
      expectFast(() => {
        const problems = checkValue(template, { scope, path: '' })
        const made = attempt(() => renderValue(template, { inputs: { a: 'text' } }))
        if (problems.length > 0 && made !== undefined) expect(template).toMatch(/default|contains|[=<>]| or | and |\|\||&&|not|!|\*|\(/)
      })
    }),
    { numRuns: runs },
  )
})
