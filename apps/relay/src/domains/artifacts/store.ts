import type { Artifact, ArtifactHead } from '@steward/contract/relay'
import { sql, type Selectable } from 'kysely'
import type { Queries } from '../../platform/database.ts'
import type { Schema } from '../../schema.ts'

type Row = Selectable<Schema['artifacts']>
const headColumns = ['id', 'session_id', 'header', 'header_version', 'data_encryption_key', 'seq', 'created_at', 'updated_at'] as const
export const headOf = (row: Pick<Row, (typeof headColumns)[number]>): ArtifactHead => ({
  id: row.id,
  sessionId: row.session_id,
  header: row.header,
  headerVersion: row.header_version,
  dataEncryptionKey: row.data_encryption_key,
  seq: row.seq,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})
export const artifactOf = (row: Row): Artifact => ({ ...headOf(row), body: row.body, bodyVersion: row.body_version })

const heads = (queries: Queries, accountId: string) => queries.selectFrom('artifacts').select(headColumns).where('account_id', '=', accountId)
/** The artifacts that changed last. */
export const listLatest = (queries: Queries, accountId: string, limit: number) =>
  heads(queries, accountId).orderBy('updated_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
/** Artifacts of a session by id, after `after`. */
export const listOfSession = (queries: Queries, accountId: string, sessionId: string, limit: number, after = '') =>
  heads(queries, accountId).where('session_id', '=', sessionId).where('id', '>', after).orderBy('id').limit(limit).execute()
export const findArtifact = (queries: Queries, accountId: string, id: string) =>
  queries.selectFrom('artifacts').selectAll().where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst()
export const insertArtifact = async (queries: Queries, row: Row): Promise<void> => void (await queries.insertInto('artifacts').values(row).execute())
export const updateArtifact = async (queries: Queries, { account_id, id }: Pick<Row, 'account_id' | 'id'>, changed: Partial<Row>): Promise<void> =>
  void (await queries.updateTable('artifacts').set(changed).where('account_id', '=', account_id).where('id', '=', id).execute())
/** The bytes of an artifact: base64 text. */
export const weightOf = ({ header, body }: Pick<Row, 'header' | 'body'>): number => header.length + body.length
/** Removes an artifact; undefined when there is none. */
export const removeArtifact = (queries: Queries, accountId: string, id: string) =>
  queries
    .deleteFrom('artifacts')
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .returning(sql<number>`LENGTH(header) + LENGTH(body)`.as('bytes'))
    .executeTakeFirst()
