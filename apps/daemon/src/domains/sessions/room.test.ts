import { existsSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSessionsHarness, remote, type SessionsHarness } from '../../../test/sessions-harness.ts'

let app: SessionsHarness
beforeEach(async () => {
  app = await createSessionsHarness()
})
afterEach(async () => {
  await app.close()
})
const create = (input: object = {}) => app.ask('sessions.create', { workspace: { path: app.folder }, ...input })

describe('creating', () => {
  test('a session without wishes gets the default agent, a model that works, the mode of the settings and a folder made for it', async () => {
    const session = await app.ask('sessions.create', {})
    expect(session).toMatchObject({
      title: 'New session',
      agentId: app.agents.findDefault().id,
      model: 'builtin',
      permissionMode: 'ask',
      status: 'idle',
      budgetUsd: null,
      parentId: null,
    })
    expect(session.workspace.path).toBe(path.join(app.userHome, 'workspace'))
    expect(existsSync(session.workspace.path)).toBe(true)
    expect(await app.ask('sessions.get', { id: session.id })).toEqual(session)
    expect(app.events(session.id)).toEqual([{ name: 'session.created', data: { session } }])
  })
  test('a workspace behind a symlink is opened as the real folder', async () => {
    const real = path.join(app.folder, 'real')
    mkdirSync(real)
    symlinkSync(real, path.join(app.folder, 'link'))
    expect((await create({ workspace: { path: path.join(app.folder, 'link') } })).workspace.path).toBe(realpathSync(real))
  })
  test.each([
    ['is not there', () => ({ workspace: { path: path.join(app.folder, 'absent') } }), /does not exist/],
    ['is a file', () => (writeFileSync(path.join(app.folder, 'file'), ''), { workspace: { path: path.join(app.folder, 'file') } }), /is a file/],
    ['is relative', () => ({ workspace: { path: 'work' } }), /not an absolute path/],
    ['is the data folder', () => ({ workspace: { path: app.home } }), /own data folder/],
    ['lies in the data folder', () => ({ workspace: { path: path.join(app.home, 'files') } }), /own data folder/],
    ['is to be cloned', () => ({ workspace: { repositoryUrl: 'https://example.org/a.git' } }), /not built yet/],
  ])('a workspace that %s is refused with a sentence', async (_what, input, sentence) => {
    mkdirSync(path.join(app.home, 'files'), { recursive: true })
    const fault = await app.refusal('sessions.create', input())
    expect(fault.code).toBe('unprocessable')
    expect(fault.message).toMatch(sentence)
  })
  test('a symlink into the data folder is refused', async () => {
    symlinkSync(app.home, path.join(app.folder, 'innocent'))
    expect((await app.refusal('sessions.create', { workspace: { path: path.join(app.folder, 'innocent') } })).code).toBe('unprocessable')
  })
  test('an unknown model or agent is refused', async () => {
    expect((await app.refusal('sessions.create', { workspace: { path: app.folder }, model: 'anthropic/unheard' })).code).toBe('unprocessable')
    expect((await app.refusal('sessions.create', { workspace: { path: app.folder }, agentId: 'agt_unheard' })).code).toBe('unprocessable')
  })
  test('a remote caller stays under the workspace root and the allowed folders, symlinks followed', async () => {
    const caller = remote('sessions:*')
    const root = path.join(app.userHome, 'workspace')
    const inside = path.join(root, 'project')
    mkdirSync(inside, { recursive: true })
    symlinkSync(app.folder, path.join(root, 'escape'))
    expect((await app.ask('sessions.create', { workspace: { path: inside } }, { caller })).workspace.path).toBe(inside)
    for (const outside of [app.folder, path.join(root, 'escape'), path.join(root, '..'), path.join(app.folder, 'absent')])
      expect((await app.refusal('sessions.create', { workspace: { path: outside } }, caller)).code).toBe('forbidden')
    await app.askBase('settings.set', { key: 'workspace.allowedRoots', value: [app.folder] })
    expect((await app.ask('sessions.create', { workspace: { path: app.folder } }, { caller })).workspace.path).toBe(app.folder)
  })
  test('a mode that acts without asking needs the right to change permissions', async () => {
    const workspace = { path: path.join(app.userHome, 'workspace') }
    mkdirSync(workspace.path, { recursive: true })
    for (const permissionMode of ['auto', 'accept-edits'] as const) {
      expect((await app.refusal('sessions.create', { workspace, permissionMode }, remote('sessions:*'))).code).toBe('forbidden')
      expect(
        (await app.ask('sessions.create', { workspace, permissionMode }, { caller: remote('sessions:*', 'permissions:write') })).permissionMode,
      ).toBe(permissionMode)
    }
  })
  test('the same creation sent twice with one key makes one session and answers the same', async () => {
    const input = { title: 'once', workspace: { path: app.folder } }
    const first = await app.ask('sessions.create', input, { key: 'k1' })
    expect(await app.ask('sessions.create', input, { key: 'k1' })).toEqual(first)
    expect((await app.ask('sessions.list', {})).items).toHaveLength(1)
  })
})
describe('listing and changing', () => {
  test('sessions are listed last used first, page after page without gap or repeat, archived ones apart', async () => {
    const ids: string[] = []
    for (let n = 0; n < 5; n++) ids.push((await create({ title: `s${n}` })).id)
    await app.ask('sessions.archive', { id: ids[4]! })
    await app.ask('sessions.rename', { id: ids[0]!, title: 'touched' })
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await app.ask('sessions.list', { limit: 2, ...(cursor ? { cursor } : {}) })
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor ?? undefined
    } while (cursor)
    expect(seen).toEqual([ids[0], ids[3], ids[2], ids[1]])
    expect((await app.ask('sessions.list', { archived: true })).items.map(({ id }) => id)).toEqual([ids[4]])
    app.addRun(ids[2]!, 'running')
    expect((await app.ask('sessions.list', { status: 'running' })).items.map(({ id }) => id)).toEqual([ids[2]])
    expect((await app.refusal('sessions.list', { cursor: 'bm9uc2Vuc2U' })).code).toBe('invalid')
  })
  test('50 of 10,000 sessions are listed within milliseconds', async () => {
    const insert = app.stores.chat.db
      .prepare(`INSERT INTO sessions (id, title, agent_id, model, workspace, permission_mode, status, created_at, updated_at)
      VALUES (?, ?, 'agt_a', 'builtin', '/w', 'ask', 'idle', ?, ?)`)
    app.stores.chat.log.commit(() => {
      for (let n = 0; n < 10_000; n++) {
        const at = new Date(1_700_000_000_000 + n).toISOString()
        insert.run(`ses_${n}`, `session ${n}`, at, at)
      }
    })
    const { nextCursor } = await app.ask('sessions.list', {})
    const times: number[] = []
    for (let n = 0; n < 20; n++) {
      const from = performance.now()
      expect((await app.ask('sessions.list', { cursor: nextCursor ?? '' })).items).toHaveLength(50)
      times.push(performance.now() - from)
    }
    const median = times.toSorted((a, b) => a - b)[10] ?? 0
    if (process.env['STEWARD_MEASURE']) console.log('list 50 of 10,000: median', median.toFixed(2), 'ms')
    const plan = app.stores.chat.db
      .prepare(
        "EXPLAIN QUERY PLAN SELECT * FROM sessions WHERE archived = 0 AND (updated_at, id) < ('a', 'b') ORDER BY updated_at DESC, id DESC LIMIT 50",
      )
      .all()
    expect(JSON.stringify(plan)).toMatch(/USING INDEX sessions_recent/)
    expect(JSON.stringify(plan)).not.toMatch(/TEMP B-TREE/)
  })
  test('a session with a run under way is not put away', async () => {
    const { id } = await create()
    app.addRun(id, 'waiting')
    expect((await app.refusal('sessions.archive', { id })).code).toBe('conflict')
    expect((await app.ask('sessions.archive', { id, archived: false })).archived).toBe(false)
  })
  test('deleting cancels what runs, removes everything, is told once, and is 404 the second time', async () => {
    const { id } = await create()
    const run = app.addRun(id, 'running')
    const messageId = app.say(id, 'user', 'hello')
    app.live.begin(id, run, messageId)
    await app.ask('sessions.delete', { id })
    expect(app.cancelled).toEqual([run])
    expect(app.messages.store.find(messageId)).toBeUndefined()
    expect(app.live.current(id)).toBeUndefined()
    expect(app.events(id).at(-1)).toEqual({ name: 'session.deleted', data: { id } })
    for (const name of ['sessions.delete', 'sessions.get', 'sessions.archive', 'sessions.fork', 'sessions.export'] as const)
      expect((await app.refusal(name, { id })).code).toBe('not_found')
  })
  test('a deletion repeated with its key answers the same', async () => {
    const { id } = await create()
    expect(await app.ask('sessions.delete', { id }, { key: 'd' })).toBeNull()
    expect(await app.ask('sessions.delete', { id }, { key: 'd' })).toBeNull()
  })
})
