import { expect, test } from 'vitest'
import { knownModels, modelFacts } from './prices.ts'

test('a known model has the list price of its vendor', () => {
  expect(modelFacts('anthropic/claude-sonnet-4-5')).toEqual({
    id: 'anthropic/claude-sonnet-4-5',
    contextTokens: 200_000,
    maxOutputTokens: 64_000,
    price: { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
    estimated: false,
  })
})

test.each(['anthropic/claude-haiku-4-5-20251001', 'openai/gpt-4o-2024-11-20', 'openai/gpt-4o-latest'])(
  'the dated name %s has the price of its model',
  (id) => {
    expect(modelFacts(id)).toMatchObject({ id, estimated: false })
  },
)

test('an unknown model costs what the dearest known model of its provider costs, and says that this is a guess', () => {
  const facts = modelFacts('anthropic/claude-next')
  const dearest = Math.max(...knownModels.filter(({ id }) => id.startsWith('anthropic/')).map(({ price }) => price.output))
  expect(facts).toMatchObject({ estimated: true, contextTokens: 128_000, price: { output: dearest } })
})

test('a model of an unknown provider costs the most, a model of a local server nothing', () => {
  expect(modelFacts('elsewhere/big').price.output).toBe(Math.max(...knownModels.map(({ price }) => price.output)))
  expect(modelFacts('ollama/llama4')).toMatchObject({ estimated: true, price: { input: 0, output: 0 } })
})

test('the table has no model twice, and reading the cache never costs more than reading anew', () => {
  expect(new Set(knownModels.map(({ id }) => id)).size).toBe(knownModels.length)
  expect(knownModels.filter(({ price }) => price.cacheRead > price.input)).toEqual([])
  expect(knownModels.filter(({ contextTokens, maxOutputTokens }) => maxOutputTokens >= contextTokens)).toEqual([])
})
