import { workflows } from '@steward/contract/daemon'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { WorkflowDefinition } from '../../engine/workflow/types.ts'
import { readYaml } from '../../platform/yaml-reader.ts'
import { fromYaml, toYaml } from './yaml.ts'

const input = workflows['workflows.save'].input
const said = (text: string) => {
  try {
    readYaml(text)
  } catch (error) {
    return (error as Error).message
  }
  return 'nothing'
}
const shapeFault = (text: string) => {
  try {
    fromYaml(text)
  } catch (error) {
    return (error as Error).message
  }
  return 'nothing'
}
const key = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.constantFrom(
      '<<',
      '1',
      '-',
      '?',
      ': ',
      'null',
      'true',
      '~',
      '',
      ' ',
      '#',
      '&a',
      '*a',
      '!t',
      '%YAML',
      '---',
      '...',
      'a: b',
      "'",
      '"',
      '@',
      '`',
    ),
  )
  .filter((name) => name !== '__proto__')
const text = fc.oneof(
  key,
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc
    .array(
      fc.constantFrom(
        'a',
        ' ',
        '\n',
        '\t',
        '\r',
        '#',
        '- ',
        ': ',
        '{{inputs.x}}',
        '{{',
        "'",
        '"',
        '\\',
        '|',
        '>',
        '\u0085',
        '\u2028',
        '\ufeff',
        '\ud800',
        '…',
        '😀',
      ),
      { maxLength: 30 },
    )
    .map((parts) => parts.join('')),
)
const scalar = fc.oneof(text, fc.boolean(), fc.constant(null), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.maxSafeInteger())
const value = fc.letrec((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(key, tie('json'), { maxKeys: 4 }),
  ),
})).json
const values = fc.dictionary(key, value, { maxKeys: 5 })
const stepId = text.filter((id) => id.length > 0 && id.length <= 64)
const step = fc.record(
  {
    id: stepId,
    toolId: fc.constantFrom('files.read', 'a.b'),
    workflowId: fc.constantFrom('wfl_1'),
    inputs: values,
    dependsOn: fc.array(stepId, { maxLength: 3 }),
    if: text.filter((words) => words.length > 0),
    forEach: fc.record({ in: text.filter((words) => words.length > 0), limit: fc.integer({ min: 1, max: 10_000 }) }),
    retry: fc.record({ max: fc.integer({ min: 1, max: 20 }), backoffMs: fc.integer({ min: 0, max: 3_600_000 }) }),
    timeoutMs: fc.integer({ min: 1, max: 86_400_000 }),
    onError: fc.oneof(fc.constantFrom('halt', 'continue'), fc.record({ goto: stepId })),
  },
  { requiredKeys: ['id', 'inputs'] },
)
const workflow = fc
  .record(
    {
      name: text.filter((name) => name.trim().length > 0 && name.trim().length <= 200),
      description: text,
      inputs: values,
      permissions: fc.array(fc.constantFrom('files:read', '*', '*:read', 'a:*'), { maxLength: 3 }),
      steps: fc.array(step, { minLength: 1, maxLength: 4 }),
    },
    { requiredKeys: ['name', 'permissions', 'steps'] },
  )
  .map((given) => JSON.parse(JSON.stringify(input.parse(given))) as WorkflowDefinition)

