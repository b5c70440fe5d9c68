import type { StreamItem } from '@steward/contract'
import type { OperationName } from '@steward/contract/daemon'
import type { AnswerOf, InputOf } from '../../platform/daemon.ts'
import type { Conversation } from './store.ts'

/** So many messages are read at once: the first page soon, more when somebody goes back. */
const firstPage = 60
const nextPage = 100
export interface Connection {
  call<N extends OperationName>(name: N, input: InputOf<N>): Promise<AnswerOf<N>>
  /** Hears everything from now on; a `reset` says that something may have been missed. */
  listen(listener: (item: StreamItem) => void): () => void
}
/** Reads that keep a conversation whole. */
export interface Sync {
  /** Reads the newest page, or the stretch around a message; afterwards what is new comes by itself. Rejects when it cannot be read. */
  open(messageId: string | undefined): Promise<void>
  /** Reads the next page on a side; nothing while that is being done, or where there is none. */
  more(side: 'older' | 'newer'): Promise<void>
  /** Goes to a message: at once when it is known. Rejects when there is none. */
  goTo(messageId: string): Promise<void>
  /** Reads the newest page again. */
  toLive(): Promise<void>
  /** Reads the newest page again because something was missed. */
  again(): Promise<void>
  close(): void
}
/**
 * Keeps a conversation current. It listens before it reads, and takes what came meanwhile when the page is there: nothing is missed between the two,
 * and news that the page holds already change nothing.
 */
export function createSync(store: Conversation, { call, listen }: Connection, report: (error: unknown) => void): Sync {
  const { sessionId } = store
  let held: StreamItem[] = []
  let reading = 0
  let isOpen = false
  const under = new Set<string>()

  /** Reads, and holds what comes meanwhile until the answer is in place. */
  const read = async <T>(ask: () => Promise<T>, take: (answer: T) => void): Promise<void> => {
    reading++
    try {
      take(await ask())
    } finally {
      reading--
      if (reading === 0) {
        const due = held
        held = []
        for (const item of due) store.hear(item)
      }
    }
  }
  const once = async (name: string, deed: () => Promise<void>): Promise<void> => {
    if (under.has(name)) return
    under.add(name)
    try {
      await deed()
    } finally {
      under.delete(name)
    }
  }
  const standing = () =>
    Promise.all([
      call('runs.list', { sessionId, limit: 20 }),
      call('approvals.list', { sessionId, limit: 200 }),
      call('questions.list', { sessionId, limit: 200 }),
      call('sessions.marks', { id: sessionId, limit: 200 }),
    ])
  const newest = () =>
    once('newest', () =>
      read(
        () => Promise.all([call('messages.list', { sessionId, limit: firstPage }), standing()]),
        ([page, [{ items: runs }, approvals, questions, marks]]) => {
          store.marked(marks.items)
          store.newest(page.items, page.nextCursor !== null)
          const working = runs.find(({ status }) => status === 'running' || status === 'waiting' || status === 'interrupted')
          store.stands(working ?? runs.find(({ status }) => status !== 'queued') ?? runs[0], approvals.items, questions.items)
        },
      ),
    )
  const around = (messageId: string) =>
    read(
      () =>
        Promise.all([
          call('messages.list', { sessionId, from: messageId, limit: firstPage / 2 }),
          call('messages.list', { sessionId, from: messageId, order: 'oldest', limit: firstPage / 2 }),
          standing(),
        ]),
      ([before, after, [{ items: runs }, approvals, questions, marks]]) => {
        const known = new Set(before.items.map(({ id }) => id))
        store.marked(marks.items)
        store.stretch([...before.items, ...after.items.filter(({ id }) => !known.has(id))], before.nextCursor !== null, after.nextCursor !== null)
        store.stands(runs.find(({ status }) => status !== 'queued') ?? runs[0], approvals.items, questions.items)
      },
    )
  const unlisten = listen((item) => {
    if ('reset' in item) {
      // What was held belongs to before the reset: the page that is read now holds it.
      if (isOpen && !store.rows().hasNewer) void newest().catch(report)
    } else if (reading > 0) held.push(item)
    else if (isOpen) store.hear(item)
  })
  return {
    async open(messageId) {
      await (messageId === undefined ? newest() : around(messageId).catch(() => newest()))
      isOpen = true
    },
    more: (side) =>
      once(side, async () => {
        const { keys, hasOlder, hasNewer } = store.rows()
        const known = keys.filter((key) => store.message(key) !== undefined)
        const from = side === 'older' ? known[0] : known.findLast((key) => store.message(key)?.status !== 'queued')
        if (from === undefined || !(side === 'older' ? hasOlder : hasNewer)) return
        await read(
          () => call('messages.list', { sessionId, from, limit: nextPage, order: side === 'older' ? 'newest' : 'oldest' }),
          ({ items, nextCursor }) => store.beside(items, side, nextCursor !== null),
        )
      }),
    async goTo(messageId) {
      if (store.message(messageId) === undefined) await around(messageId)
    },
    toLive: () => (store.rows().hasNewer ? newest() : Promise.resolve()),
    again: newest,
    close: unlisten,
  }
}
