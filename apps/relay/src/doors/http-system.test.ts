import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { serveSystem } from './http-system.ts'

test('a flood of questions whether the relay lives is one question to its database, and the next one is asked anew', async () => {
  const app = Fastify()
  let asked = 0
  let answer: () => void = () => undefined
  const probe = () => {
    asked++
    return new Promise<void>((resolve) => (answer = resolve))
  }
  serveSystem(app, { version: '0', probe, ready: () => Promise.resolve({}) })
  for (const round of [1, 2]) {
    const flood = Array.from({ length: 100 }, () => app.inject('/health'))
    const all = Promise.all(flood.map(async (one) => (await one).statusCode))
    // Each has come as far as the question when a later one has been answered.
    await app.inject('/')
    answer()
    expect(new Set(await all)).toEqual(new Set([200]))
    expect(asked).toBe(round)
  }
  await app.close()
})
