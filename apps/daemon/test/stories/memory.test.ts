import { expect, test } from 'vitest'
import { lastUserText, toolResults, type Script } from '@steward/testkit'
import { model, startDaemon, type TestDaemon } from '../kit.ts'

const script: Script = (request) => {
  const results = toolResults(request)
  if (results.length > 0) return { text: 'Done.' }
  if (lastUserText(request).startsWith('keep'))
    return { calls: [{ name: 'memory_save', input: { text: 'The user prefers the heron logo.', tags: ['logo'], scope: 'agent' } }] }
  return { text: 'Hello.' }
}
test('what an agent saved in one session is recalled into the next, shown in its events, and not when recall is off', async () => {
  await using daemon = await startDaemon({ turns: script })
  const { client } = daemon
  const open = async () => (await client.sessions.create({ model, permissionMode: 'auto' })).id
  expect((await daemon.say(await open(), 'keep this')).status).toBe('completed')
  const next = await open()
  await daemon.say(next, 'Which logo does the user prefer?')
  expect(JSON.stringify(daemon.wire.requests.at(-1)?.body)).toContain('The user prefers the heron logo.')
  const [saved] = (await client.memory.list({ all: true })).items
  expect(saved).toMatchObject({ tags: ['logo'], source: { kind: 'agent' }, agentId: 'agt_default', sessionId: null })
  const recalled = (await daemon.events(next)).filter(({ name }) => name === 'memory.recalled')
  expect(recalled).toMatchObject([{ data: { ids: [saved?.id], tokens: expect.any(Number) } }])
  await client.settings.set({ key: 'memory.recallTokens', value: 0 })
  await daemon.say(next, 'Which logo does the user prefer now?')
  expect(JSON.stringify(daemon.wire.requests.at(-1)?.body)).not.toContain('heron logo')
})
test('with an embedding model of a provider, what was saved before and after is found by its meaning, also after a restart', async () => {
  const meanings = [/manager|boss/i, /beverage|tea/i]
  await using daemon = await startDaemon({ embed: (text) => [...meanings.map((meaning) => (meaning.test(text) ? 1 : 0.01)), 0.01] })
  const { client } = daemon
  await client.memory.save({ text: 'The boss likes tea.' })
  await client.providers.set({ id: 'vec', kind: 'openai-compatible', baseUrl: `${daemon.wire.url}/v1`, key: 'sk-wire-embeddings-0001' })
  const found = async (of: TestDaemon) => (await of.client.memory.search({ query: 'manager beverage' })).items.map(({ excerpt }) => excerpt)
  expect(await found(daemon)).toEqual([])
  await client.settings.set({ key: 'memory.embeddingModel', value: 'vec/embed-1' })
  await expect.poll(() => found(daemon)).toEqual(['The boss likes tea.'])
  await using again = await daemon.restart()
  expect(await found(again)).toEqual(['The boss likes tea.'])
})
