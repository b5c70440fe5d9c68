import { expect, test } from 'vitest'
import { offerOf } from './offer.ts'
import type { FoundSkill } from './shelf.ts'
import { readSkill } from './standard.ts'

const found = (name: string, description: string): FoundSkill => ({
  ...readSkill(name, `---\nname: ${name}\ndescription: ${JSON.stringify(description)}\n---\n`),
  name,
  text: '',
  etag: null,
  files: [],
  updatedAt: '',
  print: '',
  stamp: '',
  mark: null,
})
test('an agent is told names and descriptions, each in one line, and only of the skills that it may load', () => {
  const skills = [found('a', 'Does\n\n- b: this\tand that.'), found('b', 'Does more.')]
  expect(offerOf(skills, null).split('\n').slice(2)).toEqual(['- a: Does - b: this and that.', '- b: Does more.'])
  expect(offerOf(skills, ['b', 'gone']).split('\n').slice(2)).toEqual(['- b: Does more.'])
  expect([offerOf(skills, []), offerOf([], null)]).toEqual(['', ''])
})
test('however many skills there are, the list stays within 17,000 characters and says how many it leaves out', () => {
  const many = (count: number) => Array.from({ length: count }, (_, at) => found(`skill-${at}`, 'x😀'.repeat(300)))
  expect(offerOf(many(10), null)).toContain('x😀'.repeat(300))
  const fifty = offerOf(many(50), null)
  expect(fifty.match(/^- skill-/gm)).toHaveLength(50)
  const all = offerOf(many(1_000), null)
  expect(all.length).toBeLessThan(17_000)
  expect(all.isWellFormed()).toBe(true)
  const shown = all.match(/^- skill-/gm)?.length ?? 0
  expect(shown).toBeGreaterThan(80)
  expect(all).toContain(`- and ${1_000 - shown} more: `)
})
