import { Link } from '@tanstack/react-router'
import { Empty, Loading } from '../../parts/notes.tsx'
import { Plain } from '../../parts/plain.tsx'
import { tasks as words } from '../../text/tasks.ts'
import type { Day, DayEntry } from './calendar.ts'
import { clockIn, zoneHere } from './schedule-words.ts'

/** The time by the task's own clock, where that shows another than the clock here. */
export function timeThere({ first, zone }: DayEntry): string | undefined {
  if (zone === null) return undefined
  const there = clockIn(first, zone)
  return there === clockIn(first, zoneHere()) ? undefined : words.there(there, zone.split('/').at(-1)?.replaceAll('_', ' ') ?? zone)
}
/** A time of day by the clock here. */
export const EntryTime = ({ entry: { first } }: { readonly entry: DayEntry }) => <time dateTime={first}>{clockIn(first, zoneHere())}</time>
export interface AgendaProps {
  readonly days: readonly Day[]
  readonly entries: ReadonlyMap<string, readonly DayEntry[]>
  /** More may come. */
  readonly isPending: boolean
}
/** Days with what fires on them, as a list. */
export function Agenda({ days, entries, isPending }: AgendaProps) {
  const filled = days.filter(({ key }) => entries.has(key))
  if (filled.length === 0 && isPending) return <Loading rows={10} />
  if (filled.length === 0) return <Empty title={words.nothingDue}>{words.nothingDueAbout}</Empty>
  return (
    <ol aria-label={words.calendar} className="flex flex-col gap-4">
      {filled.map(({ key, start }) => (
        <li key={key}>
          <h3 className="border-b pb-1 font-bold">{start.toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long' })}</h3>
          <ul>
            {entries.get(key)?.map((entry) => (
              <li key={entry.taskId} className="flex min-h-8 items-baseline gap-x-3 border-b py-1">
                <span className="w-12 shrink-0">
                  <EntryTime entry={entry} />
                </span>
                <span className="min-w-0 flex-1">
                  <Link to="/tasks/$taskId" params={{ taskId: entry.taskId }} className="block truncate hover:underline">
                    <Plain text={entry.name} className="whitespace-pre!" />
                  </Link>
                  {timeThere(entry) !== undefined && <span className="block text-xs text-muted">{timeThere(entry)}</span>}
                </span>
                <span className="shrink-0 text-muted">{words.times(entry.count, entry.isMore)}</span>
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ol>
  )
}
