import * as fc from 'fast-check'
import { soak } from '@steward/testkit'
import { expect, test } from 'vitest'
import { composeSkill } from './compose.ts'
import { readSkill, tagsOf } from './standard.ts'

const skill = (head: string, body = 'Text.\n') => `---\n${head}\n---\n${body}`
const faults = (text: string, folder = 'a') => readSkill(folder, text).faults.map(({ line, message }) => `${line}: ${message}`)

test('a SKILL.md that fits is read whole, every value as the text that is written', () => {
  const head = [
    'name: a',
    'description: >-',
    '  Does this',
    '  and that.',
    'license: Apache-2.0',
    'compatibility: Needs git',
    'metadata:',
    '  version: 1.0',
    '  tags: One, two,, one',
    'allowed-tools: Bash(git:*) Read',
  ].join('\n')
  const read = readSkill('a', skill(head, '\n\n# Title\n\nText.\n'))
  expect(read.faults).toEqual([])
  expect(read.head).toEqual({
    description: 'Does this and that.',
    license: 'Apache-2.0',
    compatibility: 'Needs git',
    metadata: { version: '1.0', tags: 'One, two,, one' },
    allowedTools: ['Bash(git:*)', 'Read'],
  })
  expect(read.body).toBe('# Title\n\nText.\n')
  expect(tagsOf(read.head)).toEqual(['one', 'two'])
})
test('the ends of lines of another system, and a closing line without an end, are read', () => {
  expect(readSkill('a', '---\r\nname: a\r\ndescription: d\r\n---\r\nText.\r\n')).toMatchObject({ faults: [], body: 'Text.\r\n' })
  expect(readSkill('a', '---\nname: a\ndescription: d\n---')).toMatchObject({ faults: [], body: '' })
})
test.each([
  ['', /^1: The file does not begin with a line of ---/],
  ['# Title', /^1: The file does not begin with a line of ---/],
  [' ---\nname: a\n---\n', /^1: The file does not begin/],
  ['---\nname: a', /^1: The frontmatter is not closed/],
  [skill(`name: a\ndescription: ${'x'.repeat(70_000)}`), /^1: The frontmatter is longer than 64 KiB/],
  [skill('just words'), /^2: The frontmatter is no list of fields/],
  [skill('- name: a'), /^2: The frontmatter is no list of fields/],
  [skill('name: a\ndescription: Use when: asked'), /^3: The frontmatter is not the YAML/],
  [skill('name: a\nname: b\ndescription: d'), /^3: .*stands here twice/],
  [skill('name: a\ndescription: !!js/function x'), /^3: .*[Tt]ag/],
  [skill('a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: &d [*c, *c]\ne: [*d, *d, *d]'), /aliases/],
  [skill(`name: a\ndescription: ${'['.repeat(100)}`), /levels deep/],
  [skill('name: a\n__proto__: x\ndescription: d'), /^3: .*__proto__/],
  [skill('name: a\ndescription: d\nversion: 1'), /^4: The standard knows no field "version"/],
  [skill('description: d'), /The field "name" is missing/],
  [skill('name: a'), /The field "description" is missing/],
  [skill('name: a\ndescription: "  "'), /^3: "description" must be a text that is not empty/],
  [skill('name: a\ndescription: [x]'), /^3: "description" must be a text/],
  [skill(`name: a\ndescription: ${'x'.repeat(1025)}`), /^3: "description" has 1025 characters; at most 1024/],
  [skill('name: b\ndescription: d'), /^2: "name" is "b", and the folder "a"/],
  [skill('name: A\ndescription: d'), /^2: "name" must be 1 to 64 lower case/],
  [skill('name: a--b\ndescription: d'), /^2: "name" must be 1 to 64 lower case/],
  [skill(`name: ${'a'.repeat(65)}\ndescription: d`), /^2: "name" has 65 characters/],
  [skill(`name: a\ndescription: d\ncompatibility: ${'x'.repeat(501)}`), /^4: "compatibility" has 501/],
  [skill('name: a\ndescription: d\nmetadata: [x]'), /^4: "metadata" must be a map/],
  [skill('name: a\ndescription: d\nmetadata:\n  x: [y]'), /^4: "metadata" must be a map/],
  [skill('name: a\ndescription: d\nallowed-tools:\n  x: y'), /^4: "allowed-tools" must be/],
])('what does not fit is said with its line: %j', (text, wanted) => {
  expect(
    faults(text).some((fault) => wanted.test(fault)),
    faults(text).join('\n'),
  ).toBe(true)
})
const words = fc.string({ unit: 'binary', maxLength: 60 })
const line = fc.string({ unit: fc.constantFrom(...'ab: -#"\'|>&*!%@`{}[],\\\t\r\n?~<0.'), maxLength: 40 })
test('no text makes the reader throw, take long, or find a skill without a name and a description', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        words,
        line,
        fc.tuple(line, words).map(([head, body]) => `---\n${head}\n---\n${body}`),
      ),
      (text) => {
        const read = readSkill('a', text)
        if (read.faults.length === 0) expect(read.head.description.length).toBeGreaterThan(0)
        for (const fault of read.faults) expect(fault).toMatchObject({ path: 'SKILL.md', line: expect.any(Number) })
      },
    ),
    { numRuns: soak(500, 20_000) },
  )
})
const text = (most: number) =>
  fc
    .oneof(fc.string({ unit: 'grapheme', maxLength: most }), line)
    .map((one) => one.replaceAll('\r', '').trim())
    .filter((one) => one !== '' && one.length <= most && one.isWellFormed())
