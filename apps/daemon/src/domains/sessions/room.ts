import { Fault } from '@steward/contract'
import type { RoomHandlers } from '../../platform/context.ts'
import { createCheckpoints } from '../../platform/git/checkpoints.ts'
import { createGitRunner } from '../../platform/git/run-git.ts'
import { decodePage, decodePlace, encodePage, wrongCursor } from '../../platform/page.ts'
import type { Store } from '../../platform/storage/store.ts'
import { createCheckpointStore, type Checkpoint } from './checkpoint-store.ts'
import { createCreate } from './create.ts'
import { createExport } from './export.ts'
import { createFork } from './fork.ts'
import { createOverview } from './overview.ts'
import { createMarkStore } from './mark-store.ts'
import type { SessionDeps } from './ports.ts'
import { createRewind } from './rewind.ts'
import { createSearchReader } from './search-reader.ts'
import { createSearcher } from './searcher.ts'
import { createSessionStore, isUnderWay, toSession, type SessionRecord } from './store.ts'

const afterAll = { updatedAt: '~', id: '' }
const placeOf = (cursor: string | undefined) => {
  if (cursor === undefined) return afterAll
  const { updatedAt, id } = decodePlace(cursor)
  if (typeof updatedAt !== 'string' || typeof id !== 'string') throw wrongCursor()
  return { updatedAt, id }
}
const offsetOf = (cursor: string | undefined) => (cursor === undefined ? 0 : Math.max(0, Math.trunc(decodePage(cursor, 'offset'))))

/** Sessions: conversations with an agent in a workspace. Their messages and runs are other rooms'. */
export function createSessionsRoom(chat: Pick<Store, 'db' | 'log' | 'path'>, deps: SessionDeps) {
  const store = createSessionStore(chat.db)
  const checkpointStore = createCheckpointStore(chat.db)
  const marks = createMarkStore(chat.db)
  const checkpoints = createCheckpoints({ home: deps.home, run: createGitRunner(process.env) })
  const searcher = createSearcher(chat.path)
  const search = createSearchReader({ log: chat.log, db: chat.db, report: deps.report })
  const closing = new AbortController()
  const chores = new Set<Promise<void>>()
  const need = (id: string): SessionRecord => {
    const session = store.find(id)
    if (!session) throw new Fault('not_found', `There is no session ${id}.`)
    return session
  }
  /** Lets git forget what no row names any more; the answer does not wait for it. */
  const forget = (gone: readonly Checkpoint[]) => {
    for (const [workspace, rows] of Map.groupBy(gone, (row) => row.workspace)) {
      const commits = rows.map(({ commit }) => commit)
      const chore = checkpoints.forget(workspace, commits, closing.signal).catch((error: unknown) => {
        if (!closing.signal.aborted) deps.report(error)
      })
      chores.add(chore)
      void chore.finally(() => chores.delete(chore))
    }
  }
  const handlers = {
    ...createCreate(store, deps),
    ...createFork(store, need, deps, marks),
    ...createRewind(store, need, deps, checkpoints, checkpointStore, marks, forget),
    ...createExport(need, deps.messages),
    ...createOverview(need, deps, checkpointStore, marks),
    async 'sessions.get'(_context, { id }) {
      return toSession(need(id))
    },
    async 'sessions.list'(_context, { archived, status, limit, cursor }) {
      const rows = store.list({ archived, status, before: placeOf(cursor), limit: limit + 1 })
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      return { items: items.map(toSession), nextCursor: rows.length > limit && last ? encodePage({ updatedAt: last.updatedAt, id: last.id }) : null }
    },
    async 'sessions.search'({ signal }, { query, limit, cursor }) {
      const offset = offsetOf(cursor)
      const found = await searcher.search(query, limit + 1, offset, signal)
      return { items: found.slice(0, limit), nextCursor: found.length > limit ? encodePage({ offset: offset + limit }) : null }
    },
    async 'sessions.rename'({ commit }, { id, title }) {
      return commit((emit) => {
        need(id)
        store.update(id, { title })
        emit('session.renamed', { title }, { sessionId: id })
        return toSession(need(id))
      })
    },
    async 'sessions.archive'({ commit }, { id, archived }) {
      return commit((emit) => {
        const session = need(id)
        if (archived && isUnderWay(session))
          throw new Fault('conflict', 'A run is under way in this session; cancel it, or wait for its end, then archive.')
        store.update(id, { archived })
        emit('session.archived', { archived }, { sessionId: id })
        return toSession(need(id))
      })
    },
    async 'sessions.delete'({ commit }, { id }) {
      need(id)
      await deps.runs.cancelAll(id)
      let gone: readonly Checkpoint[] = []
      commit((emit) => {
        need(id)
        // A message that came while its runs were being cancelled began another.
        if (deps.runs.openOf(id))
          throw new Fault('conflict', 'A run was started in this session while it was being deleted; try again.', undefined, { retryable: true })
        gone = checkpointStore.listFrom(id, 0)
        store.remove(id)
        emit('session.deleted', { id }, { sessionId: id })
        return null
      })
      deps.live.forget(id)
      forget(gone)
      return null
    },
  } satisfies RoomHandlers
  return {
    store,
    handlers,
    search,
    checkpoints,
    marks,
    /** To be called after the reader `search` was closed. */
    async close(): Promise<void> {
      closing.abort()
      await Promise.all(chores)
      await searcher.close()
    },
  }
}
