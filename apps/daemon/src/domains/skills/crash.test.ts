import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { tempDir } from '@steward/testkit'
import { describe, expect, test } from 'vitest'
import { agentsMigrations } from '../../migrations/agents.ts'
import type { Commit } from '../../platform/storage/event-log.ts'
import { openStore } from '../../platform/storage/store.ts'
import { createSkillsRoom } from './room.ts'
import { createSkillStore } from './store.ts'

/** The room over a real database and folder. `begin` makes another on the same, as the next start does. */
async function start() {
  const temp = await tempDir()
  const [home, root] = [path.join(temp.path, 'home'), path.join(temp.path, 'skills')]
  mkdirSync(home)
  const agents = await openStore(home, 'agents', agentsMigrations)
  const reported: unknown[] = []
  const begin = () =>
    createSkillsRoom({ root, home, log: agents.log, store: createSkillStore(agents.db), report: (error) => void reported.push(error) })
  const crash = new Error('crash')
  const commits: Record<'whole' | 'before' | 'after', Commit> = {
    whole: agents.log.commit,
    before: () => {
      throw crash
    },
    /** As a kill between the commit and the move leaves it. */
    after: (write) => {
      agents.log.commit(write)
      throw crash
    },
  }
  /** Calls an operation that changes something; with a commit that ends as said. */
  const ask = async (room: ReturnType<typeof begin>, name: string, input: object, how: keyof typeof commits = 'whole'): Promise<any> =>
    (room.handlers as any)[name]({ commit: commits[how], keep: () => undefined }, input).catch((error: unknown) => {
      if (error !== crash) throw error
    })
  return {
    root,
    begin,
    ask,
    reported,
    file: (name: string) => path.join(root, name, 'SKILL.md'),
    folders: () => readdirSync(root).filter((name) => !name.startsWith('.')),
    stage: () => (existsSync(path.join(root, '.stage')) ? readdirSync(path.join(root, '.stage')) : []),
    async events() {
      await agents.log.durable()
      return agents.log.read(0, 1_000).flatMap(({ name, json }) => (name.startsWith('skill.') ? [`${name} ${JSON.parse(json).data.name}`] : []))
    },
    async [Symbol.asyncDispose]() {
      await agents.close()
      await temp[Symbol.asyncDispose]()
    },
  }
}
const fields = (name: string) => ({ name, description: `Is ${name}.`, body: 'Old.', metadata: {}, allowedTools: [], tags: [] })

describe('a crash in the middle of a change of a skill', () => {
  test('before it is decided leaves everything as it was, and nothing is told', async () => {
    await using at = await start()
    const room = at.begin()
    const { etag } = await at.ask(room, 'skills.create', fields('a'))
    await at.ask(room, 'skills.create', fields('b'), 'before')
    await at.ask(room, 'skills.update', { name: 'a', etag, body: 'New.' }, 'before')
    await at.ask(room, 'skills.delete', { name: 'a' }, 'before')
    const next = at.begin()
    await next.ready()
    expect([at.folders(), at.stage(), await at.events()]).toEqual([['a'], [], ['skill.changed a']])
    expect(readFileSync(at.file('a'), 'utf8')).toContain('Old.')
  })
  test('after it was decided is made up for at the next start, and told once', async () => {
    await using at = await start()
    const room = at.begin()
    const { etag } = await at.ask(room, 'skills.create', fields('a'))
    await at.ask(room, 'skills.create', fields('b'))
    await at.ask(room, 'skills.create', fields('c'), 'after')
    await at.ask(room, 'skills.update', { name: 'a', etag, body: 'New.' }, 'after')
    await at.ask(room, 'skills.delete', { name: 'b' }, 'after')
    const next = at.begin()
    await next.ready()
    expect([at.folders(), at.stage()]).toEqual([['a', 'c'], []])
    expect(readFileSync(at.file('a'), 'utf8')).toContain('New.')
    const told = ['skill.changed a', 'skill.changed b', 'skill.changed c', 'skill.changed a', 'skill.removed b']
    expect(await at.events()).toEqual(told)
    const { items } = await (next.handlers as any)['skills.trash']({}, { limit: 10 })
    await at.ask(next, 'skills.restore', { id: items[0].id }, 'after')
    const last = at.begin()
    await last.ready()
    expect([at.folders(), await at.events()]).toEqual([
      ['a', 'b', 'c'],
      [...told, 'skill.changed b'],
    ])
    expect(at.reported).toEqual([])
  })
  test('loses neither what a person wrote meanwhile nor what was decided: that lies in the trash', async () => {
    await using at = await start()
    const room = at.begin()
    const { etag } = await at.ask(room, 'skills.create', fields('a'))
    await at.ask(room, 'skills.create', fields('b'), 'after')
    await at.ask(room, 'skills.update', { name: 'a', etag, body: 'Decided.' }, 'after')
    writeFileSync(at.file('a'), '---\nname: a\ndescription: By hand.\n---\n')
    mkdirSync(path.dirname(at.file('b')))
    writeFileSync(at.file('b'), '---\nname: b\ndescription: By hand.\n---\n')
    const next = at.begin()
    await next.ready()
    for (const name of ['a', 'b']) expect(readFileSync(at.file(name), 'utf8')).toContain('By hand.')
    const { items } = await (next.handlers as any)['skills.trash']({}, { limit: 10 })
    expect(items.map(({ name }: { name: string }) => name)).toEqual(['a', 'b'])
    await at.ask(next, 'skills.delete', { name: 'a' })
    const restored = await at.ask(next, 'skills.restore', { id: items[0].id })
    expect(restored).toMatchObject({ name: 'a', body: 'Decided.\n' })
  })
})
