import { expect, test } from 'vitest'
import { matchPath, matchTokens, matchUrl, tokens } from './globs.ts'
import { PermissionRule } from './rules.ts'

test.each<[string, string, boolean]>([
  ['*.ts', '/w/a/b.ts', true],
  ['*.ts', '/x/b.ts', false],
  ['src', '/w/src/a/b', true],
  ['src/', '/w/src/a', true],
  ['src/*.ts', '/w/src/a.ts', true],
  ['src/*.ts', '/w/src/b/a.ts', false],
  ['src/**', '/w/src/b/a.ts', true],
  ['**/a.ts', '/w/a.ts', true],
  ['src/**/a.ts', '/w/src/x/y/a.ts', true],
  ['src/**/a.ts', '/w/src/a.ts', true],
  ['./a.ts', '/w/a.ts', true],
  ['./a.ts', '/w/b/a.ts', false],
  ['/etc/**', '/etc/a', true],
  ['/etc', '/etc/a/b', true],
  ['/etc', '/etcetera', false],
  ['src/**', '/w/src/../b', false],
  ['*', '/w/a/b', true],
  ['*', '/x', false],
  ['/w/\\*', '/w/*', true],
  ['/w/\\*', '/w/a', false],
  ['src/*', '/work/src/a', false],
  ['../x', '/x', false],
])('as an allow rule %j on %s matches: %s', (pattern, file, expected) => {
  expect(matchPath(pattern, file, '/w', false)).toBe(expected)
})
test('a deny pattern without a slash reaches outside of the workspace', () => {
  expect(matchPath('.env', '/x/.env', '/w', true)).toBe(true)
  expect(matchPath('*.pem', '/w/a/b.pem', '/w', true)).toBe(true)
})
test.each<[string, string, boolean]>([
  ['example.com', 'https://example.com/x', true],
  ['example.com', 'https://EXAMPLE.com./x', true],
  ['example.com', 'https://example.com@evil.com', false],
  ['example.com', 'https://example.com.evil.com', false],
  ['*.example.com', 'https://a.b.example.com', true],
  ['*.example.com', 'https://evilexample.com', false],
  ['localhost:3000', 'http://localhost:3000/x', true],
  ['localhost:3000', 'http://localhost:4000', false],
  ['https://a.b/v1', 'https://a.b/v1', true],
  ['https://a.b/v1', 'https://a.b/v1/x?y', true],
  ['https://a.b/v1', 'https://a.b/v10', false],
  ['https://a.b/v1', 'https://a.b/v1/../v2', false],
  ['https://a.b/v1/', 'https://a.b/v1/%2e%2e/v2', false],
  ['https://a.b', 'http://a.b', false],
  ['https://a.b', 'https://a.b:444', false],
  ['https://a.b/*', 'https://a.b/x', true],
  ['a.b', 'not a url', false],
])('%j on %s matches: %s', (pattern, url, expected) => {
  expect(matchUrl(pattern, url)).toBe(expected)
})
test('a hostile pattern takes no exponential time', () => {
  const started = performance.now()
  expect(matchTokens(tokens(`${'*a'.repeat(500)}b`), 'a'.repeat(20_000))).toBe(false)
  expect(performance.now() - started).toBeLessThan(2000)
})
test('a rule is refused with a reason when it has unknown fields or names no tool', () => {
  expect(PermissionRule.safeParse({ tool: 'shell.run', action: 'allow', level: 'run' }).success).toBe(true)
  for (const bad of [
    { tool: 'shell.run', action: 'allow', level: 'run', x: 1 },
    { tool: 'a b', action: 'allow', level: 'run' },
    { tool: '*', action: 'yes', level: 'run' },
    { tool: '*', action: 'deny', level: 'run', expiresAt: 'soon' },
  ])
    expect(PermissionRule.safeParse(bad).success).toBe(false)
})
