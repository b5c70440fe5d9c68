import type { AccessKey } from '@steward/contract/relay'
import type { Selectable } from 'kysely'
import type { Queries } from '../../platform/database.ts'
import type { Schema } from '../../schema.ts'

type Row = Selectable<Schema['access_keys']>
export type Pair = Pick<Row, 'account_id' | 'session_id' | 'machine_id'>
export const accessKeyOf = (row: Row): AccessKey => ({
  data: row.data,
  dataVersion: row.data_version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})
/** Whether session and machine are both the account's own. */
export async function ownsBoth(queries: Queries, { account_id, session_id, machine_id }: Pair): Promise<boolean> {
  const row = await queries
    .selectFrom('sessions')
    .innerJoin('machines', 'machines.account_id', 'sessions.account_id')
    .select('sessions.id')
    .where('sessions.id', '=', session_id)
    .where('sessions.account_id', '=', account_id)
    .where('machines.id', '=', machine_id)
    .executeTakeFirst()
  return row !== undefined
}
export const findKey = (queries: Queries, { account_id, session_id, machine_id }: Pair) =>
  queries
    .selectFrom('access_keys')
    .selectAll()
    .where('account_id', '=', account_id)
    .where('session_id', '=', session_id)
    .where('machine_id', '=', machine_id)
    .executeTakeFirst()
export const insertKey = async (queries: Queries, row: Row): Promise<void> => void (await queries.insertInto('access_keys').values(row).execute())
export async function updateKey(queries: Queries, pair: Pair, changed: Partial<Row>): Promise<void> {
  await queries
    .updateTable('access_keys')
    .set(changed)
    .where('account_id', '=', pair.account_id)
    .where('session_id', '=', pair.session_id)
    .where('machine_id', '=', pair.machine_id)
    .execute()
}
