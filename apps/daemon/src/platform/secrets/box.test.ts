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
test('a digest knows a text again under its name and key, and tells nothing of it', () => {
  const box = createSecretBox(Buffer.alloc(32, 1))
  expect(box.digest('a', 'sk-secret')).toBe(box.digest('a', 'sk-secret'))
  const others = [box.digest('b', 'sk-secret'), box.digest('a', 'sk-secre'), createSecretBox(Buffer.alloc(32, 2)).digest('a', 'sk-secret')]
  expect(new Set([box.digest('a', 'sk-secret'), ...others]).size).toBe(4)
})
test.each([0o644, 0o640, 0o604, 0o620])('the key of a data folder is made once, for its owner alone, and refused while its mode is %o', (mode) => {
  const home = mkdtempSync(path.join(tmpdir(), 'steward-key-'))
  const file = path.join(home, 'secret.key')
  const sealed = openSecretBox(home).seal('a', 'text')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  chmodSync(file, mode)
  expect(() => openSecretBox(home)).toThrow(`chmod 600 ${file}`)
  expect(statSync(file).mode & 0o777).toBe(mode)
  chmodSync(file, 0o600)
  expect(openSecretBox(home).open('a', sealed)).toBe('text')
  rmSync(home, { recursive: true })
})
