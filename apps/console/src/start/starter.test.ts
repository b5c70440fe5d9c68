import { Fault } from '@steward/contract'
import { expect, test } from 'vitest'
import { createDrafts } from '../composer/draft-store.ts'
import { newDraft } from '../composer/areas.ts'
import { createStarter } from './starter.ts'

function setUp(refusals: Partial<Record<string, Fault[]>> = {}) {
  const kept = new Map<string, string>()
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  }
  const said: { name: string; key: string | undefined }[] = []
  const call = async (name: string, _input: unknown, options?: { key?: string }) => {
    said.push({ name, key: options?.key })
    const refusal = refusals[name]?.shift()
    if (refusal) throw refusal
    return { id: 'ses_1' }
  }
  const make = () => {
    const drafts = createDrafts(storage)
    return {
      drafts,
      starter: createStarter({ drafts, storage, call: call as never, upload: () => Promise.resolve(), connected: () => Promise.resolve() }),
    }
  }
  const keysOf = (name: string) => said.filter((one) => one.name === name).map(({ key }) => key)
  return { kept, said, make, keysOf }
}
const away = () => new Fault('unavailable', 'away')

test('a double click and a cut line make one session and one message', async () => {
  const { make, keysOf, kept } = setUp({ 'sessions.create': [away()], 'messages.send': [away()] })
  const { drafts, starter } = make()
  drafts.update(newDraft, () => ({ text: 'hello' }))
  expect(await Promise.all([starter.start({}), starter.start({})])).toEqual(['ses_1', 'ses_1'])
  for (const name of ['sessions.create', 'messages.send']) {
    expect(keysOf(name)).toHaveLength(2)
    expect(new Set(keysOf(name)).size).toBe(1)
  }
  expect(drafts.get(newDraft).text).toBe('')
  expect(kept.size).toBe(0)
})
test('a page that is loaded anew goes on under the same keys', async () => {
  const { make, said, kept, keysOf } = setUp()
  const first = make()
  first.drafts.update(newDraft, () => ({ text: 'hello' }))
  kept.set('steward.start', JSON.stringify({ createKey: 'c', sendKey: 's', wanted: {}, files: 0 }))
  expect(await make().starter.resume()).toBe('ses_1')
  expect(said.map(({ key }) => key)).toEqual(['c', 's'])
  expect(make().starter.resume()).toBeNull()
  expect(keysOf('messages.send')).toHaveLength(1)
})
test('files that were lost with the page are asked for again, never left out in silence', () => {
  const { make, kept } = setUp()
  kept.set('steward.start', JSON.stringify({ createKey: 'c', sendKey: 's', wanted: {}, files: 2 }))
  expect(make().starter.resume()).toBe('files')
})
test('a refusal keeps the text; the session that is there already is used again', async () => {
  const { make, keysOf } = setUp({ 'messages.send': [new Fault('unprocessable', 'no such model')] })
  const { drafts, starter } = make()
  drafts.update(newDraft, () => ({ text: 'hello' }))
  await expect(starter.start({})).rejects.toThrow('no such model')
  expect(drafts.get(newDraft).text).toBe('hello')
  expect(await starter.start({})).toBe('ses_1')
  expect(keysOf('sessions.create')).toHaveLength(1)
  expect(new Set(keysOf('messages.send')).size).toBe(2)
})
