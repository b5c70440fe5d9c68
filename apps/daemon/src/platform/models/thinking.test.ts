import { expect, test } from 'vitest'
import { toThinking } from './thinking.ts'

const anthropic = { kind: 'anthropic' } as const

test('thinking and answer of a model with a thinking budget stay within the output limit together', () => {
  const { maxOutputTokens, providerOptions } = toThinking({ thinking: true, maxOutputTokens: 10_000 }, anthropic, 'claude-sonnet-4-5')
  expect(maxOutputTokens + (providerOptions.anthropic?.thinking.budgetTokens ?? 0)).toBe(10_000)
})

test.each(['claude-opus-4-6', 'claude-sonnet-5-5', 'claude-haiku-5-5'])('%s thinks by effort', (modelId) => {
  expect(toThinking({ effort: 'high', maxOutputTokens: 10_000 }, anthropic, modelId)).toEqual({
    maxOutputTokens: 10_000,
    reasoning: 'high',
    providerOptions: {},
  })
})

test('an output limit too small for thinking leaves the answer all of it', () => {
  expect(toThinking({ thinking: true, maxOutputTokens: 900 }, anthropic, 'claude-haiku-4-5')).toEqual({ maxOutputTokens: 900, providerOptions: {} })
})

test('without a word about thinking the provider decides', () => {
  expect(toThinking({ maxOutputTokens: 100 }, anthropic, 'claude-opus-5-5')).toEqual({ maxOutputTokens: 100, providerOptions: {} })
})

test('OpenAI is asked to store nothing', () => {
  expect(toThinking({ maxOutputTokens: 100 }, { kind: 'openai' }, 'gpt-5').providerOptions.openai).toMatchObject({ store: false })
})
