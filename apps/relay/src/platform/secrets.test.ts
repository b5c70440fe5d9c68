import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { tempDir } from '@steward/testkit'
import { expect, test } from 'vitest'
import { loadMasterSecret } from './master-secret.ts'
import { createSealer } from './secrets.ts'

const master = 'Zx8kQ2vN7rT1yW5cB9mL3pH6dF0gJ4sA'

test('a sealed token opens under its own name and secret, and nowhere else, and not when it was changed', () => {
  const sealer = createSealer(master)
  const sealed = sealer.seal('account:1/openai', 'sk-tökén')
  expect(sealed).not.toContain('sk-')
  expect(sealer.seal('account:1/openai', 'sk-tökén')).not.toBe(sealed)
  expect(createSealer(master).open('account:1/openai', sealed)).toBe('sk-tökén')
  expect(sealer.open('account:2/openai', sealed)).toBeUndefined()
  expect(createSealer(`${master}2`).open('account:1/openai', sealed)).toBeUndefined()
  const parts = sealed.split('.')
  for (const index of [1, 2, 3]) {
    const changed = parts.map((part, at) => (at === index ? `${part.startsWith('A') ? 'B' : 'A'}${part.slice(1)}` : part)).join('.')
    expect(sealer.open('account:1/openai', changed)).toBeUndefined()
  }
  for (const nonsense of ['', 'v1', 'v1...', `${sealed}.x`, sealed.replace('v1', 'v2')])
    expect(sealer.open('account:1/openai', nonsense)).toBeUndefined()
  expect(sealer.open('', sealer.seal('', ''))).toBe('')
})
test('each use has a key of its own, the same at every start', () => {
  const { deriveKey } = createSealer(master)
  const keys = [deriveKey('tokens'), deriveKey('voice'), createSealer(`${master}2`).deriveKey('tokens'), Buffer.from(master)]
  expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(4)
  expect(deriveKey('tokens')).toHaveLength(32)
  // A relay of another version must find its tokens valid: this value never changes.
  expect(createSealer(master).deriveKey('tokens').toString('hex')).toBe('e429b5fb9817431d1d91b2a144cba48f38a5c3d3615554be6d313145b22f87cb')
})
test('the secret is made once, kept for its owner alone, and read again', async () => {
  await using dir = await tempDir()
  const file = path.join(dir.path, 'relay', 'secret')
  const made = loadMasterSecret({ value: undefined, file })
  expect(made).toMatch(/^[\w-]{43}$/)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(loadMasterSecret({ value: '', file })).toBe(made)
  expect(await readdir(path.dirname(file))).toEqual(['secret'])
  expect(loadMasterSecret({ value: master, file })).toBe(master)
})
test.each([0o644, 0o640, 0o604])('a secret file of mode %o is refused and left as it is', async (mode) => {
  await using dir = await tempDir()
  const file = path.join(dir.path, 'secret')
  const made = loadMasterSecret({ value: undefined, file })
  await chmod(file, mode)
  expect(() => loadMasterSecret({ value: undefined, file })).toThrow(`chmod 600 ${file}`)
  expect((await readFile(file, 'utf8')).trim()).toBe(made)
})
test('a secret file with something else in it is refused and left as it is', async () => {
  await using dir = await tempDir()
  const file = path.join(dir.path, 'secret')
  await writeFile(file, 'something else', { mode: 0o600 })
  expect(() => loadMasterSecret({ value: undefined, file })).toThrow('Put it back from a backup')
  expect(await readFile(file, 'utf8')).toBe('something else')
})
test.each([
  ['short', 'tooshort'],
  ['of an example', 'your-super-secret-key-for-local-development'],
  ['of an example', 'CHANGEME-Zx8kQ2vN7rT1yW5cB9mL3pH6'],
  ['of one character', `${'a'.repeat(63)}b`],
  ['of few characters', '0110100110010110100101100110100110010110'],
  ['of one part repeated', 'kQ2vN7rTkQ2vN7rTkQ2vN7rTkQ2vN7rTkQ2'],
])('a chosen secret that is %s is refused with advice, and is not in the message', async (_what, value) => {
  await using dir = await tempDir()
  const load = () => loadMasterSecret({ value, file: path.join(dir.path, 'secret') })
  expect(load).toThrow(/^STEWARD_RELAY_SECRET .*`openssl rand -base64 32`/)
  expect(load).not.toThrow(value)
  expect(await readdir(dir.path)).toEqual([])
})
test('what the usual tools make of random bytes is taken', () => {
  for (let round = 0; round < 2000; round++) {
    for (const value of [
      randomBytes(16).toString('hex'),
      randomBytes(24).toString('base64'),
      randomBytes(32).toString('base64url'),
      crypto.randomUUID(),
    ])
      expect(loadMasterSecret({ value, file: '/nowhere' })).toBe(value)
  }
})
