import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { until, type Script } from '@steward/testkit'
import { describe, expect, test } from 'vitest'
import { bare, keyOf, keys, open } from '../auth-harness.ts'
import { startDaemon, type TestDaemon } from '../kit.ts'

const answers = async (daemon: TestDaemon, id: string) =>
  (await daemon.client.messages.list({ sessionId: id })).items.filter(({ role }) => role === 'assistant').map(({ text }) => text)
const errors = async (daemon: TestDaemon, id: string) =>
  (await daemon.events(id))
    .filter(({ name }) => name === 'error')
    .map(({ data }) => data as { kind: string; message: string; retryInMs: number | null })
/** Every turn of a credential that was told of, oldest first. */
const turns = async (daemon: TestDaemon) =>
  (await daemon.client.events.list({ log: 'settings', limit: 200 })).items
    .filter(({ name }) => name === 'auth.changed')
    .map(({ data }) => data as { id: string; health: string; coolingUntil: string | null })
const told = (daemon: TestDaemon, id: string, health: string) =>
  until(async () => (await turns(daemon)).some((turn) => turn.id === id && turn.health === health), { what: `${id} is told as ${health}` })
const twoKeys = async (daemon: TestDaemon) => {
  const first = await daemon.client.auth.add({ provider: 'anthropic', key: keys.first, name: 'first', priority: 1 })
  const second = await daemon.client.auth.add({ provider: 'anthropic', key: keys.second, name: 'second', priority: 2 })
  return { first, second }
}

