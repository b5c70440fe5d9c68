import { Fault } from '@steward/contract'
import type { relayOperations, Session } from '@steward/contract/relay'
import type { RelayHandlers } from '../../context.ts'
import type { Database } from '../../platform/database.ts'
import { newId } from '../../platform/ids.ts'
import { worded } from '../../worded.ts'
import { isHeavy } from '../../platform/weights.ts'
import * as store from './store.ts'

export interface SessionPorts {
  readonly database: Database
  /** A session is over or alive again: signs of life that are still on their way count for nothing, or count again. */
  ended(accountId: string, sessionId: string): void
  begun(accountId: string, sessionId: string): void
  /** Removes sessions with all that hangs on them. Answers which of them there were. */
  remove(accountId: string, ids: readonly string[]): Promise<readonly string[]>
}
type Names = Extract<keyof typeof relayOperations, `sessions.${string}`>
const listed = (session: Session) => ({ ...session, lastMessage: null })
const none = () => new Fault('not_found', 'Session not found')
const latestLimit = 150
const activeMs = 15 * 60_000
const cursorPrefix = 'cursor_v1_'

/** Sessions: opaque to the relay but for their versions and signs of life. */
export function sessionHandlers({ database, ended, begun, remove }: SessionPorts): RelayHandlers<Names> {
  const { queries } = database
  return {
    async 'sessions.create'({ write, holder }, { tag, metadata, agentState, dataEncryptionKey }) {
      const { accountId } = holder()
      const session = await write(async (tx) => {
        const known = await store.findByTag(tx.db, accountId, tag)
        if (known) {
          if (known.muted_until > 0) await store.updateSession(tx.db, known.id, { muted_until: 0 })
          return store.sessionOf(known)
        }
        const row = {
          id: newId(),
          account_id: accountId,
          tag,
          metadata,
          metadata_version: 0,
          // Version 0 whatever is given: the existing clients' first update expects that.
          agent_state: agentState ?? null,
          agent_state_version: 0,
          data_encryption_key: dataEncryptionKey ?? null,
          seq: 0,
          bytes: 0,
          active: 1,
          active_at: tx.now,
          muted_until: 0,
          created_at: tx.now,
          updated_at: tx.now,
        }
        tx.count('sessions', 1)
        await store.insertSession(tx.db, row)
        const made = store.sessionOf(row)
        tx.emit({ t: 'new-session', body: made })
        return made
      })
      begun(accountId, session.id)
      return { session: listed(session) }
    },
    async 'sessions.list'({ holder }) {
      const rows = await store.listLatest(queries, holder().accountId, latestLimit)
      return { sessions: rows.map((row) => listed(store.sessionOf(row))) }
    },
    async 'sessions.page'({ holder }, { cursor, limit, changedSince }) {
      if (cursor !== undefined && !cursor.startsWith(cursorPrefix))
        throw worded('invalid', 'Invalid cursor format', { error: 'Invalid cursor format' })
      const rows = await store.listBefore(queries, holder().accountId, limit + 1, cursor?.slice(cursorPrefix.length), changedSince)
      const sessions = rows.slice(0, limit).map(store.sessionOf)
      const hasNext = rows.length > limit || isHeavy(rows.flatMap((row) => [row.metadata, row.agent_state]))
      return { sessions, hasNext, nextCursor: hasNext ? `${cursorPrefix}${sessions.at(-1)?.id}` : null }
    },
    async 'sessions.active'({ holder }, { limit }) {
      const rows = await store.listActive(queries, holder().accountId, Date.now() - activeMs, limit)
      return { sessions: rows.map(store.sessionOf) }
    },
    async 'sessions.get'({ holder }, { id }) {
      const row = await store.findSession(queries, holder().accountId, id)
      if (!row) throw none()
      return { session: listed(store.sessionOf(row)) }
    },
    async 'sessions.update'({ write, holder }, input) {
      const { accountId } = holder()
      const { id, metadata, agentState } = input
      return write(async (tx) => {
        const row = await store.findSession(tx.db, accountId, id)
        if (!row) throw none()
        const stale =
          (metadata !== undefined && (input.expectedMetadataVersion ?? row.metadata_version) !== row.metadata_version) ||
          (agentState !== undefined && (input.expectedAgentStateVersion ?? row.agent_state_version) !== row.agent_state_version)
        if (stale) return { success: false as const, error: 'version-mismatch' as const, session: store.sessionOf(row) }
        const changed = {
          ...(metadata === undefined ? {} : { metadata, metadata_version: row.metadata_version + 1 }),
          ...(agentState === undefined ? {} : { agent_state: agentState, agent_state_version: row.agent_state_version + 1 }),
        }
        if (Object.keys(changed).length === 0) return { success: true as const, session: store.sessionOf(row) }
        await store.updateSession(tx.db, id, { ...changed, updated_at: tx.now })
        const session = store.sessionOf({ ...row, ...changed, updated_at: tx.now })
        tx.emit({
          t: 'update-session',
          sessionId: id,
          body: {
            id,
            ...(metadata === undefined ? {} : { metadata: { value: metadata, version: session.metadataVersion } }),
            ...(agentState === undefined ? {} : { agentState: { value: agentState, version: session.agentStateVersion } }),
          },
        })
        return { success: true as const, session }
      })
    },
    async 'sessions.archive'({ write, holder }, { id }) {
      const { accountId } = holder()
      await write(async (tx) => {
        const row = await store.findSession(tx.db, accountId, id)
        if (!row) throw none()
        await store.updateSession(tx.db, id, { active: 0, active_at: tx.now, updated_at: tx.now, muted_until: tx.now + 60_000 })
      })
      ended(accountId, id)
      return { success: true }
    },
    async 'sessions.delete'({ holder }, { id }) {
      const removed = await remove(holder().accountId, [id])
      if (removed.length === 0) throw new Fault('not_found', 'Session not found or not owned by user')
      return { success: true }
    },
    async 'sessions.deleteMany'({ holder }, { ids }) {
      const asked = [...new Set(ids)]
      const removed = new Set(await remove(holder().accountId, asked))
      return { success: true, deleted: asked.filter((id) => removed.has(id)), missing: asked.filter((id) => !removed.has(id)) }
    },
  }
}
