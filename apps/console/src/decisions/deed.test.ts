import { expect, test } from 'vitest'
import { addressOf, deedOf } from './deed.ts'

test('a command is shown as it would run, with the parts of it that ask and its other inputs', () => {
  const input = { command: 'ls && rm -r out', description: 'Cleans up', background: true }
  expect(
    deedOf({
      toolId: 'shell.run',
      input,
      preview: { summary: 'Run (Cleans up): ls && rm -r out', commands: [{ text: 'rm -r out', why: 'No rule allows it.' }] },
    }),
  ).toEqual({
    kind: 'command',
    line: 'ls && rm -r out',
    asking: [{ text: 'rm -r out', why: 'No rule allows it.' }],
    rule: null,
    says: 'Cleans up',
    rest: { background: true },
  })
})
test('the command of an app is what the daemon would run, not what its inputs say', () => {
  expect(
    deedOf({
      toolId: 'git-hub.open',
      input: { number: 3 },
      preview: { summary: 'Run: gh pr view 3', commands: [{ text: 'gh pr view 3', why: 'No rule allows it.' }] },
    }),
  ).toMatchObject({
    kind: 'command',
    line: 'gh pr view 3',
    rest: { number: 3 },
  })
})
test('a change is its diff, also an empty one', () => {
  expect(deedOf({ toolId: 'files.write', input: { path: 'a' }, preview: { diff: '', summary: 'Write a' } })).toEqual({
    kind: 'change',
    diff: '',
    summary: 'Write a',
    rest: null,
    rule: null,
  })
})
test('a request has its method, its address with the host apart, and its body', () => {
  expect(deedOf({ toolId: 'web.fetch', input: { url: 'https://example.com/a?b#c' }, preview: null })).toEqual({
    kind: 'request',
    method: 'GET',
    address: { before: 'https://', host: 'example.com', after: '/a?b#c' },
    body: null,
    rest: null,
    rule: null,
  })
  expect(deedOf({ toolId: 'api.add', input: { name: 'x' }, preview: { summary: 'POST http://127.0.0.1:80/v1\n{"name":"x"}\n' } })).toMatchObject({
    method: 'POST',
    address: { host: '127.0.0.1', after: '/v1' },
    body: '{"name":"x"}\n',
  })
})
test.each([
  ['https://bank.example@evil.example/x', { before: 'https://bank.example@', host: 'evil.example', after: '/x' }],
  ['https://evil.example\\@bank.example/', { before: 'https://', host: 'evil.example', after: '/@bank.example/' }],
  ['https://bаnk.example', { before: 'https://', host: 'xn--bnk-6cd.example', after: '/' }],
  ['nonsense', { before: 'nonsense', host: '', after: '' }],
])('the host of %s is where it really goes', (address, pieces) => {
  expect(addressOf(address)).toEqual(pieces)
})
test('the rule that asks is told', () => {
  const rule = { id: 'rule_1', tool: 'files.*', action: 'ask', level: 'global' }
  expect(deedOf({ toolId: 'files.write', input: {}, preview: { rule } }).rule).toEqual({ tool: 'files.*', pattern: null, level: 'global' })
})
test('anything else is its inputs', () => {
  expect(deedOf({ toolId: 'mail.send', input: { to: 'a' }, preview: {} })).toEqual({ kind: 'call', summary: null, rest: { to: 'a' }, rule: null })
  expect(deedOf({ toolId: 'mail.send', input: 'odd', preview: null })).toEqual({ kind: 'call', summary: null, rest: null, rule: null })
})