test('whatever a workflow says, its YAML says the same when it is read back', () => {
  fc.assert(
    fc.property(workflow, (definition) => {
      const { id, definition: back } = fromYaml(toYaml('wfl_1', definition))
      expect(id).toBe('wfl_1')
      expect(back).toEqual(definition)
      expect(toYaml('wfl_1', back)).toBe(toYaml('wfl_1', definition))
    }),
    { numRuns: 150 },
  )
})
test('reading any text ends with a value or with a sentence that has the line', () => {
  const piece = fc.constantFrom(
    'a',
    ' ',
    '\n',
    '\n  ',
    '- ',
    ': ',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '|',
    '>',
    '&a ',
    '*a',
    '!x ',
    '<<: ',
    '%YAML 1.1\n',
    '---\n',
    '...\n',
    '#',
    '\t',
    '? ',
    '__proto__: ',
    '1',
    ',',
    '\u0000',
    '\ufeff',
  )
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
      (given) => {
        expect(said(given)).toMatch(/^(nothing|Line \d+: [\s\S]+[.!?])$/)
      },
    ),
    { numRuns: 2000 },
  )
})
test('a workflow is written without comments, its id and name first, fields in a fixed order, templates as they are', () => {
  const definition = input.parse({
    name: 'Weekly report',
    permissions: ['files:read', 'files:write'],
    description: 'Two\nlines',
    steps: [
      {
        onError: 'continue',
        inputs: { path: '{{inputs.path}}', note: 'say "{{steps.a.outputs.text}}"' },
        toolId: 'files.read',
        id: 'a',
        if: "inputs.path != ''",
      },
      { id: 'b', workflowId: 'wfl_2', dependsOn: ['a'] },
    ],
  })
  expect(toYaml('wfl_1', definition as WorkflowDefinition)).toBe(`id: wfl_1
name: Weekly report
description: |-
  Two
  lines
permissions:
  - files:read
  - files:write
steps:
  - id: a
    toolId: files.read
    if: inputs.path != ''
    inputs:
      path: "{{inputs.path}}"
      note: say "{{steps.a.outputs.text}}"
    onError: continue
  - id: b
    workflowId: wfl_2
    dependsOn:
      - a
`)
})
const refused: readonly (readonly [text: string, sentence: RegExp])[] = [
  ['a: [1, 2', /^Line 1: /],
  ['a: 1\nb: "\\q"', /^Line 2: Invalid escape/],
  ['a: 1\n---\nb: 2', /^Line 2: A second document/],
  ['%YAML 1.1\n---\na: yes', /YAML 1\.2/],
  ['a: 1\nb: !secret x', /^Line 2: Tags/],
  ['a: !!binary aGVsbG8=', /^Line 1: Tags/],
  ['x: &x {b: 1}\na:\n  <<: *x', /^Line 3: Merge keys/],
  ['a: 1\nb:\n  __proto__: {x: 1}', /^Line 3: The key __proto__/],
  ['a: 1\n"a": 2', /^Line 2: The key "a" stands here twice/],
  ['? [a]\n: b', /^Line 1: A key is a text/],
  ['a: .nan', /^Line 1: JSON has no such value/],
  ['a: *nowhere', /^Line 1: There is no anchor &nowhere/],
  ['a: &a [*a]', /^Line 1: A file has at most 20 aliases/],
  [`a: &a 1\nb: [${'*a, '.repeat(21)}]`, /^Line 2: A file has at most 20 aliases/],
  [`${'a: 1\n'}b: ${'['.repeat(65)}`, /^Line 2: This is nested/],
  [`a:\n  ${'- '.repeat(70)}x`, /^Line 2: This is nested/],
  ['['.repeat(500_000), /^Line 1: This is nested/],
  ['- '.repeat(500_000), /^Line 1: This is nested/],
  [Array.from({ length: 100 }, (_, n) => `${' '.repeat(n)}a:`).join('\n'), /^Line 65: This is nested/],
  ['x'.repeat(1024 * 1024 + 1), /at most 1 MiB/],
  [`[${'1,'.repeat(150_000)}]`, /at most 200000 words/],
]
test('what is not accepted in YAML is refused with its line', () => {
  for (const [given, sentence] of refused) expect(said(given), given.slice(0, 40)).toMatch(sentence)
})
test('what is accepted is what JSON can say, and nothing is guessed', () => {
  expect(readYaml('a: 0o17\nb: 1_000\nc: yes\nd: ~\ne: 2026-01-31\n1: x\n"<<": y\nf: !!str 5\ng: &g [1]\nh: *g').value).toEqual({
    a: 15,
    b: '1_000',
    c: 'yes',
    d: null,
    e: '2026-01-31',
    1: 'x',
    '<<': 'y',
    f: '5',
    g: [1],
    h: [1],
  })
})
test('a file that is no workflow is refused with the line and the place', () => {
  expect(shapeFault('')).toMatch(/^Line 1: A workflow is written as fields/)
  expect(shapeFault('name: a\npermissions: []\nsteps:\n  - id: a\n    tool: x')).toMatch(/^Line 5: steps\[0\]\.tool: /)
  expect(shapeFault('name: a\npermissions:\n  - nonsense\nsteps:\n  - id: a')).toMatch(/^Line 3: permissions\[0\]: must look like/)
  expect(shapeFault('name: a\npermissions: []\nsteps: []\nversion: 3')).toMatch(/^Line 3: steps: /)
  expect(shapeFault('name: a\nsteps:\n  - id: a')).toMatch(/^Line 1: permissions: /)
})
