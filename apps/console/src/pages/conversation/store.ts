import type { Approval, EventData, FlashName, Message, Question, Run, SessionMark } from '@steward/contract/daemon'
import type { StreamItem } from '@steward/contract'
import { advanced, begun, finished, inOrder, spliced, withCall, type News } from './changes.ts'
import { arranged, isOver, todosIn, workOf, type CallNews, type Mark, type Rows, type Todos, type Work } from './state.ts'

/** So much of what a running call prints is kept; the whole comes with its result. */
const mostProgress = 64_000
/** So many messages are kept; those that are far from what is read are let go and read again when somebody goes there. */
const mostMessages = 2_000
const noNews: CallNews = { progress: '' }
export type Watched = 'rows' | 'work' | 'todos' | (string & {})
/** A piece of a message that is being written. */
interface Piece {
  readonly kind: 'text' | 'reasoning'
  readonly messageId: string
  readonly offset: number
  readonly text: string
}
export interface StoreOptions {
  /** Runs what is due at the next frame. */
  readonly soon: (deed: () => void) => void
  /** Called when news cannot be understood from what is known: the newest page is to be read again. */
  readonly onGap: () => void
}
/**
 * One session's conversation as this page knows it: a stretch of its messages, what came since, and what runs. News may come twice or late; nothing
 * is shown twice. Watchers of a message hear of that message only; its words come at most once a frame.
 */