describe('with two keys for one provider', () => {
  test('when the first is revoked the answer comes through the second, shown and charged once, and the first is shown as failed', async () => {
    await using daemon = await startDaemon({ env: bare, turns: [{ text: 'Through the second.', usage: { inputTokens: 10, outputTokens: 5 } }] })
    const { first, second } = await twoKeys(daemon)
    daemon.wire.revoke(keys.first)
    const id = await open(daemon)
    const run = await daemon.say(id, 'go')
    expect(run).toMatchObject({ status: 'completed', steps: 1 })
    expect(await answers(daemon, id)).toEqual(['Through the second.'])
    expect(await errors(daemon, id)).toEqual([])
    expect(daemon.wire.requests.map(keyOf)).toEqual([keys.second])
    await daemon.served.app.caughtUp()
    expect((await daemon.client.usage.runs({ sessionId: id })).items).toMatchObject([{ inputTokens: 10, outputTokens: 5, turns: 1 }])
    expect(await daemon.client.auth.get({ id: first.id })).toMatchObject({
      health: 'failed',
      ready: false,
      failures: 1,
      lastError: { status: 401, message: expect.any(String) as string },
    })
    expect(await daemon.client.auth.get({ id: second.id })).toMatchObject({
      health: 'ok',
      ready: true,
      uses: 1,
      lastUsedAt: expect.any(String) as string,
    })
    await told(daemon, first.id, 'failed')
    await told(daemon, second.id, 'ok')
    await daemon.say(id, 'again')
    expect((await daemon.client.auth.get({ id: first.id })).uses).toBe(1)
  })
  test('equal ones take turns, a lower priority goes first, and one that is switched off is left out', async () => {
    await using daemon = await startDaemon({ env: bare, turns: () => ({ text: 'ok' }) })
    const { first, second } = await twoKeys(daemon)
    const id = await open(daemon)
    const used = async (words: string) => {
      await daemon.say(id, words)
      return keyOf(daemon.wire.requests.at(-1)!)
    }
    expect([await used('a'), await used('b')]).toEqual([keys.first, keys.first])
    await daemon.client.auth.update({ id: second.id, priority: 1 })
    expect([await used('c'), await used('d'), await used('e')]).toEqual([keys.second, keys.first, keys.second])
    await daemon.client.auth.update({ id: second.id, enabled: false })
    expect([await used('f'), await used('g')]).toEqual([keys.first, keys.first])
    await daemon.client.auth.update({ id: first.id, enabled: false })
    const run = await daemon.say(id, 'h').catch((error: unknown) => error)
    expect(JSON.stringify(run instanceof Error ? run.message : run)).toContain('switched off')
  })
  test('one that asks for a wait cools down for just that time, the other stands in, and then it is used again', async () => {
    let busy = true
    const turnsOf: Script = (request) =>
      busy && keyOf(request) === keys.first ? { fault: { kind: 'status', status: 429, retryAfter: 3 } } : { text: 'ok' }
    await using daemon = await startDaemon({ env: bare, turns: turnsOf })
    const { first } = await twoKeys(daemon)
    const id = await open(daemon)
    expect(await daemon.say(id, 'go')).toMatchObject({ status: 'completed' })
    busy = false
    expect(await errors(daemon, id)).toEqual([])
    await told(daemon, first.id, 'cooling')
    const { lastError } = await daemon.client.auth.get({ id: first.id })
    const cooling = (await turns(daemon)).find((turn) => turn.id === first.id && turn.health === 'cooling')!
    expect(Date.parse(cooling.coolingUntil!) - Date.parse(lastError!.at)).toBe(3000)
    await until(async () => (await daemon.client.auth.get({ id: first.id })).ready, { what: 'the cool-down is over' })
    await daemon.say(id, 'again')
    expect(daemon.wire.requests.map(keyOf)).toEqual([keys.first, keys.second, keys.first])
    expect(await daemon.client.auth.get({ id: first.id })).toMatchObject({ health: 'ok', coolingUntil: null, uses: 2 })
  })
  test('when both ask for a wait the run says so, waits for the first to be free, and goes on', async () => {
    const refused = new Set<string>()
    const turnsOf: Script = (request) => {
      if (refused.has(keyOf(request))) return { text: 'After the wait.' }
      refused.add(keyOf(request))
      return { fault: { kind: 'status', status: 429, retryAfter: keyOf(request) === keys.first ? 30 : 1, message: 'slow down' } }
    }
    await using daemon = await startDaemon({ env: bare, turns: turnsOf })
    await twoKeys(daemon)
    const id = await open(daemon)
    expect(await daemon.say(id, 'go')).toMatchObject({ status: 'completed' })
    expect(await answers(daemon, id)).toEqual(['After the wait.'])
    const [error, ...more] = await errors(daemon, id)
    expect(error).toMatchObject({ kind: 'rate_limited', retryInMs: 1000 })
    expect(error!.message).toContain('anthropic refuses all 2 keys')
    expect(more).toEqual([])
    expect(daemon.wire.requests.map(keyOf)).toEqual([keys.first, keys.second, keys.second])
  })
  test('while every key is held back by the provider, a new run asks nobody and says how long', async () => {
    await using daemon = await startDaemon({ env: bare, turns: () => ({ fault: { kind: 'status', status: 429, retryAfter: 3600 } }) })
    await twoKeys(daemon)
    const id = await open(daemon)
    expect(await daemon.say(id, 'go')).toMatchObject({ status: 'failed' })
    const run = await daemon.say(id, 'again')
    expect(run).toMatchObject({ status: 'failed' })
    expect(run.error).toMatch(/may be used again in \d+ s/)
    expect(daemon.wire.requests).toHaveLength(2)
  })
  test('an answer that breaks after words were shown is left to the run: no other key is asked in its place, and the key is not blamed', async () => {
    let broken = false
    const turnsOf: Script = () => {
      if (broken) return { text: 'and the rest.' }
      broken = true
      return { text: ['Half ', 'a word'], deltaMs: 35, fault: { kind: 'cut', afterDeltas: 1 } }
    }
    await using daemon = await startDaemon({ env: bare, turns: turnsOf })
    const { first } = await twoKeys(daemon)
    const id = await open(daemon)
    expect(await daemon.say(id, 'go')).toMatchObject({ status: 'completed' })
    expect(await answers(daemon, id)).toEqual(['Half ', 'and the rest.'])
    expect(await errors(daemon, id)).toMatchObject([{ kind: 'network' }])
    expect(daemon.wire.requests.map(keyOf)).toEqual([keys.first, keys.first])
    expect(await daemon.client.auth.get({ id: first.id })).toMatchObject({ health: 'ok', uses: 2, failures: 0 })
  })
  test('how they do is kept over a restart', async () => {
    const daemon = await startDaemon({ env: bare, turns: () => ({ text: 'ok' }) })
    const { first, second } = await twoKeys(daemon)
    daemon.wire.revoke(keys.first)
    await daemon.say(await open(daemon), 'go')
    const before = (await daemon.client.auth.list({})).items
    await using again = await daemon.restart()
    expect((await again.client.auth.list({})).items).toEqual(before)
    expect(await again.client.auth.get({ id: first.id })).toMatchObject({ health: 'failed' })
    await again.say(await open(again), 'go')
    expect(await again.client.auth.get({ id: second.id })).toMatchObject({ uses: 2 })
    expect(await again.client.auth.get({ id: first.id })).toMatchObject({ uses: 1 })
  })
})
test('with one key all is as it was: a refusal without a time is tried again after a second', async () => {
  let refused = false
  const turnsOf: Script = () => {
    if (refused) return { text: 'ok' }
    refused = true
    return { fault: { kind: 'status', status: 429 } }
  }
  await using daemon = await startDaemon({ turns: turnsOf })
  const id = await open(daemon)
  const { runId } = await daemon.client.messages.send({ sessionId: id, text: 'go' })
  await until(async () => (await errors(daemon, id)).length > 0, { what: 'the refusal is told' })
  expect((await errors(daemon, id))[0]!.retryInMs).toBeLessThan(1_500)
  expect(await daemon.runUntil(runId)).toMatchObject({ status: 'completed' })
  const [only] = (await daemon.client.auth.list({ provider: 'anthropic' })).items
  expect(only).toMatchObject({ name: 'environment', health: 'ok', uses: 2, failures: 1, lastError: { status: 429 } })
})
test('the key of a provider and that of the environment are its first credentials; the first can be ordered, the second is read only', async () => {
  await using daemon = await startDaemon({ turns: () => ({ text: 'ok' }) })
  const { client } = daemon
  await client.providers.set({ id: 'anthropic', key: keys.first })
  const { items } = await client.auth.list({ provider: 'anthropic' })
  expect(items).toMatchObject([
    { name: 'default', source: 'settings', where: null, tail: '0001', health: 'untested', ready: true },
    { name: 'environment', source: 'environment', where: 'ANTHROPIC_API_KEY', tail: '0001', priority: 1000 },
  ])
  const [own, environment] = items.map(({ id }) => id)
  await daemon.say(await open(daemon), 'go')
  expect(keyOf(daemon.wire.requests.at(-1)!)).toBe(keys.first)
  const refusal = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (fault: { code: string }) => fault.code,
    )
  expect(await refusal(client.auth.update({ id: environment!, enabled: false }))).toBe('conflict')
  expect(await refusal(client.auth.remove({ id: environment! }))).toBe('conflict')
  expect(await refusal(client.auth.add({ provider: 'anthropic', key: keys.first }))).toBe('conflict')
  expect(await client.auth.update({ id: own!, name: 'mine', priority: 5 })).toMatchObject({ name: 'mine', priority: 5 })
  expect(await client.auth.update({ id: own!, key: keys.second })).toMatchObject({ tail: '0002', health: 'untested', uses: 0 })
  expect((await client.providers.list({ limit: 200 })).items.find(({ id }) => id === 'anthropic')).toMatchObject({ hasKey: true })
  await client.auth.remove({ id: own! })
  expect((await client.auth.list({ provider: 'anthropic' })).items.map(({ name }) => name)).toEqual(['environment'])
  await daemon.say(await open(daemon), 'go')
  expect(keyOf(daemon.wire.requests.at(-1)!)).toBe('sk-wire-key-for-tests-0001')
})
test('testing a credential asks the provider and sets its health, also back', async () => {
  await using daemon = await startDaemon({ env: bare, turns: () => ({ text: 'ok' }) })
  const { first, second } = await twoKeys(daemon)
  daemon.wire.revoke(keys.first)
  expect(await daemon.client.auth.test({ id: first.id })).toMatchObject({ works: false, status: 401, profile: { health: 'failed', ready: false } })
  expect(await daemon.client.auth.test({ id: second.id })).toMatchObject({ works: true, status: 200, profile: { health: 'ok' } })
  expect(await daemon.client.auth.update({ id: first.id, key: keys.third })).toMatchObject({ health: 'untested', ready: true, lastError: null })
  expect(await daemon.client.auth.test({ id: first.id })).toMatchObject({ works: true, profile: { health: 'ok', tail: '0003' } })
  expect((await turns(daemon)).filter(({ id }) => id === first.id).map(({ health }) => health)).toEqual(['untested', 'failed', 'untested', 'ok'])
})
test('a sealed key that is moved to another credential does not open, and the story goes on with the others', async () => {
  const daemon = await startDaemon({ env: bare, turns: () => ({ text: 'ok' }) })
  const { first, second } = await twoKeys(daemon)
  await daemon.stop()
  const db = new DatabaseSync(path.join(daemon.home, 'settings.db'))
  db.prepare('UPDATE auth_profiles SET sealed = (SELECT sealed FROM auth_profiles WHERE id = ?) WHERE id = ?').run(second.id, first.id)
  db.close()
  await using again = await daemon.restart()
  expect(await again.client.auth.get({ id: first.id })).toMatchObject({
    ready: false,
    tail: null,
    why: expect.stringContaining('does not open') as string,
  })
  expect(await again.say(await open(again), 'go')).toMatchObject({ status: 'completed' })
  expect(again.wire.requests.map(keyOf)).toEqual([keys.second])
})
test('a key goes to the address it was given for and nowhere else', async () => {
  await using daemon = await startDaemon({ env: bare, turns: () => ({ text: 'ok' }) })
  const { first } = await twoKeys(daemon)
  await using other = await startDaemon({ turns: () => ({ text: 'ok' }) })
  await daemon.client.providers.set({ id: 'anthropic', baseUrl: other.wire.url })
  expect(await daemon.client.auth.get({ id: first.id })).toMatchObject({ ready: false, why: expect.stringContaining('another address') as string })
  expect(await daemon.client.auth.test({ id: first.id })).toMatchObject({ works: false, status: null })
  expect(other.wire.requests).toEqual([])
  // A key that is given now is given for the address of now.
  expect(await daemon.client.auth.update({ id: first.id, key: keys.third })).toMatchObject({ ready: true, why: null })
  await daemon.say(await open(daemon), 'go')
  expect(other.wire.requests.map(keyOf)).toEqual([keys.third])
  expect((await daemon.ask('GET', '/api/auth?provider=anthropic')).body.items).toHaveLength(2)
  await daemon.client.providers.remove({ id: 'anthropic' })
  expect((await daemon.client.auth.list({ provider: 'anthropic' })).items).toEqual([])
})
