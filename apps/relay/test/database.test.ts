import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createDatabase, lackingPostgres, startPostgres, type PostgresServer } from '@steward/testkit/relay'
import { sql } from 'kysely'
import { afterAll, describe, expect, test } from 'vitest'
import { migrations } from '../src/migrations/index.ts'
import { inTx, outage, type Database } from '../src/platform/database.ts'
import { migrate, schemaState } from '../src/platform/migrate.ts'
import { openPostgres } from '../src/platform/postgres.ts'
import { openSqlite } from '../src/platform/sqlite.ts'

const missing = lackingPostgres()
const endings: (() => unknown)[] = []
let server: Promise<PostgresServer> | undefined
afterAll(async () => {
  for (const end of endings.toReversed()) await end()
  await (await server)?.stop()
})
/** A way to open the same fresh database several times, as nodes do. */
const kinds: Record<string, () => Promise<() => Promise<Database>>> = {
  async SQLite() {
    const home = mkdtempSync(path.join(os.tmpdir(), 'relay-db-'))
    endings.push(() => rmSync(home, { recursive: true, force: true }))
    return async () => openSqlite(path.join(home, 'relay.db'))
  },
  async PostgreSQL() {
    const own = await createDatabase((await (server ??= startPostgres())).url)
    endings.push(() => own.drop())
    return () => openPostgres(own.url, 10, () => undefined)
  },
}
for (const [name, begin] of Object.entries(kinds))
  describe.skipIf(name === 'PostgreSQL' && missing !== null)(`a database of ${name}${missing ?? ''}`, () => {
    test('is brought to the newest schema once, however many nodes start together, and tells what it has', async () => {
      const open = await begin()
      const nodes = await Promise.all([open(), open(), open()])
      const [first] = nodes
      expect(await schemaState(first)).toMatchObject({ version: 0 })
      // A file has one process that serves; its handles here would wait for each other in one thread.
      const made = name === 'SQLite' ? [await migrate(nodes[0]), await migrate(nodes[1])] : await Promise.all(nodes.map(migrate))
      expect(made.flat()).toHaveLength(migrations.length)
      expect(await migrate(first)).toEqual([])
      expect((await schemaState(first)).applied.map(({ name: step }) => step)).toEqual(migrations.map(({ name: step }) => step))
      await Promise.all(nodes.map((node) => node.close()))
    })

    test('of a newer program is refused and left as it is', async () => {
      const open = await begin()
      const database = await open()
      await migrate(database)
      await database.queries.insertInto('schema_migrations').values({ version: 9_999, name: 'of tomorrow', applied_at: 1 }).execute()
      await expect(migrate(database)).rejects.toMatchObject({
        code: 'unprocessable',
        message: expect.stringMatching(/start the newer program/) as string,
      })
      await database.close()
    })

    test('puts work that reads before it writes in order, and tries again what it could not', async () => {
      const open = await begin()
      const database = await open()
      await migrate(database)
      const { queries } = database
      const account = { public_key: 'k', seq: 0, pruned_seq: 0, settings: null, settings_version: 0, created_at: 0, updated_at: 0 }
      await queries
        .insertInto('accounts')
        .values({ id: 'a', ...account })
        .execute()
      const workers = 8
      const each = 10
      let runs = 0
      await Promise.all(
        Array.from({ length: workers }, async () => {
          for (let at = 0; at < each; at++)
            await inTx(database, 'serializable', async (tx) => {
              runs++
              const { settings_version: version } = await tx
                .selectFrom('accounts')
                .select('settings_version')
                .where('id', '=', 'a')
                .executeTakeFirstOrThrow()
              await tx
                .updateTable('accounts')
                .set({ settings_version: version + 1 })
                .where('id', '=', 'a')
                .execute()
            })
        }),
      )
      const { settings_version: counted } = await queries.selectFrom('accounts').select('settings_version').executeTakeFirstOrThrow()
      expect(counted).toBe(workers * each)
      // One connection needs no second try; many do, or this has shown nothing.
      if (database.kind === 'postgres') expect(runs).toBeGreaterThan(counted)
      else expect(runs).toBe(counted)
      await database.close()
    })

    test('keeps nothing of work that throws', async () => {
      const open = await begin()
      const database = await open()
      await migrate(database)
      const failing = inTx(database, 'read committed', async (tx) => {
        await tx.insertInto('used_challenges').values({ digest: 'd', expires_at: 1 }).execute()
        throw new Error('no')
      })
      await expect(failing).rejects.toThrow('no')
      expect(await database.queries.selectFrom('used_challenges').selectAll().execute()).toEqual([])
      await database.close()
    })
  })

test.skipIf(missing !== null)(`a database that is away is told from one that refuses${missing ?? ''}`, async () => {
  const own = await startPostgres()
  const database = await openPostgres(own.url, 2, () => undefined)
  const refused = await sql`SELECT nothing FROM nowhere`.execute(database.queries).catch((error: unknown) => error)
  expect(outage(refused)).toBe(false)
  await own.kill()
  const away = await sql`SELECT 1`.execute(database.queries).catch((error: unknown) => error)
  expect(away).toBeInstanceOf(Error)
  expect(outage(away)).toBe(true)
  await database.close()
  await own.stop()
})
