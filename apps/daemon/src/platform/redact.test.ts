import { expect, test } from 'vitest'
import { createRedactor, secretsOf } from './redact.ts'

test('a known secret goes wherever it stands, and a value without one stays the same object', () => {
  const redact = createRedactor(() => ['hunter2hunter2'])
  const clean = { a: ['nothing here', 3, null] }
  expect(redact(clean)).toBe(clean)
  expect(redact({ a: ['x hunter2hunter2 y'], b: 1 })).toEqual({ a: ['x [redacted] y'], b: 1 })
})
test('text in the shape of a well-known credential goes although nobody knows it', () => {
  const redact = createRedactor(() => [])
  for (const secret of [`sk-ant-${'a'.repeat(30)}`, `ghp_${'A1'.repeat(18)}`, 'AKIAABCDEFGHIJKLMNOP', `stw_${'q'.repeat(40)}`])
    expect(redact(`key: ${secret}.`)).toBe('key: [redacted].')
})
test('the environment gives the values of variables that are named like secrets', () => {
  expect(secretsOf({ OPENAI_API_KEY: 'abcdefgh1', PATH: '/usr/bin:/bin', MY_TOKEN: 'short', DB_PASSWORD: 'longenough' })).toEqual([
    'abcdefgh1',
    'longenough',
  ])
})
