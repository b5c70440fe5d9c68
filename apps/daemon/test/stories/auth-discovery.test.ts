import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { tempDir } from '@steward/testkit'
import { expect, test } from 'vitest'
import { bare, keyOf, keys, open } from '../auth-harness.ts'
import { startDaemon } from '../kit.ts'

/** Puts a file into a home. */
const put = (home: string, file: string, content: unknown, mode = 0o600) => {
  const at = path.join(home, file)
  mkdirSync(path.dirname(at), { recursive: true })
  writeFileSync(at, typeof content === 'string' ? content : JSON.stringify(content))
  chmodSync(at, mode)
  return at
}
test('keys of other tools are found when asked, without their values, with a reason where one is not for Steward', async () => {
  await using person = await tempDir()
  put(person.path, '.claude/.credentials.json', {
    claudeAiOauth: { accessToken: 'sk-ant-oat01-of-a-subscription', refreshToken: 'x', expiresAt: 1 },
  })
  put(person.path, '.codex/auth.json', { OPENAI_API_KEY: 'sk-codex-0001-abcdef', tokens: { access_token: 'eyJhbGciOi.a.b' }, last_refresh: 'x' })
  put(person.path, '.local/share/opencode/auth.json', {
    anthropic: { type: 'oauth', refresh: 'r', access: 'an-access-token', expires: 1 },
    groq: { type: 'api', key: 'gsk-opencode-0001' },
    'some-gateway': { type: 'api', key: 'a-key-of-a-gateway' },
    __proto__: { type: 'api', key: 'not-a-provider' },
  })
  put(person.path, '.gemini/.env', '# mine\nGEMINI_API_KEY="AIza-gemini-0001"\nOTHER=1\n')
  await using daemon = await startDaemon({
    env: { ...bare, HOME: person.path, CLAUDE_CODE_OAUTH_TOKEN: 'sk-ant-oat01-x', MISTRAL_API_KEY: 'mistral-key-0001' },
  })
  const { items } = await daemon.client.auth.discover({})
  expect(items.map(({ tool, provider, kind, usable }) => [tool, provider, kind, usable])).toEqual([
    ['environment', 'mistral', 'api-key', true],
    ['environment', 'anthropic', 'login', false],
    ['claude-code', 'anthropic', 'login', false],
    ['codex', 'openai', 'api-key', true],
    ['codex', 'openai', 'login', false],
    ['opencode', 'anthropic', 'login', false],
    ['opencode', 'groq', 'api-key', true],
    ['opencode', 'some-gateway', 'api-key', false],
    ['gemini', 'google', 'api-key', true],
  ])
  for (const { usable, why } of items) expect(usable ? why : (why ?? '').length > 20).toBe(usable ? null : true)
  expect(JSON.stringify(items)).not.toMatch(/sk-|gsk-|AIza|eyJ|an-access|mistral-key|a-key-of/)
  expect((await daemon.client.auth.discover({})).items).toEqual(items)
  expect(items[0]!.profileId).toBe((await daemon.client.auth.list({ provider: 'mistral' })).items[0]!.id)
})
test('a key that is adopted is read from its file at each use, and follows what the tool writes there', async () => {
  await using person = await tempDir()
  const file = '.local/share/opencode/auth.json'
  const at = put(person.path, file, { anthropic: { type: 'api', key: keys.first } })
  await using daemon = await startDaemon({ env: { ...bare, HOME: person.path }, turns: () => ({ text: 'ok' }) })
  const { client } = daemon
  const [found] = (await client.auth.discover({})).items
  const adopted = await client.auth.adopt({ id: found!.id })
  expect(adopted).toMatchObject({ provider: 'anthropic', name: 'opencode', source: 'file', where: at, ready: true })
  expect(await client.auth.adopt({ id: found!.id }).catch((fault: { code: string }) => fault.code)).toBe('conflict')
  expect((await client.auth.discover({})).items[0]).toMatchObject({ profileId: adopted.id })
  const id = await open(daemon)
  await daemon.say(id, 'go')
  put(person.path, file, { anthropic: { type: 'api', key: keys.second } })
  await daemon.say(id, 'again')
  expect(daemon.wire.requests.map(keyOf)).toEqual([keys.first, keys.second])
  put(person.path, file, '{"anthropic":', 0o600)
  expect(await client.auth.get({ id: adopted.id })).toMatchObject({ ready: false, why: expect.stringContaining('does not hold what') as string })
  await client.auth.remove({ id: adopted.id })
  expect((await client.auth.list({ provider: 'anthropic' })).items).toEqual([])
})
test('hostile files of other tools come to a sentence and to nothing else', async () => {
  await using person = await tempDir()
  const target = put(person.path, 'elsewhere.json', { OPENAI_API_KEY: 'sk-behind-a-link-0001' })
  mkdirSync(path.join(person.path, '.codex'))
  symlinkSync(target, path.join(person.path, '.codex', 'auth.json'))
  put(person.path, '.claude/.credentials.json', 'x'.repeat(300_000))
  put(person.path, '.local/share/opencode/auth.json', { groq: { type: 'api', key: 'gsk-open-to-all-01' } }, 0o644)
  mkdirSync(path.join(person.path, '.gemini', '.env'), { recursive: true })
  await using daemon = await startDaemon({ env: { ...bare, HOME: person.path } })
  const { items } = await daemon.client.auth.discover({})
  expect(items.map(({ tool, usable, why }) => [tool, usable, why])).toEqual([
    ['claude-code', false, expect.stringContaining('larger than')],
    ['codex', false, expect.stringContaining('is a link')],
    ['opencode', false, expect.stringContaining('chmod 600')],
    ['gemini', false, expect.stringContaining('not a plain file')],
  ])
  expect(await daemon.client.auth.adopt({ id: items[1]!.id }).catch((fault: { code: string }) => fault.code)).toBe('unprocessable')
})