test('whatever is written is read back as it was given, and fits', () => {
  const fields = fc.record({
    description: text(200),
    body: text(200),
    license: text(50),
    compatibility: text(50),
    metadata: fc.dictionary(
      text(20).filter((key) => !['tags', '__proto__', '<<'].includes(key)),
      text(30),
      { maxKeys: 4 },
    ),
    allowedTools: fc.array(fc.stringMatching(/^[A-Za-z(:*)]{1,10}$/), { maxLength: 3 }),
    tags: fc.uniqueArray(
      fc
        .stringMatching(/^[a-z#: ]{1,8}$/)
        .map((tag) => tag.trim())
        .filter((tag) => tag !== ''),
      { maxLength: 3 },
    ),
  })
  fc.assert(
    fc.property(fields, fc.option(fields, { nil: undefined }), (given, before) => {
      const old = before && composeSkill('a', before)
      const read = readSkill('a', composeSkill('a', given, old))
      expect(read.faults).toEqual([])
      const { tags: _tags, ...metadata } = read.head.metadata
      expect({ ...read.head, metadata, body: read.body.replace(/\n$/, ''), tags: tagsOf(read.head) }).toEqual({
        ...given,
        metadata: { ...given.metadata },
        body: given.body.replace(/\n*$/, ''),
      })
    }),
    { numRuns: soak(300, 5_000) },
  )
})
test('a change of one field keeps the others and the comments; a frontmatter that cannot be read is replaced', () => {
  const before = skill('# mine\nname: a\ndescription: &d Does it. # so\nlicense: *d', '\nOld.\n')
  expect(composeSkill('a', { license: 'MIT', body: 'New.' }, before)).toBe(
    '---\n# mine\nname: a\ndescription: &d Does it. # so\nlicense: MIT\n---\n\nNew.\n',
  )
  expect(composeSkill('a', { description: 'Anew.' }, before)).toBe('---\nname: a\ndescription: Anew.\nlicense: Does it.\n---\n\nOld.\n')
  expect(composeSkill('a', { description: 'Anew.' }, '---\nname: a: b\n---\nOld.\n')).toBe('---\nname: a\ndescription: Anew.\n---\n\nOld.\n')
  expect(composeSkill('a', { description: 'Anew.' }, 'Only words.\n')).toBe('---\nname: a\ndescription: Anew.\n---\n\nOnly words.\n')
  const full = composeSkill('a', { description: 'd', license: 'MIT', tags: ['x'], allowedTools: ['Read'] })
  expect(composeSkill('a', { license: null, tags: [], allowedTools: [] }, full)).toBe('---\nname: a\ndescription: d\n---\n')
})
