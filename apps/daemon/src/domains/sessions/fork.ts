import { Fault } from '@steward/contract'
import type { RoomHandlers } from '../../platform/context.ts'
import { newId } from '../../platform/ids.ts'
import { renameCalls, settledCopy, type MessageCopy } from './copy.ts'
import { noUsage } from './create.ts'
import type { MarkStore } from './mark-store.ts'
import type { SessionDeps } from './ports.ts'
import { toSession, type SessionRecord, type SessionStore } from './store.ts'

const mostTitle = 200
const forkTitle = (title: string) => `${title.slice(0, mostTitle - ' (fork)'.length).trimEnd()} (fork)`
/** Copies of what one message has, in the transaction of the fork. Its run is the source's own, so the copy belongs to none. */
function copier(
  deps: SessionDeps,
  sessionId: string,
  at: string,
  announceFile: (file: NonNullable<ReturnType<SessionDeps['files']['copy']>>) => void,
) {
  const { messages, calls, files } = deps
  const runs = new Map<string, string>()
  const runOf = (source: string) => {
    const known = runs.get(source) ?? newId('run')
    runs.set(source, known)
    return known
  }
  return (message: MessageCopy) => {
    const id = newId('msg')
    const made = message.role === 'assistant' ? calls.ofMessage(message.id) : []
    const names = new Map(made.map((call) => [call.id, newId('call')]))
    const nameOf = (callId: string) => {
      const name = names.get(callId) ?? newId('call')
      names.set(callId, name)
      return name
    }
    const attached = messages.store.attachments(message.id).flatMap(({ fileId }) => files.copy(fileId, sessionId) ?? [])
    const parts = renameCalls(message.parts, nameOf)
    messages.store.insert(
      { ...message, id, sessionId, runId: null, parts },
      attached.map((file) => file.id),
    )
    for (const file of attached) announceFile(file)
    made.forEach((call, ordinal) => {
      const copy = { ...call, id: nameOf(call.id), sessionId, runId: runOf(call.runId), messageId: id }
      calls.insert(copy, ordinal)
      if (call.startedAt !== null) calls.start(copy.id, call.input, call.startedAt)
      const { status, output, text, finishedAt } = settledCopy(call, at)
      calls.finish(copy.id, status, output, text, finishedAt)
    })
  }
}
export function createFork(store: SessionStore, need: (id: string) => SessionRecord, deps: SessionDeps, marks: MarkStore) {
  return {
    async 'sessions.fork'({ commit }, { id, messageId, title }) {
      const source = need(id)
      const last = messageId === undefined ? undefined : deps.messages.store.find(messageId)
      if (messageId !== undefined && last?.sessionId !== id) throw new Fault('not_found', `There is no message ${messageId} in session ${id}.`)
      if (last && last.status !== 'final' && last.status !== 'interrupted')
        throw new Fault('conflict', 'That message is still being written or waits for its run; fork after an earlier one, or when it has ended.')
      const end = last ? last.position + 1 : Number.MAX_SAFE_INTEGER
      const at = new Date().toISOString()
      const { compaction } = source
      const record: SessionRecord = {
        ...source,
        id: newId('ses'),
        title: title ?? forkTitle(source.title),
        parentId: id,
        status: 'idle',
        archived: false,
        runId: null,
        usage: noUsage,
        // A summary that tells of messages after the fork's end is not the fork's.
        compaction: compaction && compaction.position <= end ? compaction : null,
        createdAt: at,
        updatedAt: at,
      }
      const session = toSession(record)
      const place = { sessionId: session.id }
      return commit((emit) => {
        store.insert(record)
        emit('session.created', { session }, place)
        const copy = copier(deps, session.id, at, (file) => emit('file.uploaded', { file }, place))
        const messages = deps.messages.store.between(id, 0, end)
        for (const message of messages) copy(message)
        marks.copy(id, session.id, end)
        store.update(session.id, { todos: source.todos }, at)
        store.placeNext(session.id, (messages.at(-1)?.position ?? 0) + 1)
        return session
      })
    },
  } satisfies RoomHandlers
}
