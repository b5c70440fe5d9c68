import type { Session } from '@steward/contract/relay'
import type { Selectable } from 'kysely'
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
export const insertSession = async (queries: Queries, row: Row): Promise<void> => void (await queries.insertInto('sessions').values(row).execute())
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
/** Removes a session and what hangs on it; its messages go with its row. Answers the ids of its artifacts. */
export async function removeSession(queries: Queries, accountId: string, id: string): Promise<string[]> {
  await queries.deleteFrom('access_keys').where('account_id', '=', accountId).where('session_id', '=', id).execute()
  await queries.deleteFrom('usage_reports').where('account_id', '=', accountId).where('session_id', '=', id).execute()
  await queries.deleteFrom('attachments').where('session_id', '=', id).execute()
  const artifacts = await queries.deleteFrom('artifacts').where('account_id', '=', accountId).where('session_id', '=', id).returning('id').execute()
  await queries.deleteFrom('sessions').where('id', '=', id).execute()
  return artifacts.map((artifact) => artifact.id)
}
