import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown } from 'lucide-react'
import { useCallback, useEffect, useLayoutEffect, useRef } from 'react'
import { Button } from '../../parts/button.tsx'
import { sayFault } from '../../parts/toast.tsx'
import { conversation as words } from '../../text/conversation.ts'
import { Blank } from './blank.tsx'
import { MarkRow } from './marks.tsx'
import { MessageRow } from './message-row.tsx'
import { keepPlace, type Place } from './place.ts'
import type { Conversation } from './store.ts'
import { Tail } from './tail.tsx'
import { useTalk, useWatched } from './use-conversation.ts'
import { useMessageKeys } from './use-message-keys.ts'
import { useStick } from './use-stick.ts'

/** When fewer rows than this are left on a side, the next page of it is read. */
const readAhead = 12
export interface StreamProps {
  /** The message that the address points at. */
  readonly target: string | undefined
  /** Where it was being read before; without it, it is opened at its live end. */
  readonly place: Place | null
}
/** The messages of a session, of which only those in view are on the page. What is being read does not move; at the live end, the end stays in view. */
export function Stream({ target, place }: StreamProps) {
  const { store, sync } = useTalk()
  const rows = useWatched('rows', (now) => now.rows())
  const isIdle = useWatched('work', (now) => now.work() === null)
  const frame = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const { isLive, stick, release } = useStick(frame, content, target === undefined && place === null && !rows.hasNewer)
  const getItemKey = useCallback((index: number) => rows.keys[index] ?? index, [rows.keys])
  const virtual = useVirtualizer({
    count: rows.keys.length,
    getScrollElement: () => frame.current,
    estimateSize: (index) => estimate(store, rows.keys[index]),
    getItemKey,
    overscan: 6,
    anchorTo: 'end',
    scrollEndThreshold: 4,
    useAnimationFrameWithResizeObserver: false,
  })
  const items = virtual.getVirtualItems()
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0]

  useEffect(() => {
    if (rows.hasOlder && first < readAhead) void sync.more('older').catch(sayFault)
    if (rows.hasNewer && last > rows.keys.length - readAhead) void sync.more('newer').catch(sayFault)
  }, [sync, rows, first, last])
  useEffect(() => {
    if (isLive) store.trim()
  }, [isLive, store, rows])

  // The address, and where it was left, are gone to once; what one does after that stays.
  const goTo = useRef((key: string, align: 'center' | 'start', offset: number) => {
    const index = store.rows().keys.indexOf(key)
    if (index === -1) return
    release()
    virtual.scrollToIndex(index, { align })
    if (offset !== 0) requestAnimationFrame(() => virtual.scrollBy(offset))
  })
  useLayoutEffect(() => {
    if (target !== undefined) void sync.goTo(target).then(() => requestAnimationFrame(() => goTo.current(target, 'center', 0)), sayFault)
    else if (place !== null) goTo.current(place.key, 'start', place.offset)
  }, [sync, target, place])

  const seen = useRef<string | undefined>(undefined)
  useEffect(() => {
    if (isLive) seen.current = rows.keys.at(-1)
  }, [isLive, rows])
  const fresh = isLive ? 0 : rows.missed + countAfter(rows.keys, seen.current)
  useEffect(() => {
    const { current } = frame
    if (!current) return
    // The position as it was last told: to ask the element for it would have the page laid out.
    const remember = () => {
      const at = virtual.scrollOffset ?? 0
      const top = virtual.getVirtualItems().find(({ end }) => end > at)
      keepPlace(store.sessionId, isLive || top === undefined ? null : { key: String(top.key), offset: Math.round(at - top.start) })
    }
    current.addEventListener('scrollend', remember)
    remember()
    return () => current.removeEventListener('scrollend', remember)
  }, [store, virtual, isLive])
  useMessageKeys(rows.keys, virtual, frame, release)

  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div
        ref={frame}
        role="region"
        aria-label={words.stream}
        tabIndex={0}
        className="min-h-0 flex-1 overflow-x-hidden overflow-y-auto [overflow-anchor:none]"
      >
        <div ref={content} className="mx-auto max-w-[860px] px-1 sm:px-4">
          <p className="px-3 pt-4 text-xs text-muted">{rows.hasOlder ? words.older : rows.keys.length > 0 ? words.beginning : null}</p>
          {rows.keys.length === 0 && isIdle && <Blank sessionId={store.sessionId} />}
          <div className="relative" style={{ height: virtual.getTotalSize() }}>
            <div className="absolute inset-x-0 top-0" style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}>
              {items.map(({ index, key }) => (
                <div key={key} ref={virtual.measureElement} data-index={index} className="flow-root">
                  <Row store={store} id={String(key)} before={rows.keys[index - 1]} target={target} />
                </div>
              ))}
            </div>
          </div>
          {rows.hasNewer ? <p className="px-3 py-4 text-xs text-muted">{words.newer}</p> : <Tail />}
        </div>
      </div>
      {!isLive && (
        <Button
          kind="primary"
          className="absolute bottom-3 left-1/2 -translate-x-1/2 shadow-lifted"
          onClick={() => void sync.toLive().then(stick, sayFault)}
        >
          <ArrowDown aria-hidden size={14} />
          {fresh > 0 ? words.toLiveNew(fresh) : words.toLive}
        </Button>
      )}
    </div>
  )
}
const countAfter = (keys: readonly string[], seen: string | undefined): number => {
  const at = seen === undefined ? -1 : keys.indexOf(seen)
  return at === -1 ? 0 : keys.length - 1 - at
}
function Row({
  store,
  id,
  before,
  target,
}: {
  readonly store: Conversation
  readonly id: string
  readonly before: string | undefined
  readonly target: string | undefined
}) {
  const message = store.message(id)
  if (message === undefined) return <MarkRow id={id} />
  const above = before === undefined ? undefined : store.message(before)
  const goesOn = above?.role === 'assistant' ? above.model === message.model : above?.synthetic === true
  const isContinued = message.role === 'assistant' && above?.runId === message.runId && goesOn
  return <MessageRow id={id} isContinued={isContinued} isMarked={id === target} />
}
/** About how high a row will be, from how much it says. */
function estimate(store: Conversation, key: string | undefined): number {
  const message = key === undefined ? undefined : store.message(key)
  if (message === undefined) return 48
  const lines = Math.ceil(message.text.length / 90) + (message.text.match(/\n/g)?.length ?? 0)
  return 24 + Math.min(lines, 400) * 22 + message.toolCalls.length * 36
}
