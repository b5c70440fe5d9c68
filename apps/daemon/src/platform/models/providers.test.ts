import { expect, test } from 'vitest'
import { languageModel, normaliseBaseUrl } from './providers.ts'

test.each([
  ['anthropic', 'http://127.0.0.1:58000', 'http://127.0.0.1:58000/v1'],
  ['anthropic', 'http://127.0.0.1:58000/', 'http://127.0.0.1:58000/v1'],
  ['anthropic', 'https://api.anthropic.com/v1/', 'https://api.anthropic.com/v1'],
  ['openai', 'https://proxy.example/openai', 'https://proxy.example/openai/v1'],
  ['openai-compatible', 'https://openrouter.ai/api/v1', 'https://openrouter.ai/api/v1'],
  ['openai-compatible', 'https://host.example/v1beta/openai', 'https://host.example/v1beta/openai'],
  ['openai-compatible', 'https://api.z.example/paas/v4', 'https://api.z.example/paas/v4'],
  ['google', 'https://generativelanguage.googleapis.com', 'https://generativelanguage.googleapis.com/v1beta'],
] as const)('the %s base URL %s works as %s', (kind, given, used) => {
  expect(normaliseBaseUrl(kind, given)).toBe(used)
})

test.each(['not a url', 'file:///etc/passwd', ''])('the base URL "%s" is refused in words', (given) => {
  expect(() => normaliseBaseUrl('openai', given)).toThrow(/is not an http or https address/)
})

test.each(['anthropic', 'openai', 'google'] as const)('a %s model without a key says which one to set', async (kind) => {
  await expect(languageModel({ kind }, 'x')).rejects.toMatchObject({ kind: 'auth', message: expect.stringContaining('API_KEY') as string })
})
