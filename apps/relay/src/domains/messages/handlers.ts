import { Fault } from '@steward/contract'
import type { relayOperations } from '@steward/contract/relay'
import type { RelayHandlers } from '../../context.ts'
import type { Database } from '../../platform/database.ts'
import { isHeavy } from '../../platform/weights.ts'
import { appendAll, type Appended } from './append.ts'
import * as store from './store.ts'

type Names = Extract<keyof typeof relayOperations, `messages.${string}`>
const latestLimit = 150
const none = () => new Fault('not_found', 'Session not found')
const found = (appended: Appended) => {
  if (appended === null) throw none()
  return appended
}

/** Messages: sealed lines of a session, numbered without gaps. */
export function messageHandlers({ queries }: Database): RelayHandlers<Names> {
  /** An empty page is an answer only for a session that is there. */
  const demand = async (accountId: string, sessionId: string) => {
    if (!(await store.lastSeqs(queries, accountId, [sessionId])).has(sessionId)) throw none()
  }
  return {
    async 'messages.latest'({ holder }, { sessionId }) {
      const { accountId } = holder()
      const rows = await store.listBefore(queries, accountId, sessionId, Number.MAX_SAFE_INTEGER, latestLimit)
      if (rows.length === 0) await demand(accountId, sessionId)
      return { messages: rows.map(store.messageOf) }
    },
    async 'messages.page'({ holder }, { sessionId, after_seq, before_seq, limit }) {
      const { accountId } = holder()
      const rows =
        before_seq === undefined
          ? await store.listAfter(queries, accountId, sessionId, after_seq ?? 0, limit + 1)
          : await store.listBefore(queries, accountId, sessionId, before_seq, limit + 1)
      if (rows.length === 0) await demand(accountId, sessionId)
      return { messages: rows.slice(0, limit).map(store.messageOf), hasMore: rows.length > limit || isHeavy(rows.map(({ content }) => content)) }
    },
    async 'messages.append'({ batch }, { sessionId, messages }) {
      const rows = found(await batch(appendAll, { sessionId, messages }, messages.length))
      const once = [...new Map(rows.map((row) => [row.seq, row])).values()].toSorted((a, b) => a.seq - b.seq)
      return { messages: once.map((row) => store.messageOf(row)).map(({ content: _content, ...receipt }) => receipt) }
    },
    async 'messages.send'({ batch, by }, { sessionId, content, localId }) {
      const exceptSocket = by.socket === undefined ? {} : { exceptSocket: by.socket.id }
      const [row] = found(await batch(appendAll, { sessionId, messages: [{ content, localId: localId ?? null }], ...exceptSocket }))
      if (row === undefined) throw none()
      return { message: store.messageOf(row) }
    },
  }
}
