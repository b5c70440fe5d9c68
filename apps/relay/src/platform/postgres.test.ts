import { createDatabase, lackingPostgres, startPostgres, startProxy } from '@steward/testkit/relay'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { inTx, outage, probe } from './database.ts'
import { openPostgres } from './postgres.ts'

const missing = lackingPostgres()
test.skipIf(missing !== null)(
  `a connection that is cut between two statements of a transaction fails that one, and nothing else${missing ?? ''}`,
  async () => {
    await using server = await startPostgres()
    await using own = await createDatabase(server.url)
    await using proxy = await startProxy(own.url)
    const database = await openPostgres(proxy.url, 2, () => undefined)
    const cut = inTx(database, 'read committed', async (tx) => {
      await sql`SELECT 1`.execute(tx)
      proxy.cutAll()
      // The driver hears of the end in a later turn, with no statement under way that it could fail.
      await new Promise((resolve) => setTimeout(resolve, 100))
      await sql`SELECT 1`.execute(tx)
    })
    const error: unknown = await cut.catch((reason: unknown) => reason)
    expect(outage(error)).toBe(true)
    await probe(database)
    await database.close()
  },
)
