import { expect, test } from 'vitest'
import { ruleInWords, type RuleFields } from './rule-words.ts'

const say = (more: Partial<RuleFields>) =>
  ruleInWords({ tool: 'shell.run', pattern: null, action: 'allow', level: 'global', workspace: null, expiresAt: null, ...more })

test('a rule is told in words: what happens, with which calls, and where', () => {
  expect(say({})).toBe('Runs without asking: the tool shell.run, in every workspace.')
  expect(say({ pattern: 'git status *' })).toBe(
    'Runs without asking: the tool shell.run, when a command begins with the words “git status”, whatever follows, in every workspace.',
  )
  expect(say({ pattern: 'npm test' })).toContain('exactly “npm test”')
  expect(say({ pattern: 'git * --force' })).toContain('like “git * --force”')
  expect(say({ tool: 'files.*', pattern: '*.env', action: 'deny', level: 'workspace', workspace: '/w' })).toMatch(
    /^Denies: every tool of files, for paths like “\*\.env”.*, in \/w\.$/,
  )
  expect(say({ tool: 'web.fetch', pattern: 'example.com' })).toContain('at the host or below the address “example.com”')
  expect(say({ tool: '*', action: 'ask', level: 'session' })).toBe('Asks you first: every call of every tool, in one session.')
})
