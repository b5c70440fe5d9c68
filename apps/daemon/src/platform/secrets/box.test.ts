import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { createSecretBox, openSecretBox } from './box.ts'

test('a sealed secret opens under its own name and key, and nowhere else', () => {
  const box = createSecretBox(Buffer.alloc(32, 1))
  const sealed = box.seal('provider:a', 'sk-secret')
  expect(sealed).not.toContain('sk-secret')
  expect(box.seal('provider:a', 'sk-secret')).not.toBe(sealed)
  expect(box.open('provider:a', sealed)).toBe('sk-secret')
  expect(box.open('provider:b', sealed)).toBeUndefined()
  expect(createSecretBox(Buffer.alloc(32, 2)).open('provider:a', sealed)).toBeUndefined()
  expect(box.open('provider:a', `${sealed.slice(0, -3)}AAA`)).toBeUndefined()
  expect(box.open('provider:a', 'nonsense')).toBeUndefined()
})
test('the key of a data folder is made once, for its owner alone, also when its rights were widened', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'steward-key-'))
  const file = path.join(home, 'secret.key')
  const sealed = openSecretBox(home).seal('a', 'text')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  chmodSync(file, 0o644)
  expect(openSecretBox(home).open('a', sealed)).toBe('text')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  rmSync(home, { recursive: true })
})
