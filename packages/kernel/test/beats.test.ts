import { expect, test } from 'vitest'
import { ownerToken } from './notes.ts'
import { serveNotebook } from './serve.ts'

const authorization = `Bearer ${ownerToken}`
test('a stream on which nothing happens says now and then that it lives, in a comment that no reader takes for an event', async () => {
  const served = await serveNotebook({ heartbeatMs: 10 })
  const response = await fetch(`${served.url}/v1/events`, { headers: { authorization } })
  let text = ''
  for await (const chunk of response.body!) {
    text += Buffer.from(chunk).toString()
    if (text.split(': beat\n\n').length > 3) break
  }
  expect(text.replaceAll(': beat\n\n', '')).toBe('retry: 1000\n\n')
  await served.close()
})
test('asking for a stream by HEAD answers its headers and leaves no reader behind', async () => {
  const served = await serveNotebook()
  const response = await fetch(`${served.url}/v1/events`, { method: 'HEAD', headers: { authorization } })
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8'])
  await expect.poll(served.readers).toBe(0)
  await served.close()
})
