import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { Fault } from '@steward/contract'
import { presets, usualAddress } from './presets.ts'
import { createRoomHarness, type RoomHarness } from '../../../test/room-harness.ts'
import { isLoopback } from './providers.ts'

let rooms: RoomHarness
const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})
const start = async (env: Record<string, string> = {}) => {
  rooms = await createRoomHarness({ env })
  ends.push(rooms.close)
  return rooms
}
const faultOf = (work: () => unknown): Fault => {
  try {
    work()
  } catch (error) {
    return error as Fault
  }
  throw new Error('It was expected to throw.')
}
const key = 'sk-planted-4f1c'

test('without a key everything falls to builtin, which is always there and free', async () => {
  const { ask, models } = await start()
  expect(models.defaultModel()).toBe('builtin')
  const { items } = await ask('models.list', { available: true })
  expect(items).toMatchObject([{ id: 'builtin', isDefault: true, price: { input: 0, output: 0 } }])
  expect(models.resolve('builtin')).toMatchObject({ kind: 'builtin' })
  expect(faultOf(() => models.resolve('anthropic/claude-opus-5'))).toMatchObject({
    code: 'unprocessable',
    message: expect.stringContaining('steward auth add anthropic') as string,
  })
  expect(faultOf(() => models.resolve('nowhere/x')).code).toBe('unprocessable')
})
test("the vendors' own variables set a provider up, and its best model becomes the default", async () => {
  const { ask, models, settings } = await start({ GEMINI_API_KEY: 'g', OPENAI_API_KEY: key, OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' })
  const { items } = await ask('providers.list', {})
  expect(items.find(({ id }) => id === 'openai')).toMatchObject({
    hasKey: true,
    keySource: 'environment',
    baseUrl: 'http://127.0.0.1:9/v1',
    api: 'chat',
  })
  expect(items.find(({ id }) => id === 'google')).toMatchObject({ hasKey: true })
  expect(items.find(({ id }) => id === 'anthropic')).toMatchObject({ hasKey: false, keySource: 'none' })
  expect(models.defaultModel()).toBe('openai/gpt-6-astra')
  expect(models.resolve('openai/gpt-5')).toMatchObject({
    kind: 'openai',
    model: 'gpt-5',
    turn: { credentials: [{ key }] },
    baseUrl: 'http://127.0.0.1:9/v1',
    api: 'chat',
    facts: { contextTokens: 400_000 },
  })
  await ask('settings.set', { key: 'models.default', value: 'google/gemini-2.5-flash' })
  expect(settings.get('models.default')).toBe(models.defaultModel())
})
test('a stored key is sealed, beats the environment, and is in no answer, event or file', async () => {
  const { ask, models, stores } = await start({ ANTHROPIC_API_KEY: 'from-env' })
  expect(await ask('providers.set', { id: 'anthropic', key })).toMatchObject({ hasKey: true, keySource: 'settings' })
  expect(models.resolve('anthropic/claude-opus-5')).toMatchObject({ turn: { credentials: [{ key }] }, baseUrl: null })
  expect(models.secrets()).toContain(key)
  const told = JSON.stringify([await ask('providers.list', {}), await ask('events.list', { log: 'settings' })])
  const bytes = readFileSync(stores.settings.path, 'latin1') + readFileSync(`${stores.settings.path}-wal`, 'latin1')
  expect(told).toContain('provider.changed')
  expect(told + bytes).not.toContain(key)
  await ask('providers.remove', { id: 'anthropic' })
  expect(models.resolve('anthropic/claude-opus-5')).toMatchObject({ turn: { credentials: [{ key: 'from-env' }] } })
  expect(await rooms.refusal('providers.remove', { id: 'anthropic' })).toMatchObject({ code: 'not_found' })
})
test('a key is not sent over plain http to another machine, nor may an address hold a password', async () => {
  const { refusal, ask } = await start()
  expect(await refusal('providers.set', { id: 'openai', baseUrl: 'http://10.0.0.7/v1', key })).toMatchObject({ code: 'unprocessable' })
  expect(await refusal('providers.set', { id: 'openai', baseUrl: 'https://me:pw@host.example/v1' })).toMatchObject({ code: 'unprocessable' })
  expect(await ask('providers.set', { id: 'openai', baseUrl: 'http://127.0.0.1:8080/v1', key })).toMatchObject({ hasKey: true })
})
test('a changed address does not get the key that was given for the old one, nor the one of the environment', async () => {
  const { ask, models } = await start({ ANTHROPIC_API_KEY: key })
  await ask('providers.set', { id: 'openai', key })
  expect(await ask('providers.set', { id: 'openai', baseUrl: 'https://evil.example/v1' })).toMatchObject({ hasKey: false })
  expect(await ask('providers.set', { id: 'anthropic', baseUrl: 'https://evil.example/v1' })).toMatchObject({ hasKey: false })
  expect(faultOf(() => models.resolve('anthropic/claude-opus-5')).code).toBe('unprocessable')
  expect(await ask('providers.set', { id: 'anthropic', baseUrl: null })).toMatchObject({ hasKey: true, keySource: 'environment' })
})
test('a local provider needs an address and no key; an unknown one needs its kind', async () => {
  const { ask, refusal, models } = await start()
  expect(await refusal('providers.set', { id: 'ollama' })).toMatchObject({
    code: 'unprocessable',
    message: expect.stringContaining('baseUrl') as string,
  })
  expect(await refusal('providers.set', { id: 'mine', baseUrl: 'http://127.0.0.1:1/v1' })).toMatchObject({
    code: 'unprocessable',
    message: expect.stringContaining('kind') as string,
  })
  await ask('providers.set', { id: 'ollama', baseUrl: 'http://127.0.0.1:11434/v1', models: ['llama'] })
  expect(models.defaultModel()).toBe('ollama/llama')
  expect(models.resolve('ollama/llama')).toMatchObject({ kind: 'openai-compatible', turn: { credentials: [] }, facts: { price: { input: 0 } } })
})
test('a price can be set and taken back; the sizes go with it', async () => {
  const { ask, refusal, models } = await start()
  const price = { input: 1, output: 2, cacheRead: 0.1, cacheWrite: 1 }
  expect(await ask('models.price', { model: 'openai/gpt-5', price, contextTokens: 50_000 })).toMatchObject({
    price,
    priceSource: 'settings',
    contextTokens: 50_000,
  })
  expect(models.facts('openai/gpt-5').price).toEqual(price)
  expect(await ask('models.price', { model: 'openai/gpt-5', price: null })).toMatchObject({ priceSource: 'table', contextTokens: 400_000 })
  expect(await ask('models.price', { model: 'mine/new', price })).toMatchObject({ priceSource: 'settings' })
  expect(models.facts('other/new').priceSource).toBe('estimate')
  expect(await refusal('models.price', { model: 'builtin', price })).toMatchObject({ code: 'unprocessable' })
})
test('models come in pages that together hold every one once', async () => {
  const { ask } = await start()
  const whole = await ask('models.list', { limit: 200 })
  const first = await ask('models.list', { limit: 10 })
  const second = await ask('models.list', { limit: 190, cursor: first.nextCursor ?? '' })
  expect([...first.items, ...second.items]).toEqual(whole.items)
  expect(whole.items[0]?.id).toBe('builtin')
})
test('testing a provider says whether its key works and never shows the key', async () => {
  const { ask, refusal } = await start()
  const server = createServer((request, response) => {
    const right = request.headers.authorization === `Bearer ${key}`
    if (request.url === '/v1/models' && right) return void response.end('{"data":[{"id":"one"},{"id":"two"}]}')
    if (request.url?.startsWith('/moved')) return void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()
    response.writeHead(401).end(`{"error":{"message":"wrong ${request.headers.authorization ?? ''}"}}`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ends.push(() => new Promise((resolve) => server.close(resolve)))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await ask('providers.set', { id: 'openai', baseUrl: base, key })
  expect(await ask('providers.test', { id: 'openai' })).toMatchObject({ works: true, status: 200, models: ['one', 'two'] })
  await ask('providers.set', { id: 'openai', baseUrl: base, key: `${key}-wrong` })
  const failed = await ask('providers.test', { id: 'openai' })
  expect(failed).toMatchObject({ works: false, status: 401, message: expect.stringContaining('refuses the key') as string })
  expect(failed.message).not.toContain(key)
  await ask('providers.set', { id: 'openai', baseUrl: `${base}/moved/v1` })
  expect(await ask('providers.test', { id: 'openai' })).toMatchObject({ works: false, status: 302 })
  await ask('providers.set', { id: 'openai', baseUrl: 'http://127.0.0.1:1', key })
  expect(await ask('providers.test', { id: 'openai' })).toMatchObject({ works: false, status: null })
  expect(await ask('providers.test', { id: 'google' })).toMatchObject({ works: false, message: expect.stringContaining('lacks a key') as string })
  expect(await refusal('providers.test', { id: 'nowhere' })).toMatchObject({ code: 'not_found' })
})
test('model servers of this machine are looked for at their usual addresses, without a key, and nothing is set up', async () => {
  const asked: unknown[] = []
  const harness = await createRoomHarness({
    env: { LMSTUDIO_BASE_URL: 'http://127.0.0.1:9/v1' },
    async probe(target) {
      asked.push(target)
      const works = target.baseUrl?.includes('11434') === true
      return { works, status: null, message: works ? 'It works: 1 models.' : 'It cannot be reached.', latencyMs: 1, models: works ? ['llama'] : [] }
    },
  })
  ends.push(harness.close)
  expect(await harness.ask('providers.discover', {})).toEqual({
    items: [
      { provider: 'ollama', baseUrl: 'http://127.0.0.1:11434/v1', running: true, isSetUp: false, message: 'It works: 1 models.', models: ['llama'] },
      { provider: 'lmstudio', baseUrl: 'http://127.0.0.1:1234/v1', running: false, isSetUp: true, message: 'It cannot be reached.', models: [] },
    ],
    nextCursor: null,
  })
  expect(asked).toEqual([
    { kind: 'openai-compatible', baseUrl: 'http://127.0.0.1:11434/v1', key: undefined },
    { kind: 'openai-compatible', baseUrl: 'http://127.0.0.1:1234/v1', key: undefined },
  ])
  expect((await harness.ask('providers.list', {})).items.find(({ id }) => id === 'ollama')).toMatchObject({ baseUrl: null })
})
test.each([
  [':11500', 'http://127.0.0.1:11500/v1'],
  ['0.0.0.0', 'http://127.0.0.1:11434/v1'],
  ['0.0.0.0:11500', 'http://127.0.0.1:11500/v1'],
  ['models.lan', 'http://models.lan:11434/v1'],
  ['https://models.lan', 'https://models.lan/v1'],
  ['not a host', 'http://127.0.0.1:11434/v1'],
  [' ', 'http://127.0.0.1:11434/v1'],
])('a server that was told by OLLAMA_HOST to listen at %j is looked for at %s', (said, address) => {
  const preset = presets.find(({ id }) => id === 'ollama')
  expect(preset && usualAddress(preset, { OLLAMA_HOST: said })).toBe(address)
})
test('loopback is what never leaves the machine', () => {
  expect(['localhost', '127.9.9.9', '[::1]', 'a.localhost'].every(isLoopback)).toBe(true)
  expect(['127.0.0.1.example.com', 'localhost.example', '10.0.0.1', '0.0.0.0', '[::ffff:10.0.0.1]'].some(isLoopback)).toBe(false)
})
