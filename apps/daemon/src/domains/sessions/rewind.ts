import { Fault } from '@steward/contract'
import type { RoomHandlers } from '../../platform/context.ts'
import type { Checkpoints } from '../../platform/git/checkpoints.ts'
import type { Checkpoint, CheckpointStore } from './checkpoint-store.ts'
import type { MarkStore } from './mark-store.ts'
import type { SessionDeps } from './ports.ts'
import { isUnderWay, toSession, type SessionRecord, type SessionStore } from './store.ts'

/** Files first, then the conversation in one commit: a crash between the two leaves a session that can be rewound again. */
export function createRewind(
  store: SessionStore,
  need: (id: string) => SessionRecord,
  deps: SessionDeps,
  checkpoints: Checkpoints,
  checkpointStore: CheckpointStore,
  marks: MarkStore,
  forget: (gone: readonly Checkpoint[]) => void,
) {
  const needIdle = (id: string) => {
    const session = need(id)
    if (isUnderWay(session)) throw new Fault('conflict', 'A run is under way in this session; cancel it, or wait for its end, then rewind.')
    return session
  }
  const restore = async (sessionId: string, position: number, signal: AbortSignal): Promise<string[]> => {
    const found = checkpointStore.findFor(sessionId, position)
    if (!found) return []
    try {
      return await checkpoints.restore(found.workspace, found.commit, signal)
    } catch (error) {
      signal.throwIfAborted()
      const why = error instanceof Error ? error.message : String(error)
      throw new Fault('unprocessable', `The files could not be taken back: ${why} With files=false the conversation alone is rewound.`, undefined, {
        cause: error,
      })
    }
  }
  /** The place of the message that a session is to be taken back to. */
  const placeOf = (id: string, messageId: string): number => {
    const message = deps.messages.store.find(messageId)
    need(id)
    if (message?.sessionId !== id) throw new Fault('not_found', `There is no message ${messageId} in session ${id}.`)
    if (message.role !== 'user') throw new Fault('unprocessable', 'A session is taken back to before a message of the user; this one is an answer.')
    return message.position
  }
  return {
    async 'sessions.rewindPreview'({ signal }, { id, messageId }) {
      const position = placeOf(id, messageId)
      const messages = deps.messages.store.countFrom(id, position)
      const found = checkpointStore.findFor(id, position)
      if (!found) return { messages, files: [], unreadable: null }
      try {
        return { messages, files: await checkpoints.changed(found.workspace, found.commit, signal), unreadable: null }
      } catch (error) {
        signal.throwIfAborted()
        return { messages, files: [], unreadable: `The files cannot be taken back: ${error instanceof Error ? error.message : String(error)}` }
      }
    },
    async 'sessions.rewind'({ commit, signal }, { id, messageId, files }) {
      const position = placeOf(id, messageId)
      needIdle(id)
      // An interrupted run rests until it is resumed; what it would go on from is about to go.
      if (deps.runs.openOf(id)) await deps.runs.cancelAll(id)
      const restoredFiles = files ? await restore(id, position, signal) : []
      const gone = files ? checkpointStore.listFrom(id, position) : []
      const answer = commit((emit) => {
        const { compaction } = needIdle(id)
        const removedMessages = deps.messages.store.removeFrom(id, position)
        if (files) checkpointStore.dropFrom(id, position)
        store.update(id, compaction && compaction.position > position ? { compaction: null } : {})
        const rewound = { messageId, removedMessages, restoredFiles }
        marks.dropAfter(id, position)
        marks.insert(id, position, new Date().toISOString(), { kind: 'rewound', ...rewound })
        emit('session.rewound', rewound, { sessionId: id })
        return { session: toSession(need(id)), removedMessages, restoredFiles }
      })
      deps.live.forget(id)
      forget(gone)
      return answer
    },
  } satisfies RoomHandlers
}
