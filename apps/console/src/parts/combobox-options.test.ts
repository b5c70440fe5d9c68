import { expect, test } from 'vitest'
import { filterOptions, grouped } from './combobox-options.ts'

const groups = grouped([
  { value: 'a/sonnet', label: 'Sonnet', note: '200k', group: 'Anthropic' },
  { value: 'o/mini', label: 'Mini', group: 'OpenAI' },
  { value: 'a/haiku', label: 'Haïku', group: 'Anthropic' },
])
const found = (query: string, free = false) => filterOptions(groups, query, free).flatMap(({ items }) => items.map(({ value }) => value))

test('options stand under their headings and are found by name, note and heading, without accents', () => {
  expect(groups.map(({ name, items }) => [name, items.length])).toEqual([
    ['Anthropic', 2],
    ['OpenAI', 1],
  ])
  expect([found(''), found('haiku'), found('anthropic 200'), found('x')]).toEqual([['a/sonnet', 'a/haiku', 'o/mini'], ['a/haiku'], ['a/sonnet'], []])
})
test('a text of one’s own can be taken where that is meant, unless it is an option', () => {
  expect([found('local/q', true), found('a/haiku', true)]).toEqual([['local/q'], ['a/haiku']])
})
