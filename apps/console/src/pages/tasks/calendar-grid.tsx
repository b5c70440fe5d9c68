import { Link } from '@tanstack/react-router'
import { useEffect, useRef, type KeyboardEvent } from 'react'
import { tasks as words } from '../../text/tasks.ts'
import { Plain } from '../../parts/plain.tsx'
import { EntryTime, timeThere } from './agenda.tsx'
import { dayKey, plusDays, plusMonths, type Day, type DayEntry, type View } from './calendar.ts'

export interface CalendarGridProps {
  readonly days: readonly Day[]
  readonly entries: ReadonlyMap<string, readonly DayEntry[]>
  readonly view: Exclude<View, 'agenda'>
  /** The day the keyboard is on. */
  readonly day: Day
  readonly onDay: (key: string) => void
  readonly onAgenda: (key: string) => void
}
const moves: Readonly<Record<string, (day: Day) => Day>> = {
  ArrowLeft: (day) => plusDays(day, -1),
  ArrowRight: (day) => plusDays(day, 1),
  ArrowUp: (day) => plusDays(day, -7),
  ArrowDown: (day) => plusDays(day, 7),
  Home: (day) => plusDays(day, -((day.start.getDay() + 6) % 7)),
  End: (day) => plusDays(day, 6 - ((day.start.getDay() + 6) % 7)),
  PageUp: (day) => plusMonths(day, -1),
  PageDown: (day) => plusMonths(day, 1),
}
/** Days in weeks from Monday on. Arrows move from day to day, Page Up and Down by a month, Enter opens the day as a list. */
export function CalendarGrid({ days, entries, view, day, onDay, onAgenda }: CalendarGridProps) {
  const grid = useRef<HTMLDivElement>(null)
  const byKey = useRef(false)
  useEffect(() => {
    if (!byKey.current) return
    byKey.current = false
    grid.current?.querySelector<HTMLElement>(`[data-day="${day.key}"]`)?.focus()
  }, [day.key])
  const onKeyDown = (event: KeyboardEvent) => {
    const move = moves[event.key]
    if (!move || event.altKey || event.ctrlKey || event.metaKey || !(event.target as HTMLElement).dataset['day']) return
    event.preventDefault()
    byKey.current = true
    onDay(move(day).key)
  }
  const weeks = Array.from({ length: days.length / 7 }, (_, index) => days.slice(index * 7, index * 7 + 7))
  const today = dayKey(new Date())
  const most = view === 'month' ? 3 : 12
  return (
    <div ref={grid} role="grid" tabIndex={-1} aria-label={words.calendar} onKeyDown={onKeyDown} className="rounded-sm border">
      <div role="row" className="grid grid-cols-7 border-b text-xs text-muted">
        {weeks[0]?.map(({ key, start }) => (
          <div key={key} role="columnheader" className="px-2 py-1">
            {start.toLocaleDateString('en-GB', { weekday: 'short' })}
          </div>
        ))}
      </div>
      {weeks.map((week) => (
        <div key={week[0]?.key} role="row" className="grid grid-cols-7 border-b last:border-b-0">
          {week.map(({ key, start }) => {
            const due = entries.get(key) ?? []
            const isOther = view === 'month' && start.getMonth() !== day.start.getMonth()
            return (
              <div
                key={key}
                role="gridcell"
                className={`flex min-w-0 flex-col gap-0.5 border-r p-1 last:border-r-0 ${view === 'month' ? 'min-h-24' : 'min-h-64'} ${isOther ? 'bg-panel' : ''}`}
              >
                <button
                  type="button"
                  data-day={key}
                  tabIndex={key === day.key ? 0 : -1}
                  aria-current={key === today ? 'date' : undefined}
                  aria-label={words.dayFires(start.toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long' }), due.length)}
                  onClick={() => onAgenda(key)}
                  className={`size-6 self-start rounded-sm text-center text-xs hover:bg-accent-soft ${key === today ? 'bg-accent font-bold text-on-accent hover:bg-accent' : isOther ? 'text-muted' : ''}`}
                >
                  {start.getDate()}
                </button>
                {due.slice(0, most).map((entry) => (
                  <Entry key={entry.taskId} entry={entry} isRoomy={view === 'week'} />
                ))}
                {due.length > most && (
                  <button
                    type="button"
                    tabIndex={-1}
                    onClick={() => onAgenda(key)}
                    className="min-h-6 rounded-sm px-1 text-left text-xs text-muted hover:text-ink"
                  >
                    {words.moreOnDay(due.length - most)}
                  </button>
                )}
              </div>
            )
          })}
        </div>
      ))}
    </div>
  )
}
function Entry({ entry, isRoomy }: { readonly entry: DayEntry; readonly isRoomy: boolean }) {
  const times = words.times(entry.count, entry.isMore)
  const there = timeThere(entry)
  return (
    <Link
      to="/tasks/$taskId"
      params={{ taskId: entry.taskId }}
      className="block min-h-6 min-w-0 rounded-sm bg-accent-soft px-1 py-0.5 text-xs hover:underline"
    >
      <span className="block truncate">
        <EntryTime entry={entry} /> <Plain text={entry.name} className="whitespace-pre!" />
      </span>
      {there !== undefined && <span className={isRoomy ? 'block truncate text-muted' : 'sr-only'}>{there}</span>}
      {times !== '' && <span className="block truncate text-muted">{times}</span>}
    </Link>
  )
}
