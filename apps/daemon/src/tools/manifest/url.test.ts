import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createMeter, evaluate } from '../../engine/templates/evaluate.ts'
import type { Json } from '../../engine/types.ts'
import { ToolError } from '../tool.ts'
import { fillUrl, readUrl } from './url.ts'

const filled = (template: string, inputs: Json, more: { base?: string; query?: readonly [string, string][] } = {}) =>
  fillUrl(readUrl(template), {
    setting: () => more.base ?? 'https://api.example.com/v1',
    value: (expression) => evaluate(expression, { inputs, settings: {} }, createMeter(), false),
    query: more.query ?? [],
  }).url
const codeOf = (work: () => unknown) => {
  try {
    return String(work())
  } catch (error) {
    if (error instanceof ToolError) return error.code
    throw error
  }
}

test.each<[string, string, Json, string]>([
  ['a word', 'https://x.example/a/{{inputs.v}}/b', 'c d', 'https://x.example/a/c%20d/b'],
  ['a path', 'https://x.example/a/{{inputs.v}}', '../../admin', 'https://x.example/a/..%2F..%2Fadmin'],
  ['a query', 'https://x.example/a/{{inputs.v}}', 'x?admin=1#y', 'https://x.example/a/x%3Fadmin%3D1%23y'],
  ['another host', 'https://x.example/{{inputs.v}}', '//evil.example/', 'https://x.example/%2F%2Fevil.example%2F'],
  ['another host with backslashes', 'https://x.example/{{inputs.v}}', '\\\\evil.example', 'https://x.example/%5C%5Cevil.example'],
  ['a user', '{{settings.base}}/{{inputs.v}}', '@evil.example', 'https://api.example.com/v1/%40evil.example'],
  ['an encoded slash', 'https://x.example/{{inputs.v}}', '%2f', 'https://x.example/%252f'],
  ['a line break', 'https://x.example/{{inputs.v}}', 'a\r\nHost: b', 'https://x.example/a%0D%0AHost%3A%20b'],
  ['half a character', 'https://x.example/{{inputs.v}}', '\ud800', 'https://x.example/%EF%BF%BD'],
  ['a number', 'https://x.example/{{inputs.v}}', 7, 'https://x.example/7'],
  ['nothing in the query', 'https://x.example/a?b={{inputs.v}}&c=1', '', 'https://x.example/a?b=&c=1'],
  ['more for the query', 'https://x.example/a?b={{inputs.v}}', '1&admin=true', 'https://x.example/a?b=1%26admin%3Dtrue'],
  ['dots in the query', 'https://x.example/a?b={{inputs.v}}', '..', 'https://x.example/a?b=..'],
])('%s stays one piece of the address', (_, template, v, url) => {
  expect(filled(template, { v })).toBe(url)
})
test.each<[string, string, Json]>([
  ['a step upwards', 'https://x.example/a/{{inputs.v}}/b', '..'],
  ['the same place', 'https://x.example/a/{{inputs.v}}', '.'],
  ['a step upwards in two pieces', 'https://x.example/a/.{{inputs.v}}/b', '.'],
  ['a step upwards behind a percent sign', 'https://x.example/a/%{{inputs.v}}/b', '2e'],
  ['nothing', 'https://x.example/things/{{inputs.v}}', ''],
  ['null', 'https://x.example/things/{{inputs.v}}', null],
  ['a list', 'https://x.example/things/{{inputs.v}}', ['a']],
  ['an object', 'https://x.example/things?a={{inputs.v}}', {}],
])('%s is refused', (_, template, v) => {
  expect(codeOf(() => filled(template, { v }))).toBe('invalid')
})
test('a query is added to what the address has, and a base may end in a slash or be a host alone', () => {
  const query = [
    ['q', 'a b&c'],
    ['q', 'd'],
  ] as [string, string][]
  expect(filled('{{settings.base}}/s?type=x', {}, { query, base: 'http://LOCALHOST:80/v1//' })).toBe('http://localhost/v1/s?type=x&q=a%20b%26c&q=d')
  expect(filled('{{settings.base}}?type=x', {}, { query, base: 'http://h' })).toBe('http://h/?type=x&q=a%20b%26c&q=d')
  expect(filled('https://h', {}, { query })).toBe('https://h/?q=a%20b%26c&q=d')
  expect(codeOf(() => filled('https://h/{{inputs.v}}', { v: 'x'.repeat(9000) }))).toBe('too_large')
})
test.each(['', 'x', 'javascript:alert(1)', 'http://u:p@h', 'https://h/a?b', 'https://h/#', 'ftp://h'])('a base like "%s" is refused', (base) => {
  expect(codeOf(() => filled('{{settings.base}}/a', {}, { base }))).toBe('failed')
})
test('no input changes the origin, the number of segments, the other segments or the query', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string(),
    fc.constantFrom(
      '..',
      '.',
      '%2e%2e',
      '%2E',
      '/',
      '//',
      '\\',
      '@',
      ':',
      '?',
      '#',
      '&',
      ';',
      '..;',
      '{{inputs.v}}',
      '\t',
      '\u0000',
      '\u3002',
      '．．',
    ),
    fc.integer(),
    fc.boolean(),
  )
  const templates = [
    'https://h.example/a/{{inputs.v}}/b/{{inputs.w}}',
    'https://h.example/a/x{{inputs.v}}/b/{{inputs.w}}?k={{inputs.v}}',
    '{{settings.base}}/{{inputs.v}}/b/{{inputs.w}}',
  ]
  fc.assert(
    fc.property(fc.constantFrom(...templates), hostile, hostile, (template, v, w) => {
      const made = codeOf(() => filled(template, { v, w }, { base: 'https://h.example/a/' }))
      if (made === 'invalid') return
      const url = new URL(made)
      const [nothing, a, first, b, second, ...more] = url.pathname.split('/')
      expect([url.origin, url.username, url.hash, nothing, a, b, more]).toEqual(['https://h.example', '', '', '', 'a', 'b', []])
      const well = (value: unknown) => String(value).toWellFormed()
      expect(decodeURIComponent(first!)).toBe(`${template.includes('x{{') ? 'x' : ''}${well(v)}`)
      expect(decodeURIComponent(second!)).toBe(well(w))
      if (template.includes('?')) expect([...url.searchParams]).toEqual([['k', well(v)]])
    }),
    { numRuns: 500 },
  )
})
