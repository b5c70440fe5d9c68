import { Pause, Play } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Button } from '../../parts/button.tsx'
import { copyText } from '../../parts/clipboard.ts'
import { Empty, Failed, Loading } from '../../parts/notes.tsx'
import { Page } from '../../parts/page.tsx'
import { Plain } from '../../parts/plain.tsx'
import { Table, type Column } from '../../parts/table.tsx'
import { say, sayFault } from '../../parts/toast.tsx'
import { useAddress } from '../../platform/use-address.ts'
import { text } from '../../text/index.ts'
import { logs as words } from '../../text/logs.ts'
import { filterOf, LogFilters } from './filters.tsx'
import { clockTime, Level, LineDialog } from './log-line.tsx'
import type { NamedLine } from './merge-lines.ts'
import { DaemonThreshold } from './threshold.tsx'
import { useLogTail } from './use-log-tail.ts'

const columns: readonly Column<NamedLine>[] = [
  { id: 'message', header: words.message, cell: ({ message }) => <Plain text={message.slice(0, 400)} className="whitespace-pre!" />, width: '1fr' },
  { id: 'level', header: words.level, cell: ({ level }) => <Level level={level} />, width: 80 },
  { id: 'component', header: words.component, cell: ({ component }) => <Plain text={component} />, width: 96 },
  { id: 'time', header: words.time, cell: ({ time }) => <time dateTime={time}>{clockTime(time)}</time>, width: 150, align: 'end' },
]
/** What the daemon writes down, newest first; new lines come by themselves. */
export function LogsPage() {
  const [address, set] = useAddress()
  const [openedAt] = useState(Date.now)
  const filter = filterOf(address, openedAt)
  const isPast = filter.until !== undefined
  const isPaused = address['paused'] === '1'
  const { lines, isPending, error, hasMore, isMore, more, retry } = useLogTail(filter, !isPaused && !isPast)
  const { top, shown, held, showNew } = useHeld(lines, JSON.stringify(filter))
  const [open, setOpen] = useState<NamedLine>()
  const copy = () => {
    const json = shown.map(({ key: _key, ...line }) => `${JSON.stringify(line)}\n`).join('')
    copyText(json).then(() => say(words.copied(shown.length)), sayFault)
  }
  const isFiltered = Object.keys(filter).length > 0
  return (
    <Page
      title={text.frame.logs}
      about={isPast ? words.past : isPaused ? words.paused : words.following}
      wide
      actions={
        <>
          <DaemonThreshold />
          <Button onClick={copy} disabled={shown.length === 0}>
            {words.copy}
          </Button>
          {!isPast && (
            <Button aria-pressed={isPaused} onClick={() => set({ paused: isPaused ? undefined : '1' })}>
              {isPaused ? <Play aria-hidden size={14} /> : <Pause aria-hidden size={14} />}
              {isPaused ? words.follow : words.pause}
            </Button>
          )}
        </>
      }
    >
      <div className="flex flex-wrap gap-2">
        <LogFilters address={address} set={set} />
      </div>
      <div ref={top} aria-hidden className="-mt-4 h-px" />
      {held > 0 && (
        <div className="sticky top-10 z-20 flex justify-center">
          <Button size="sm" kind="primary" onClick={showNew}>
            {words.fresh(held)}
          </Button>
        </div>
      )}
      {error && <Failed error={error} retry={retry} />}
      {isPending ? (
        <Loading rows={12} />
      ) : (
        !(error && lines.length === 0) && (
          <Table
            label={words.table}
            columns={columns}
            rows={shown}
            rowKey={({ key }) => key}
            onOpen={setOpen}
            hasMore={hasMore}
            isMore={isMore}
            more={more}
            empty={
              <Empty
                title={words.noneTitle}
                action={
                  isFiltered && (
                    <Button onClick={() => set(Object.fromEntries(Object.keys(address).map((name) => [name, undefined])))}>{words.clear}</Button>
                  )
                }
              >
                {words.none}
              </Empty>
            }
          />
        )
      )}
      <LineDialog line={open} onClose={() => setOpen(undefined)} />
    </Page>
  )
}
/** Keeps what is being read in its place: while one has scrolled away from the newest line, new ones wait until they are asked for. */
function useHeld(lines: readonly NamedLine[], filter: string) {
  const top = useRef<HTMLDivElement>(null)
  const [isAtTop, setIsAtTop] = useState(true)
  const [mark, setMark] = useState<string>()
  useEffect(() => {
    if (!top.current) return
    const watch = new IntersectionObserver(([entry]) => setIsAtTop(entry?.isIntersecting ?? true))
    watch.observe(top.current)
    return () => watch.disconnect()
  }, [])
  const newest = lines[0]?.key
  useEffect(() => {
    if (isAtTop) setMark(newest)
  }, [isAtTop, newest, filter])
  const held = isAtTop
    ? 0
    : Math.max(
        0,
        lines.findIndex(({ key }) => key === mark),
      )
  const showNew = () => {
    setMark(newest)
    top.current?.scrollIntoView({ block: 'center' })
  }
  return { top, shown: held === 0 ? lines : lines.slice(held), held, showNew }
}
