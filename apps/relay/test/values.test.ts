import { expect, test } from 'vitest'
import { onMainKinds } from './kinds.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')
const set = (key: string, value: string | null, version: number) => ({ key, value: value === null ? null : base64(value), version })

onMainKinds((begin) => {
  test('what one client keeps under a key others read, change and delete, and hear of in one change a batch', async () => {
    const relay = await begin()
    const { api, elsewhere, socketElsewhere } = await relay.account()
    const phone = await socketElsewhere()
    const created = await api.post('/v1/kv', { mutations: [set('b', 'two', -1), set('a', 'one', -1)] })
    const results = [
      { key: 'b', version: 0 },
      { key: 'a', version: 0 },
    ]
    expect([created.status, created.body]).toEqual([200, { success: true, results }])
    expect((await elsewhere.get('/v1/kv/a')).body).toEqual({ key: 'a', value: base64('one'), version: 0 })
    await elsewhere.post('/v1/kv', { mutations: [set('a', 'more', 0), set('b', null, 0)] })
    expect((await api.get('/v1/kv/b')).status).toBe(404)
    expect((await api.post('/v1/kv/bulk', { keys: ['none', 'b', 'a', 'a'] })).body).toEqual({
      values: [{ key: 'a', value: base64('more'), version: 1 }],
    })
    await phone.next(({ seq }) => seq === 2)
    expect(phone.updates.map(({ body }) => body)).toEqual([
      { t: 'kv-batch-update', changes: [set('b', 'two', 0), set('a', 'one', 0)] },
      { t: 'kv-batch-update', changes: [set('a', 'more', 1), set('b', null, 1)] },
    ])
  })

  test('a batch of which one key has another version changes nothing, and its sender is told what is there', async () => {
    const relay = await begin()
    const { api } = await relay.account()
    await api.post('/v1/kv', { mutations: [set('a', 'one', -1), set('gone', 'x', -1)] })
    await api.post('/v1/kv', { mutations: [set('gone', null, 0)] })
    const refused = await api.post('/v1/kv', { mutations: [set('new', 'n', -1), set('a', 'two', -1), set('gone', 'back', 0), set('none', 'x', 3)] })
    const error = 'version-mismatch'
    const errors = [
      { key: 'a', error, version: 0, value: base64('one') },
      { key: 'gone', error, version: 1, value: null },
      { key: 'none', error, version: -1, value: null },
    ]
    expect([refused.status, refused.body]).toEqual([409, { success: false, errors }])
    expect((await api.get('/v1/kv/new')).status).toBe(404)
    expect((await api.get<{ seq: number }>('/v1/changes')).body.seq).toBe(2)
    const back = await api.post('/v1/kv', { mutations: [set('gone', 'back', 1)] })
    expect(back.body).toEqual({ success: true, results: [{ key: 'gone', version: 2 }] })
  })

  test('of clients that write the same key at once exactly one wins each round', async () => {
    const relay = await begin()
    const { api, elsewhere } = await relay.account()
    for (let version = -1; version < 3; version++) {
      const tries = Array.from({ length: 8 }, (_, n) => (n % 2 === 0 ? api : elsewhere).post('/v1/kv', { mutations: [set('k', `${n}`, version)] }))
      expect((await Promise.all(tries)).map(({ status }) => status).toSorted()).toEqual([200, ...Array.from({ length: 7 }, () => 409)])
    }
    expect((await api.get('/v1/kv/k')).body).toMatchObject({ version: 3 })
  })

  test('keys are listed by their beginning, whatever is in it, page by page', async () => {
    const relay = await begin()
    const { api } = await relay.account()
    const keys = ['todo.1', 'todo.2', 'todo.3', 'todo/ä', 'Todo.x', 'to_do', 'to%']
    await api.post('/v1/kv', { mutations: [...keys, 'todo.gone'].map((key) => set(key, key, -1)) })
    await api.post('/v1/kv', { mutations: [set('todo.gone', null, 0)] })
    const list = async (query: string) => {
      const { body } = await api.get<{ items: { key: string; value: string }[]; hasMore: boolean }>(`/v1/kv?${query}`)
      return { keys: body.items.map(({ key }) => key), hasMore: body.hasMore }
    }
    expect(await list('prefix=todo.')).toEqual({ keys: ['todo.1', 'todo.2', 'todo.3'], hasMore: false })
    expect(await list('prefix=to_')).toEqual({ keys: ['to_do'], hasMore: false })
    expect(await list('prefix=to%25')).toEqual({ keys: ['to%'], hasMore: false })
    expect(await list('prefix=todo.&limit=2')).toEqual({ keys: ['todo.1', 'todo.2'], hasMore: true })
    expect(await list('prefix=todo.&limit=2&after=todo.2')).toEqual({ keys: ['todo.3'], hasMore: false })
    expect((await list('')).keys.toSorted()).toEqual(keys.toSorted())
    const big = Array.from({ length: 30 }, (_, n) => ({ key: `big.${String(n).padStart(2, '0')}`, value: 'A'.repeat(256 * 1024), version: -1 }))
    for (let from = 0; from < big.length; from += 10) await api.post('/v1/kv', { mutations: big.slice(from, from + 10) })
    const seen: string[] = []
    for (let after = 'big'; ;) {
      const page = await list(`prefix=big.&limit=1000&after=${after}`)
      seen.push(...page.keys)
      if (!page.hasMore) break
      expect(page.keys.length).toBeLessThanOrEqual(16)
      after = page.keys.at(-1)!
    }
    expect(seen).toEqual(big.map(({ key }) => key))
  })

  test('settings are replaced by whoever knows the last ones, and everybody hears of it', async () => {
    const relay = await begin()
    const { api, elsewhere, socketElsewhere } = await relay.account()
    const phone = await socketElsewhere()
    expect((await api.get('/v1/account/settings')).body).toEqual({ settings: null, settingsVersion: 0 })
    expect((await api.post('/v1/account/settings', { settings: 'sealed', expectedVersion: 0 })).body).toEqual({ success: true, version: 1 })
    const late = await elsewhere.post('/v1/account/settings', { settings: 'other', expectedVersion: 0 })
    expect([late.status, late.body]).toEqual([200, { success: false, error: 'version-mismatch', currentVersion: 1, currentSettings: 'sealed' }])
    expect((await elsewhere.post('/v1/account/settings', { settings: null, expectedVersion: 1 })).body).toEqual({ success: true, version: 2 })
    expect((await api.get('/v1/account/settings')).body).toEqual({ settings: null, settingsVersion: 2 })
    const { body: profile } = await api.get<{ id: string }>('/v1/account/profile')
    expect(profile).toMatchObject({ firstName: null, lastName: null, username: null, avatar: null, github: null, connectedServices: [] })
    await phone.next(({ seq }) => seq === 2)
    expect(phone.updates.map(({ body }) => body)).toEqual([
      { t: 'update-account', id: profile.id, settings: { value: 'sealed', version: 1 } },
      { t: 'update-account', id: profile.id, settings: { value: null, version: 2 } },
    ])
    expect(relay.reported).toEqual([])
  })
})
