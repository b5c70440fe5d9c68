import { expect, test } from 'vitest'
import { ModelError, type Model, type ModelPart } from '../../engine/types.ts'
import type { Credential } from './credential.ts'
import { createRotatingModel } from './rotating-model.ts'

const usage = { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 }
const whole: ModelPart[] = [
  { type: 'text', text: 'hello' },
  { type: 'finish', reason: 'stop', usage },
]
type Answer = readonly (ModelPart | Error)[]
const facts = { id: 'x/y', contextTokens: 1, maxOutputTokens: 1, price: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 } }
const credential = (id: string): Credential => ({ id, provider: 'x', source: 'settings', where: null, key: `key-${id}` })
/** A model whose keys answer as told, and what was reported of them. */
function rotating(answers: Readonly<Record<string, Answer>>, waitMs: number | null = null, blames = (error: ModelError) => error.kind !== 'network') {
  const log: string[] = []
  const model = createRotatingModel(
    facts,
    () => ({
      provider: 'x',
      turn: { credentials: waitMs === null ? Object.keys(answers).filter(Boolean).map(credential) : [], waitMs },
      make: (key) => ({
        async *stream() {
          log.push(`call ${key ?? 'without'}`)
          for (const part of answers[key?.replace('key-', '') ?? ''] ?? []) {
            if (part instanceof Error) throw part
            yield part
          }
        },
      }),
    }),
    {
      used: ({ id }) => void log.push(`used ${id}`),
      worked: ({ id }) => void log.push(`worked ${id}`),
      failed({ id }, error) {
        log.push(`failed ${id}`)
        return blames(error)
      },
    },
  )
  return { model, log }
}
async function told(model: Model, signal = new AbortController().signal) {
  const parts: ModelPart[] = []
  try {
    for await (const part of model.stream({ system: '', messages: [], tools: [], maxOutputTokens: 1 }, signal)) parts.push(part)
    return { parts, error: undefined }
  } catch (error) {
    return { parts, error: error as ModelError }
  }
}
const auth = new ModelError('auth', 'bad key', { status: 401 })
const busy = (retryAfterMs?: number) => new ModelError('rate_limited', 'slow down', { status: 429, retryAfterMs })

test('the next credential is asked at once when one is refused before anything came, and the answer comes once', async () => {
  const { model, log } = rotating({ a: [auth], b: [busy(5)], c: whole })
  expect(await told(model)).toEqual({ parts: whole, error: undefined })
  expect(log).toEqual(['used a', 'call key-a', 'failed a', 'used b', 'call key-b', 'failed b', 'used c', 'call key-c', 'worked c'])
})
test('a refusal after something came is not asked again', async () => {
  const { model, log } = rotating({ a: [whole[0]!, busy()], b: whole })
  expect(await told(model)).toMatchObject({ parts: [whole[0]], error: { kind: 'rate_limited', message: 'slow down' } })
  expect(log).toEqual(['used a', 'call key-a', 'worked a', 'failed a'])
})
test('what no credential is to blame for goes on at once, and so does an abort', async () => {
  const { model, log } = rotating({ a: [new ModelError('network', 'cut')], b: whole })
  expect(await told(model)).toMatchObject({ parts: [], error: { kind: 'network', message: 'cut' } })
  expect(log.at(-1)).toBe('failed a')
  const gone = new AbortController()
  gone.abort(new Error('stop'))
  expect((await told(rotating({ a: whole }).model, gone.signal)).error).toMatchObject({ message: 'stop' })
  const aborted = rotating({ a: [new Error('stop')], b: whole })
  expect((await told(aborted.model)).error).toMatchObject({ message: 'stop' })
  expect(aborted.log).toEqual(['used a', 'call key-a'])
})
test('when all refuse, the failure is the one that a wait helps with soonest', async () => {
  expect((await told(rotating({ a: [busy(9000)], b: [auth], c: [busy(2000)] }).model)).error).toMatchObject({
    kind: 'rate_limited',
    status: 429,
    retryAfterMs: 2000,
    message: expect.stringContaining('all 3 keys') as string,
  })
  expect((await told(rotating({ a: [busy(9000)], b: [busy()] }).model)).error?.retryAfterMs).toBeUndefined()
  expect((await told(rotating({ a: [auth] }).model)).error).toBe(auth)
})
test('while the provider holds all back nobody is asked; without any credential the call is made without one', async () => {
  const held = rotating({ a: whole }, 4000)
  expect((await told(held.model)).error).toMatchObject({
    kind: 'rate_limited',
    retryAfterMs: 4000,
    message: expect.stringContaining('in 4 s') as string,
  })
  expect(held.log).toEqual([])
  const keyless = rotating({ '': whole })
  expect((await told(keyless.model)).parts).toEqual(whole)
  expect(keyless.log).toEqual(['call without'])
})
test('a provider that is gone is a refusal, not a crash', async () => {
  const model = createRotatingModel(
    facts,
    () => {
      throw new Error('There is no provider x.')
    },
    { used() {}, worked() {}, failed: () => false },
  )
  expect((await told(model)).error).toMatchObject({ name: 'ModelError', kind: 'refused', message: 'There is no provider x.' })
})
