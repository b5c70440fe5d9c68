import type { Session } from '@steward/contract/relay'
import { sql, type Insertable, type Selectable } from 'kysely'
import type { OwnsSession } from '../../context.ts'
import type { Queries } from '../../platform/database.ts'
import { fitting, octets } from '../../platform/weights.ts'
import type { Schema } from '../../schema.ts'

type Row = Selectable<Schema['sessions']>
export const sessionOf = (row: Row): Session => ({
  id: row.id,
  seq: row.seq,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  active: row.active === 1,
  activeAt: row.active_at,
  metadata: row.metadata,
  metadataVersion: row.metadata_version,
  agentState: row.agent_state,
  agentStateVersion: row.agent_state_version,
  dataEncryptionKey: row.data_encryption_key,
})
const ofAccount = (queries: Queries, accountId: string) => queries.selectFrom('sessions').selectAll().where('account_id', '=', accountId)

export const findSession = (queries: Queries, accountId: string, id: string) => ofAccount(queries, accountId).where('id', '=', id).executeTakeFirst()
export const ownsSession: OwnsSession = async (queries, accountId, id) =>
  (await queries.selectFrom('sessions').select('id').where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst()) !== undefined
export const findByTag = (queries: Queries, accountId: string, tag: string) => ofAccount(queries, accountId).where('tag', '=', tag).executeTakeFirst()
export const insertSession = async (queries: Queries, row: Insertable<Schema['sessions']>): Promise<void> =>
  void (await queries.insertInto('sessions').values(row).execute())
export const updateSession = async (queries: Queries, id: string, changed: Partial<Row>): Promise<void> =>
  void (await queries.updateTable('sessions').set(changed).where('id', '=', id).execute())
const weight = octets('metadata', 'agent_state').as('weight')
/** The sessions that changed last; as many as fit into a page. */
export function listLatest(queries: Queries, accountId: string, limit: number) {
  const all = ofAccount(queries, accountId).orderBy('updated_at', 'desc').limit(limit)
  return all.limit(fitting(all.clearSelect().select(['updated_at as place', weight]), 'desc')).execute()
}
/** Sessions by id, the newest first, before `before`; as many as fit into a page. */
export function listBefore(queries: Queries, accountId: string, limit: number, before: string | undefined, changedSince: number | undefined) {
  const all = ofAccount(queries, accountId).orderBy('id', 'desc').limit(limit)
  const from = before === undefined ? all : all.where('id', '<', before)
  const wanted = changedSince === undefined ? from : from.where('updated_at', '>', changedSince)
  return wanted.limit(fitting(wanted.clearSelect().select(['id as place', weight]), 'desc')).execute()
}
export function listActive(queries: Queries, accountId: string, since: number, limit: number) {
  const all = ofAccount(queries, accountId).where('active', '=', 1).where('active_at', '>', since).orderBy('active_at', 'desc').limit(limit)
  return all.limit(fitting(all.clearSelect().select(['active_at as place', weight]), 'desc')).execute()
}
/** Which of these sessions the account has, with the number of their last message. */
export const findSessions = (queries: Queries, accountId: string, ids: readonly string[]) =>
  queries.selectFrom('sessions').select(['id', 'seq', 'bytes']).where('account_id', '=', accountId).where('id', 'in', ids).execute()
/** Removes the messages of a session up to a number. */
export const removeMessages = async (queries: Queries, sessionId: string, upTo: number): Promise<void> =>
  void (await queries.deleteFrom('messages').where('session_id', '=', sessionId).where('seq', '<=', upTo).execute())
/** Removes sessions of the account and what hangs on them; their messages go with their rows. Answers what went, with its bytes, that is told of or counted. */
export async function removeSessions(queries: Queries, accountId: string, ids: readonly string[]) {
  for (const table of ['access_keys', 'usage_reports'] as const)
    await queries.deleteFrom(table).where('account_id', '=', accountId).where('session_id', 'in', ids).execute()
  const files = await queries
    .deleteFrom('attachments')
    .where('account_id', '=', accountId)
    .where('session_id', 'in', ids)
    .returning('size as bytes')
    .execute()
  const artifacts = await queries
    .deleteFrom('artifacts')
    .where('account_id', '=', accountId)
    .where('session_id', 'in', ids)
    .returning(['id', sql<number>`LENGTH(header) + LENGTH(body)`.as('bytes')])
    .execute()
  await queries.deleteFrom('sessions').where('account_id', '=', accountId).where('id', 'in', ids).execute()
  return { files, artifacts }
}
