import type { RoomHandlers } from '../../platform/context.ts'
import { decodePage, encodePage } from '../../platform/page.ts'
import type { CheckpointStore } from './checkpoint-store.ts'
import { changingTools, fileChanges } from './file-changes.ts'
import { findFiles } from './find-files.ts'
import type { MarkStore } from './mark-store.ts'
import type { SessionDeps } from './ports.ts'
import type { SessionRecord } from './store.ts'

const most = { checkpoints: 50, steps: 100, calls: 100, characters: 200 }

/** What a session has at hand, read from the rows of its runs, and the files of its workspace. */
export function createOverview(need: (id: string) => SessionRecord, deps: SessionDeps, checkpoints: CheckpointStore, marks: MarkStore) {
  return {
    async 'sessions.overview'(_context, { id }) {
      const { todos } = need(id)
      return {
        todos: [...todos],
        checkpoints: checkpoints.newest(id, most.checkpoints).map(({ messageId, createdAt }) => ({
          messageId,
          text: deps.messages.store.find(messageId)?.text.slice(0, most.characters) ?? '',
          at: createdAt,
        })),
        steps: deps.steps(id, most.steps).toReversed(),
        changes: fileChanges(deps.calls.completedOf(id, changingTools, most.calls)),
      }
    },
    async 'sessions.marks'(_context, { id, limit, cursor }) {
      need(id)
      const rows = marks.list(id, limit + 1, cursor === undefined ? undefined : decodePage(cursor, 'seq'))
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      return { items, nextCursor: rows.length > limit && last ? encodePage({ seq: last.seq }) : null }
    },
    async 'sessions.files'({ signal }, { id, query, limit }) {
      const folder = need(id).workspace.path
      return findFiles(folder, query, limit, { files: deps.filesIn([folder]), processes: deps.processes, signal })
    },
  } satisfies RoomHandlers
}
