import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Memory } from '@steward/contract/daemon'
import { fromMarkdown, toMarkdown } from './markdown.ts'

const nasty = fc.constantFrom(
  '---',
  '\\---',
  '\\\\---',
  '\n',
  '\r\n',
  '\r',
  'memory: mem_1',
  'kind: note',
  ' ',
  '\u2028',
  '# Heading',
  '```',
  '\uFEFF',
  '😀',
  'a\\',
  '----',
)
const text = fc
  .oneof(
    fc.string({ unit: 'grapheme' }),
    fc.array(nasty, { maxLength: 12 }).map((parts) => parts.join('')),
  )
  .map((some) => `${some}x${some}`)
const at = fc.date({ min: new Date('1970-01-01'), max: new Date('2900-01-01'), noInvalidDate: true }).map((date) => date.toISOString())
const id = (prefix: string) => fc.stringMatching(/^[0-9a-z]{1,20}$/).map((rest) => `${prefix}_${rest}`)
const memory: fc.Arbitrary<Memory> = fc.record({
  id: id('mem'),
  kind: fc.constantFrom('note', 'fact', 'document'),
  text,
  tags: fc.array(fc.string({ minLength: 1, maxLength: 20 }), { maxLength: 4 }),
  source: fc.oneof(
    fc.record({ kind: fc.constantFrom('user', 'agent', 'import'), ref: fc.string({ maxLength: 30 }) }),
    fc.constant({ kind: 'user' as const }),
  ),
  agentId: fc.option(id('agt')),
  sessionId: fc.option(id('ses')),
  createdAt: at,
  updatedAt: at,
  expiresAt: fc.option(at),
})

test('what is exported is imported to the letter, whatever it holds', () => {
  fc.assert(
    fc.property(fc.array(memory, { minLength: 1, maxLength: 5 }), (memories) => {
      expect(fromMarkdown(toMarkdown(memories))).toEqual(memories)
    }),
    { numRuns: 500 },
  )
})
test('an entry reads as Markdown with front matter', () => {
  const one = { id: 'mem_1', kind: 'fact', text: 'Ana likes tea.', tags: ['ana'], source: { kind: 'user', ref: 'owner' } } as const
  const rest = { agentId: null, sessionId: 'ses_1', createdAt: '2026-01-01T00:00:00.000Z', updatedAt: '2026-01-02T00:00:00.000Z', expiresAt: null }
  expect(toMarkdown([{ ...one, ...rest, tags: ['ana'] }])).toBe(`---
memory: mem_1
kind: fact
tags: ["ana"]
source: {"kind":"user","ref":"owner"}
agentId: null
sessionId: ses_1
createdAt: 2026-01-01T00:00:00.000Z
updatedAt: 2026-01-02T00:00:00.000Z
expiresAt: null
---
Ana likes tea.
`)
})
test('an entry written by hand needs little, and any other file is one document', () => {
  expect(fromMarkdown('---\r\nmemory:\r\nkind: fact\r\n---\r\nAna likes tea.\r\n')).toEqual([
    { text: 'Ana likes tea.', kind: 'fact', tags: [], source: { kind: 'import' }, agentId: null, sessionId: null, expiresAt: null },
  ])
  const other = '---\ntitle: Mine\n---\n# Notes\n\n---\nmore\n'
  expect(fromMarkdown(other)).toMatchObject([{ kind: 'document', text: other, source: { kind: 'import' } }])
})
test('what cannot be read is refused with its line', () => {
  const good = '---\nmemory: mem_1\n---\nfine\n'
  const bad: [string, number][] = [
    ['---\nmemory: mem_2\n---\n  \n', 5],
    ['---\nmemory: mem_2\nkind: novel\n---\nx\n', 5],
    ['---\nmemory: mem_2\nnonsense\n---\nx\n', 7],
    ['---\nmemory: mem_2\nunknown: 1\n---\nx\n', 5],
    ['---\nmemory: mem_2\nx\n', 5],
    ['---\nmemory: ../x\n---\nx\n', 5],
  ]
  for (const [entry, line] of bad)
    expect(() => fromMarkdown(good + entry), entry).toThrow(expect.objectContaining({ code: 'unprocessable', details: { line } }))
  expect(() => fromMarkdown('')).toThrow(expect.objectContaining({ code: 'unprocessable' }))
})
