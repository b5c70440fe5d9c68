import path from 'node:path'
import { tempDir } from '@steward/testkit'
import { createDatabase, lackingPostgres, startPostgres } from '@steward/testkit/relay'
import { describe, expect, test } from 'vitest'
import { endSilent, findLife, keepSigns } from '../src/domains/presence/store.ts'
import { insertSession } from '../src/domains/sessions/store.ts'
import type { Database } from '../src/platform/database.ts'
import { migrate } from '../src/platform/migrate.ts'
import { openPostgres } from '../src/platform/postgres.ts'
import { openSqlite } from '../src/platform/sqlite.ts'

/** Sessions s0, s1 and so on, active at 100. */
async function fill(database: Database, many: number): Promise<void> {
  await migrate(database)
  const times = { created_at: 1, updated_at: 1 }
  await database.queries
    .insertInto('accounts')
    .values({ id: 'a', public_key: 'k', seq: 0, pruned_seq: 0, settings: null, settings_version: 0, ...times })
    .execute()
  for (let at = 0; at < many; at++)
    await insertSession(database.queries, {
      id: `s${at}`,
      account_id: 'a',
      tag: `t${at}`,
      metadata: '',
      metadata_version: 0,
      agent_state: null,
      agent_state_version: 0,
      data_encryption_key: null,
      seq: 0,
      active: 1,
      active_at: 100,
      muted_until: 0,
      ...times,
    })
}
const life = (database: Database, id: string) => findLife(database.queries, 'sessions', 'a', id)
const sign = (id: string, at: number) => ({ accountId: 'a', id, at })

async function expectStory(database: Database): Promise<void> {
  await fill(database, 900)
  await database.queries.updateTable('sessions').set({ muted_until: 5_000 }).where('id', '=', 's1').execute()
  const all = Array.from({ length: 900 }, (_, at) => sign(`s${at}`, 200))
  expect(await keepSigns(database, 'sessions', [...all, sign('gone', 200)], 1_000)).toHaveLength(901)
  expect(await life(database, 's0')).toEqual({ active: true, activeAt: 200, mutedUntil: 0 })
  expect(await life(database, 's899')).toMatchObject({ activeAt: 200 })
  expect(await life(database, 's1')).toEqual({ active: true, activeAt: 100, mutedUntil: 5_000 })
  await keepSigns(database, 'sessions', [sign('s0', 150)], 1_000)
  expect(await life(database, 's0')).toMatchObject({ activeAt: 200 })
  expect(await endSilent(database, 'sessions', 150, 2_000)).toEqual([sign('s1', 100)])
  expect(await life(database, 's1')).toMatchObject({ active: false, activeAt: 100 })
  expect((await endSilent(database, 'sessions', 300, 2_000)).length).toBe(400)
  await keepSigns(database, 'sessions', [sign('s1', 7_000)], 7_000)
  expect(await life(database, 's1')).toMatchObject({ active: true, activeAt: 7_000 })
}

test('signs of life of hundreds of sessions are kept together, each where it is newer and not muted (SQLite)', async () => {
  await using folder = await tempDir('relay-')
  const database = openSqlite(path.join(folder.path, 'relay.db'))
  await expectStory(database)
  await database.close()
})

const lack = lackingPostgres()
describe.skipIf(lack !== null)(`PostgreSQL${lack ?? ''}`, () => {
  test('signs of life are kept together there too, and never wait for a session that is busy: it is tried again', async () => {
    await using server = await startPostgres()
    await using own = await createDatabase(server.url)
    const database = await openPostgres(own.url, 4, () => undefined)
    await expectStory(database)
    const signs = [sign('s2', 9_000), sign('s3', 9_000)]
    await database.queries.transaction().execute(async (held) => {
      await held.selectFrom('sessions').select('id').where('id', '=', 's2').forUpdate().execute()
      expect(await keepSigns(database, 'sessions', signs, 9_000)).toEqual([signs[1]])
      expect((await endSilent(database, 'sessions', 8_000, 9_000)).map(({ id }) => id)).not.toContain('s2')
    })
    expect(await life(database, 's3')).toMatchObject({ activeAt: 9_000 })
    expect(await keepSigns(database, 'sessions', signs, 9_000)).toEqual(signs)
    expect(await life(database, 's2')).toMatchObject({ activeAt: 9_000 })
    await database.close()
  })
})
