import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { lastUserText, spawnLines, tempDir } from './index.ts'
import { createWireServer } from './wire-server.ts'

const paths = ['/v1/messages', '/v1/chat/completions', '/v1/responses'] as const
const asked = (text: string) => [{ role: 'user', content: text }]

function post(url: string, where: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url + where, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model: 'm', ...body }),
  })
}

function conversation(where: string, turns: readonly string[]): object {
  const messages = turns.map((content, place) => ({ role: place % 2 === 0 ? 'user' : 'assistant', content }))
  return where === '/v1/responses' ? { input: messages } : { messages }
}

test.each(paths)('%s answers a repeated step with the same turn and the same call ids', async (where) => {
  await using server = await createWireServer({ turns: [{ calls: [{ name: 'x', input: { a: 1 } }] }, { text: 'second' }] })
  const step = async (turns: readonly string[]) => (await post(server.url, where, conversation(where, turns))).text()
  const first = await step(['hi'])
  expect(await step(['hi'])).toBe(first)
  expect(await step(['hi', 'yes', 'go on'])).toContain('second')
  expect(lastUserText(server.requests[2]!)).toBe('go on')
  expect((await post(server.url, where, conversation(where, ['a', 'b', 'c', 'd', 'e']))).status).toBe(400)
})

test.each(paths)('%s streams its answer as server-sent events', async (where) => {
  await using server = await createWireServer({ turns: [{ text: ['one ', 'two'] }] })
  const response = await post(server.url, where, { ...conversation(where, ['hi']), stream: true })
  const body = await response.text()
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  expect(body.indexOf('"one "')).toBeGreaterThan(0)
  expect(body.indexOf('"two"')).toBeGreaterThan(body.indexOf('"one "'))
  for (const event of body.trim().split('\n\n')) expect(event).toMatch(/^(event: [\w.]+\n)?data: (\{.*\}|\[DONE\])$/)
})

test('a fault that is meant twice is gone the third time', async () => {
  await using server = await createWireServer({ turns: [{ text: 'ok', fault: { kind: 'status', status: 529, times: 2 } }] })
  const statuses = []
  for (let n = 0; n < 3; n += 1) statuses.push((await post(server.url, '/v1/messages', { messages: asked('hi') })).status)
  expect(statuses).toEqual([529, 529, 200])
})

test('a pushed turn is used for one request', async () => {
  await using server = await createWireServer({ turns: [{ text: 'scripted' }] })
  server.push({ text: 'pushed' })
  const answer = async () => (await post(server.url, '/v1/messages', { messages: asked('hi') })).text()
  expect(await answer()).toContain('pushed')
  expect(await answer()).toContain('scripted')
})

test('a gate in mid-answer holds it until it is released', async () => {
  await using server = await createWireServer({ turns: [{ text: ['one', 'two'], fault: { kind: 'hang', gate: 'g', afterDeltas: 1 } }] })
  const response = await post(server.url, '/v1/messages', { messages: asked('hi'), stream: true })
  let body = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    body += decoder.decode(chunk, { stream: true })
    if (!body.includes('one') || body.includes('two')) continue
    server.release('g')
  }
  expect(body).toContain('two')
})

test('a wrong key is refused in the vendor’s shape, a right one lists the models', async () => {
  await using server = await createWireServer({ key: 'good', models: ['big'] })
  const anthropic = { 'anthropic-version': '2023-06-01' }
  const models = (headers: Record<string, string>) => fetch(`${server.url}/v1/models`, { headers })
  const refused = await models({ ...anthropic, 'x-api-key': 'bad' })
  expect(refused.status).toBe(401)
  expect(await refused.json()).toMatchObject({ type: 'error', error: { type: 'authentication_error' } })
  expect(await (await models({ authorization: 'Bearer bad' })).json()).toMatchObject({ error: { code: 'invalid_api_key' } })
  expect(await (await models({ ...anthropic, 'x-api-key': 'good' })).json()).toMatchObject({ data: [{ type: 'model', id: 'big' }], has_more: false })
  expect(await (await models({ authorization: 'Bearer good' })).json()).toMatchObject({ object: 'list', data: [{ id: 'big', object: 'model' }] })
})

test('as a process of its own it prints its address, answers from a script file and ends on SIGTERM', async () => {
  await using dir = await tempDir()
  const file = path.join(dir.path, 'script.json')
  await writeFile(file, JSON.stringify([{ text: 'from the file', fault: { kind: 'hang', gate: 'g' } }]))
  const child = spawn(process.execPath, [fileURLToPath(import.meta.resolve('@steward/testkit/wire-server-main')), file])
  const output = spawnLines(child)
  const [url] = await output.line(/^http:\/\/127\.0\.0\.1:\d+$/)
  const answer = post(url, '/v1/messages', { messages: asked('hi') })
  await fetch(`${url}/-/release/g`, { method: 'POST' })
  expect(await (await answer).text()).toContain('from the file')
  expect(await (await fetch(`${url}/-/requests`)).json()).toMatchObject([{ format: 'anthropic' }])
  child.kill('SIGTERM')
  expect(await output.exited).toEqual({ code: 0, signal: null })
})
