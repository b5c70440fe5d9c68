import type { VoiceSession } from '@steward/contract/relay'
import type { Selectable } from 'kysely'
import type { Queries } from '../../platform/database.ts'
import type { Schema } from '../../schema.ts'

type Row = Selectable<Schema['voice_sessions']>
export const voiceSessionOf = (row: Row): VoiceSession => ({
  id: row.id,
  sessionId: row.session_id,
  room: row.room,
  createdAt: row.created_at,
  endedAt: row.ended_at,
})
const ofAccount = (queries: Queries, accountId: string) => queries.selectFrom('voice_sessions').selectAll().where('account_id', '=', accountId)

export const findVoiceSession = (queries: Queries, accountId: string, id: string) =>
  ofAccount(queries, accountId).where('id', '=', id).executeTakeFirst()
/** The open ones, the newest first: those of a session where it is said. */
export function listOpen(queries: Queries, accountId: string, sessionId: string | undefined, limit: number) {
  const open = ofAccount(queries, accountId).where('ended_at', 'is', null).orderBy('id', 'desc').limit(limit)
  return (sessionId === undefined ? open : open.where('session_id', '=', sessionId)).execute()
}
export function listBefore(queries: Queries, accountId: string, before: string | undefined, limit: number) {
  const all = ofAccount(queries, accountId).orderBy('id', 'desc').limit(limit)
  return (before === undefined ? all : all.where('id', '<', before)).execute()
}
export const insertVoiceSession = async (queries: Queries, row: Row): Promise<void> =>
  void (await queries.insertInto('voice_sessions').values(row).execute())
/** Ends one that is open; undefined when it was not. */
export const endVoiceSession = (queries: Queries, accountId: string, id: string, now: number) =>
  queries
    .updateTable('voice_sessions')
    .set({ ended_at: now })
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .where('ended_at', 'is', null)
    .returningAll()
    .executeTakeFirst()
/** Those of these sessions that are open. */
export const listOfSessions = (queries: Queries, accountId: string, sessionIds: readonly string[]) =>
  ofAccount(queries, accountId).where('session_id', 'in', sessionIds).where('ended_at', 'is', null).execute()
/** All open ones of all accounts by id, after one. */
export const listAllOpen = (queries: Queries, after: string, limit: number) =>
  queries.selectFrom('voice_sessions').selectAll().where('ended_at', 'is', null).where('id', '>', after).orderBy('id').limit(limit).execute()
/** Those that have ended since a time. */
export const listEndedSince = (queries: Queries, since: number, limit: number) =>
  queries.selectFrom('voice_sessions').select(['room']).where('ended_at', '>=', since).orderBy('ended_at', 'desc').limit(limit).execute()
