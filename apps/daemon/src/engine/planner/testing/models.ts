import { ModelError } from '../../types.ts'
import type { Json, Model, ModelRequest, TokenUsage } from '../../types.ts'

/** What one call of a model took, in the tests. */
export const USAGE: TokenUsage = { inputTokens: 10, outputTokens: 5, cacheReadTokens: 2, cacheWriteTokens: 1 }
/** One answer: a text, a value to be given as JSON, or the failure of the call. */
export type Said = string | { readonly [key: string]: Json } | ModelError

/** A model that answers from a list and keeps what it was asked. Asked more often, it fails the test. */
export function modelSaying(...answers: readonly Said[]): Model & { readonly asked: ModelRequest[] } {
  const asked: ModelRequest[] = []
  return {
    asked,
    id: 'fake/planner',
    contextTokens: 100_000,
    maxOutputTokens: 4000,
    price: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
    async *stream(request, signal) {
      signal.throwIfAborted()
      const answer = answers[asked.length]
      asked.push(request)
      if (answer === undefined) throw new Error(`The model was asked ${asked.length} times.`)
      if (answer instanceof ModelError) throw answer
      const text = typeof answer === 'string' ? answer : JSON.stringify(answer)
      for (let at = 0; at < text.length; at += 40) yield { type: 'text', text: text.slice(at, at + 40) }
      yield { type: 'finish', reason: 'stop', usage: USAGE }
    },
  }
}
