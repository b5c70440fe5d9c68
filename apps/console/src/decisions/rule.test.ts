import { expect, test } from 'vitest'
import { isEdited, isToolName, ruleSent, suggestedRule } from './rule.ts'

const suggested = { tool: 'shell.run', pattern: 'npm test', action: 'allow', level: 'workspace' }
const place = { sessionId: 'ses_1', workspace: '/work' }

test('the rule that would be written is read from the approval, and none where none can stand for the call', () => {
  const rule = { tool: 'shell.run', pattern: 'npm test', level: 'workspace', until: 'never' } as const
  expect(suggestedRule({ suggested })).toEqual(rule)
  expect(suggestedRule({ suggested: null })).toBeNull()
  expect(suggestedRule({ suggested: ['odd'] })).toBeNull()
  expect(isEdited(rule, rule)).toBe(false)
  expect(isEdited({ ...rule, pattern: 'npm *' }, rule)).toBe(true)
})
test('a rule is sent with its place and its end, and without a pattern it stands for every call', () => {
  expect(ruleSent({ tool: 'shell.run', pattern: 'npm *', level: 'workspace', until: 'hour' }, place, 0)).toEqual({
    tool: 'shell.run',
    pattern: 'npm *',
    action: 'allow',
    level: 'workspace',
    workspace: '/work',
    expiresAt: '1970-01-01T01:00:00.000Z',
  })
  expect(ruleSent({ tool: 'web.*', pattern: '', level: 'session', until: 'never' }, place, 0)).toEqual({
    tool: 'web.*',
    action: 'allow',
    level: 'session',
    sessionId: 'ses_1',
  })
})
test.each(['shell.run', 'files.*', '*', 'a'])('%s may be the tool of a rule', (name) => expect(isToolName(name)).toBe(true))
test.each(['', 'shell run', 'files.**', '.*', 'x'.repeat(101)])('"%s" may not', (name) => expect(isToolName(name)).toBe(false))