export function createConversation(sessionId: string, { soon, onGap }: StoreOptions) {
  const messages = new Map<string, Message>()
  const calls = new Map<string, string>()
  const news = new Map<string, CallNews>()
  const marks = new Map<string, Mark>()
  const watchers = new Map<Watched, Set<() => void>>()
  let rows: Rows = { keys: [], hasOlder: false, hasNewer: false, missed: 0 }
  let work: Work | null = null
  let todos: Todos = []
  let pieces: Piece[] = []
  let isDue = false

  const mark = (one: Mark) => void marks.set(one.id, one)
  const tell = (what: Watched) => {
    for (const watcher of watchers.get(what) ?? []) watcher()
  }
  const ordered = () => [...messages.values()].toSorted(inOrder)
  const arrange = (more: Partial<Omit<Rows, 'keys'>> = {}) => {
    const now = { ...rows, ...more }
    rows = { ...now, keys: arranged(ordered(), [...marks.values()], now) }
    tell('rows')
  }
  const put = (message: Message) => {
    const before = messages.get(message.id)
    if (before === message) return
    messages.set(message.id, message)
    for (const { id } of message.toolCalls) calls.set(id, message.id)
    if (before?.position !== message.position || before.status !== message.status) arrange()
    if (before !== undefined) tell(message.id)
  }
  const drop = (ids: readonly string[]) => {
    for (const id of ids) {
      for (const call of messages.get(id)?.toolCalls ?? []) {
        calls.delete(call.id)
        news.delete(call.id)
      }
      messages.delete(id)
    }
  }
  /** A message that is new: unless the newest are not on the page, where it is only counted. */
  const add = (message: Message) => {
    if (messages.has(message.id)) return
    if (rows.hasNewer) {
      rows = { ...rows, missed: rows.missed + 1 }
      tell('rows')
    } else put(message)
  }
  const change = (id: string, how: (message: Message) => Message) => {
    const message = messages.get(id)
    if (message !== undefined) put(how(message))
  }
  const changeCall = (callId: string, how: (message: Message) => Message) => change(calls.get(callId) ?? '', how)
  const tellCall = (callId: string, more: Partial<CallNews>) => {
    news.set(callId, { ...(news.get(callId) ?? noNews), ...more })
    tell(callId)
  }
  const setWork = (next: Work | null) => {
    work = next
    tell('work')
  }
  /** A model call that broke before its first word leaves an empty message, which the daemon has taken away. */
  const dropEmpty = (except: string | undefined) => {
    const empty = [...messages.values()].filter(
      ({ id, status, text, reasoning }) => id !== except && status === 'streaming' && text === '' && !reasoning,
    )
    drop(empty.map(({ id }) => id))
    if (empty.length > 0) arrange()
  }
  /** A run that has ended leaves nothing open, also where no news tell of each. */
  const close = (runId: string | null) => {
    dropEmpty(undefined)
    for (const message of [...messages.values()].filter((one) => one.runId === runId)) {
      if (message.status === 'streaming') put({ ...message, status: 'interrupted' })
      if (message.status === 'queued') put({ ...message, status: 'final' })
    }
  }
  const last = () => Math.max(0, ...[...messages.values()].map(({ position }) => position))
  const asked = (approval: Approval) => {
    tellCall(approval.callId, { approval })
    changeCall(approval.callId, (message) => advanced(message, approval.callId, { status: 'waiting' }))
  }
  const settledOne = <T extends { readonly id: string }>(known: T | undefined, id: string, more: Partial<T>): T | undefined =>
    known?.id === id ? { ...known, ...more } : known

  const hear: { readonly [N in News['name']]?: (data: EventData<N>, at: string, runId: string | null) => void } = {
    'message.created': ({ message }) => add(message),
    'message.taken': ({ messageId, position }) => change(messageId, (message) => ({ ...message, position, status: 'final' })),
    'step.started'(data, at, runId) {
      dropEmpty(data.messageId)
      if (!messages.has(data.messageId)) add(begun(sessionId, runId, at, last() + 1, data))
      if (work?.trouble) setWork({ ...work, trouble: null })
    },
    'message.final': (data) => change(data.messageId, (message) => finished(message, data)),
    'tool.call': ({ call }) => change(call.messageId, (message) => withCall(message, call)),
    'tool.started'({ callId }, at) {
      changeCall(callId, (message) => advanced(message, callId, { status: 'started', startedAt: at }))
    },
    'tool.result'({ callId, status, output, text }, at) {
      changeCall(callId, (message) => advanced(message, callId, { status, output, text, finishedAt: at }))
      if (news.has(callId)) tellCall(callId, { progress: '' })
    },
    'approval.asked': ({ approval }) => asked(approval),
    'approval.settled'({ approvalId, callId, status, settledBy, note }, at) {
      const approval = settledOne(news.get(callId)?.approval, approvalId, { status, settledBy, note, settledAt: at })
      if (approval) tellCall(callId, { approval })
      if (status === 'approved') changeCall(callId, (message) => advanced(message, callId, { status: 'approved' }))
    },
    'question.asked': ({ question }) => tellCall(question.callId, { question }),
    'question.settled'({ questionId, callId, status, answers }, at) {
      const question = settledOne(news.get(callId)?.question, questionId, { status, answers: answers as Question['answers'], settledAt: at })
      if (question) tellCall(callId, { question })
    },
    status({ status, stop, message }, _at, runId) {
      if (isOver(status)) close(runId)
      if (runId === null || (work !== null && work.runId !== runId && !isOver(work.status) && status === 'queued')) return
      setWork({ runId, status, stop, error: status === 'failed' ? message : null, trouble: null })
    },
    error({ message, retryInMs }, at) {
      if (work !== null && retryInMs !== null) setWork({ ...work, trouble: { message, retryAt: Date.parse(at) + retryInMs } })
    },
    'todo.updated'(data) {
      todos = data.todos
      tell('todos')
    },
    'conversation.compacted'(data, at) {
      mark({ kind: 'compacted', id: `compacted ${at}`, at, ...data })
      arrange()
    },
    'session.rewound'(data, at) {
      const from = messages.get(data.messageId)
      if (from) for (const { id } of [...marks.values()].filter((one) => one.at >= from.createdAt)) marks.delete(id)
      mark({ kind: 'rewound', id: `rewound ${at}`, at, ...data })
      if (from) drop([...messages.values()].filter(({ position }) => position >= from.position).map(({ id }) => id))
      setWork(null)
      arrange()
    },
  }
  const shows = (piece: Piece): void => {
    const message = messages.get(piece.messageId)
    if (message?.status !== 'streaming') return
    const now = spliced(message[piece.kind] ?? '', piece.offset, piece.text)
    if (now === undefined) onGap()
    else put({ ...message, [piece.kind]: now })
  }
  const flush = () => {
    isDue = false
    const due = pieces
    pieces = []
    for (const piece of due) shows(piece)
  }
  const flashed = (name: FlashName, data: unknown) => {
    if (name === 'tool.progress') {
      const { callId, text } = data as { callId: string; text: string }
      const before = news.get(callId)?.progress ?? ''
      return tellCall(callId, { progress: (before + text).slice(-mostProgress) })
    }
    pieces.push({ kind: name === 'token' ? 'text' : 'reasoning', ...(data as Omit<Piece, 'kind'>) })
    if (!isDue) soon(flush)
    isDue = true
  }
  const afterwards = () => {
    const found = todosIn(ordered())
    if (found && todos.length === 0) {
      todos = found
      tell('todos')
    }
  }
  return {
    sessionId,
    rows: () => rows,
    work: () => work,
    todos: () => todos,
    message: (id: string) => messages.get(id),
    mark: (id: string) => marks.get(id),
    newsOf: (callId: string) => news.get(callId) ?? noNews,
    /** Calls `watcher` when this has changed; answers how to stop. */
    watch(what: Watched, watcher: () => void): () => void {
      const all = watchers.get(what) ?? new Set()
      watchers.set(what, all.add(watcher))
      return () => {
        all.delete(watcher)
        if (all.size === 0) watchers.delete(what)
      }
    },
    /** Takes news in, of whichever session. */
    hear(item: StreamItem): void {
      if ('flash' in item && item.flash.sessionId === sessionId) flashed(item.flash.name as FlashName, item.flash.data)
      if (!('event' in item) || item.event.sessionId !== sessionId) return
      flush()
      const heard = hear[item.event.name as News['name']] as ((data: unknown, at: string, runId: string | null) => void) | undefined
      heard?.(item.event.data, item.event.at, item.event.runId ?? null)
    },
    /** Takes all marks as they were read, newest first; the page that is taken next puts them in their places. */
    marked(all: readonly SessionMark[]): void {
      marks.clear()
      for (const { seq, ...one } of all.toReversed()) mark({ ...one, id: `mark ${seq}` })
    },
    /** Takes the newest page in the place of what was known of its stretch; what does not reach it is let go. */
    newest(page: readonly Message[], hasOlder: boolean): void {
      const ids = new Set(page.map(({ id }) => id))
      const first = page.find(({ status }) => status !== 'queued')?.position ?? 0
      const touches = !rows.hasNewer && (!hasOlder || page.some(({ id }) => messages.has(id)))
      drop(
        [...messages.values()]
          .filter(({ id, position, status }) => !ids.has(id) && (!touches || status === 'queued' || position >= first))
          .map(({ id }) => id),
      )
      const reachesBack = touches && [...messages.values()].some(({ position }) => position < first)
      for (const message of page) {
        messages.set(message.id, message)
        for (const { id } of message.toolCalls) calls.set(id, message.id)
      }
      arrange({ hasOlder: reachesBack ? rows.hasOlder : hasOlder, hasNewer: false, missed: 0 })
      for (const { id } of page) tell(id)
      afterwards()
    },
    /** Takes a page beside what is known; what is known already stays as it is. */
    beside(page: readonly Message[], side: 'older' | 'newer', hasMore: boolean): void {
      for (const message of page) {
        if (messages.has(message.id)) continue
        messages.set(message.id, message)
        for (const { id } of message.toolCalls) calls.set(id, message.id)
      }
      const surplus = messages.size - mostMessages
      if (surplus > 0) {
        const all = ordered()
        drop((side === 'older' ? all.slice(-surplus) : all.slice(0, surplus)).map(({ id }) => id))
      }
      const cut = surplus > 0
      arrange(
        side === 'older'
          ? { hasOlder: hasMore, hasNewer: rows.hasNewer || cut }
          : { hasNewer: hasMore, hasOlder: rows.hasOlder || cut, ...(hasMore ? {} : { missed: 0 }) },
      )
      afterwards()
    },
    /** Takes a stretch somewhere in the conversation in place of all that is known. */
    stretch(page: readonly Message[], hasOlder: boolean, hasNewer: boolean): void {
      drop([...messages.keys()])
      for (const message of page) put(message)
      arrange({ hasOlder, hasNewer, missed: 0 })
    },
    /** Lets go of what is far above while the newest are read. */
    trim(): void {
      if (rows.hasNewer || messages.size <= mostMessages) return
      const surplus = ordered().slice(0, messages.size - mostMessages / 2)
      drop(surplus.map(({ id }) => id))
      arrange({ hasOlder: true })
    },
    /** What waits for a person and how the work stands, as it was read. */
    stands(run: Run | undefined, approvals: readonly Approval[], questions: readonly Question[]): void {
      const waiting = new Set([...approvals, ...questions].map(({ callId }) => callId))
      for (const [callId, { approval, question }] of news)
        if (!waiting.has(callId) && (approval?.status === 'waiting' || question?.status === 'waiting')) {
          news.delete(callId)
          tell(callId)
        }
      for (const approval of approvals) asked(approval)
      for (const question of questions) tellCall(question.callId, { question })
      setWork(run ? workOf(run) : null)
    },
  }
}
export type Conversation = ReturnType<typeof createConversation>
