import { useQueries } from '@tanstack/react-query'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { Button, IconButton } from '../../parts/button.tsx'
import { Field, Select } from '../../parts/field.tsx'
import { Failed, Loading } from '../../parts/notes.tsx'
import { useMedia, narrow } from '../../parts/use-media.ts'
import { call } from '../../platform/daemon.ts'
import { keyOf, useRead } from '../../platform/operations.ts'
import { useAddress } from '../../platform/use-address.ts'
import { tasks as words } from '../../text/tasks.ts'
import { Agenda } from './agenda.tsx'
import { byDay, dayOfKey, daysOf, moved, plusDays, type Fires, type View } from './calendar.ts'
import { CalendarGrid } from './calendar-grid.tsx'
import type { StoredTask } from './schedule-words.ts'

/** So many tasks are asked when they fire, and for so many fires each. */
const mostTasks = 60
const mostFires = 100
const views = ['month', 'week', 'agenda'] as const
const zoneOf = ({ schedule }: StoredTask) => (schedule?.kind === 'cron' ? schedule.zone : null)

/** When tasks fire by the clock: a month, a week or a list of two weeks; on a phone always the list. */
export function CalendarTab() {
  const [address, set] = useAddress()
  const isPhone = useMedia(narrow)
  const chosen: View = views.find((view) => view === address['view']) ?? 'month'
  const view: View = isPhone ? 'agenda' : chosen
  const day = dayOfKey(address['day'])
  const days = daysOf(view, day)
  const tasks = useRead('tasks.list', { kind: 'stored', status: 'active', limit: 200 })
  const scheduled = (tasks.data?.items ?? []).filter((task): task is StoredTask => task.kind === 'stored' && task.nextAt !== null)
  const { fires, isPending, error } = useFires(scheduled.slice(0, mostTasks), days[0]?.start ?? new Date(), plusDays(days.at(-1) ?? day, 1).start)
  const entries = byDay(fires)
  const title = (days[view === 'month' ? 10 : 0] ?? day).start.toLocaleDateString('en-GB', { month: 'long', year: 'numeric' })
  const isCut = fires.some((one) => one.isCut)
  if (tasks.error) return <Failed error={tasks.error} retry={() => void tasks.refetch()} />
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <IconButton label={words.earlier} onClick={() => set({ day: moved(view, day, -1).key })}>
          <ChevronLeft size={16} />
        </IconButton>
        <IconButton label={words.later} onClick={() => set({ day: moved(view, day, 1).key })}>
          <ChevronRight size={16} />
        </IconButton>
        <h2 aria-live="polite" className="min-w-36 text-md font-bold">
          {title}
        </h2>
        <Button onClick={() => set({ day: undefined })}>{words.today}</Button>
        <span className="flex-1" />
        {!isPhone && (
          <Field label={words.view} hiddenLabel>
            {(described) => (
              <Select
                {...described}
                value={chosen}
                onChange={(value) => set({ view: value })}
                options={views.map((value) => ({ value, label: words.views[value] }))}
              />
            )}
          </Field>
        )}
      </div>
      {error !== undefined && <Failed error={error} />}
      {tasks.isPending ? (
        <Loading rows={10} />
      ) : view === 'agenda' ? (
        <Agenda days={days} entries={entries} isPending={isPending} />
      ) : (
        <CalendarGrid
          days={days}
          entries={entries}
          view={view}
          day={day}
          onDay={(key) => set({ day: key })}
          onAgenda={(key) => set({ day: key, view: 'agenda' })}
        />
      )}
      <p className="text-xs text-muted">
        {words.past}
        {isCut && ` ${words.bounded}`}
        {scheduled.length > mostTasks && ` ${words.boundedTasks(mostTasks)}`}
      </p>
    </div>
  )
}
/** When each task fires between two moments, of those to come. */
function useFires(tasks: readonly StoredTask[], from: Date, to: Date) {
  const after = new Date(Math.max(from.getTime() - 1, Math.floor(Date.now() / 60_000) * 60_000)).toISOString()
  const until = to.toISOString()
  return useQueries({
    queries: tasks.map(({ id }) => {
      const input = { id, after, count: mostFires }
      return { queryKey: keyOf('tasks.preview', input), queryFn: ({ signal }: { signal: AbortSignal }) => call('tasks.preview', input, { signal }) }
    }),
    combine: (answers) => ({
      isPending: answers.some((answer) => answer.isPending),
      error: answers.find((answer) => answer.error !== null)?.error ?? undefined,
      fires: answers.flatMap(({ data }, index): Fires[] => {
        const task = tasks[index]
        if (!task || !data) return []
        const within = data.fires.filter((at) => at < until)
        return [
          {
            taskId: task.id,
            name: task.name,
            zone: zoneOf(task),
            fires: within,
            isCut: data.fires.length === mostFires && within.length === mostFires,
          },
        ]
      }),
    }),
  })
}
