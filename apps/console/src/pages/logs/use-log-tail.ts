import type { Fault } from '@steward/contract'
import { useCallback, useEffect, useRef, useState } from 'react'
import { call, type InputOf } from '../../platform/daemon.ts'
import { mergeLines, type NamedLine } from './merge-lines.ts'

export type LogFilter = Pick<InputOf<'logs.list'>, 'components' | 'level' | 'text' | 'since' | 'until'>
const pageSize = 200
/** Lines of several processes may come so much out of order. */
const slackMs = 5_000
/** Between two looks: soon after something came, seldom while it is quiet. */
const soonMs = 1_000
const seldomMs = 5_000
const seen = () =>
  document.visibilityState === 'visible'
    ? Promise.resolve()
    : new Promise<void>((resolve) => document.addEventListener('visibilitychange', () => resolve(), { once: true }))
const rest = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })

export interface LogTail {
  /** Newest first. */
  readonly lines: readonly NamedLine[]
  readonly isPending: boolean
  readonly error: Fault | undefined
  readonly hasMore: boolean
  readonly isMore: boolean
  /** Reads older lines. */
  more(): void
  retry(): void
}
interface State {
  readonly lines: readonly NamedLine[]
  readonly hasMore: boolean
  readonly isPending: boolean
  readonly error: Fault | undefined
}
const nothing: State = { lines: [], hasMore: false, isPending: true, error: undefined }

/** The newest lines of the log, and while `follows` those that are written from now on. It looks for them while the page is seen, and misses none. */
export function useLogTail(filter: LogFilter, follows: boolean): LogTail {
  const asked = JSON.stringify(filter)
  const [state, setState] = useState(nothing)
  const [isMore, setIsMore] = useState(false)
  const [again, setAgain] = useState(0)
  const latest = useRef(state)
  const put = useCallback((change: (before: State) => State) => {
    latest.current = change(latest.current)
    setState(latest.current)
  }, [])
  useEffect(() => {
    const away = new AbortController()
    put(() => nothing)
    const begin = async () => {
      try {
        const { items, nextCursor } = await call('logs.list', { ...(JSON.parse(asked) as LogFilter), limit: pageSize }, { signal: away.signal })
        if (!away.signal.aborted) put(() => ({ lines: mergeLines([], items), hasMore: nextCursor !== null, isPending: false, error: undefined }))
      } catch (error) {
        if (!away.signal.aborted) put(() => ({ ...nothing, isPending: false, error: error as Fault }))
      }
    }
    void begin()
    return () => away.abort()
  }, [asked, again, put])

  const ready = !state.isPending && state.error === undefined
  useEffect(() => {
    if (!ready || !follows) return
    const away = new AbortController()
    const { signal } = away
    const look = async () => {
      for (let pause = soonMs; !signal.aborted;) {
        await rest(pause, signal)
        await seen()
        if (signal.aborted) return
        const read = await readSince(JSON.parse(asked) as LogFilter, latest.current.lines[0]?.time, signal).catch(() => undefined)
        if (signal.aborted) return
        const before = latest.current.lines
        if (read !== undefined) put((now) => ({ ...now, lines: mergeLines(now.lines, read) }))
        pause = latest.current.lines === before ? Math.min(pause * 1.5, seldomMs) : soonMs
      }
    }
    void look()
    return () => away.abort()
  }, [asked, again, follows, ready, put])

  const more = () => {
    const oldest = latest.current.lines.at(-1)
    if (isMore || oldest === undefined) return
    setIsMore(true)
    const before = asked
    readOlder(JSON.parse(asked) as LogFilter, oldest.time, latest.current.lines)
      .then(
        (found) => before === asked && put((now) => ({ ...now, ...found, lines: mergeLines(now.lines, found.lines) })),
        (error: Fault) => put((now) => ({ ...now, error })),
      )
      .finally(() => setIsMore(false))
  }
  return { ...state, isMore, more, retry: () => setAgain(again + 1) }
}
/** All lines from a little before `newest` on, however many pages they are. */
async function readSince(filter: LogFilter, newest: string | undefined, signal: AbortSignal) {
  const since = newest === undefined ? filter.since : new Date(Date.parse(newest) - slackMs).toISOString()
  const from = since !== undefined && filter.since !== undefined && since < filter.since ? filter.since : since
  const lines = []
  for (let cursor: string | undefined; ;) {
    const page = await call(
      'logs.list',
      { ...filter, limit: pageSize, ...(from === undefined ? {} : { since: from }), ...(cursor === undefined ? {} : { cursor }) },
      { signal },
    )
    lines.push(...page.items)
    if (page.nextCursor === null || newest === undefined) return lines
    cursor = page.nextCursor
  }
}
/** The lines before, at least one that is not known where there is any. A page of a long log may hold none. */
async function readOlder(filter: LogFilter, until: string, known: readonly NamedLine[]) {
  let lines = mergeLines([], [])
  for (let cursor: string | undefined; ;) {
    const page = await call('logs.list', { ...filter, until, limit: pageSize, ...(cursor === undefined ? {} : { cursor }) })
    lines = mergeLines(lines, page.items)
    if (page.nextCursor === null) return { lines, hasMore: false }
    if (mergeLines(known, lines).length > known.length) return { lines, hasMore: true }
    cursor = page.nextCursor
  }
}
