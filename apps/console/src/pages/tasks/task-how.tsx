import { Fragment, type ReactNode } from 'react'
import { duration, money } from '../../parts/format.ts'
import { Json } from '../../parts/json.tsx'
import { Plain } from '../../parts/plain.tsx'
import { tasks as words } from '../../text/tasks.ts'
import type { StoredTask } from './schedule-words.ts'

/** How a task goes about it: what is as most have it is left out, but for the owner. */
export function TaskHow({ task }: { readonly task: StoredTask }) {
  const { missed, overlap, retry, timeoutMs, budgetUsd, quietHours, jitterMs, triggers, owner } = task
  const events = triggers.filter(({ kind }) => kind === 'event')
  const facts: readonly (readonly [string, ReactNode])[] = [
    [words.owner, <Plain key="owner" text={owner} />],
    [words.how.missed, words.missedChoice[missed]],
    [words.how.overlap, typeof overlap === 'string' ? words.overlapChoice[overlap] : `${words.overlapChoice.parallel} (${overlap.parallel})`],
    ...(retry.max > 0 ? [[words.retryMax, `${retry.max}, ${duration(retry.backoffMs)}`] as const] : []),
    ...(timeoutMs === null ? [] : [[words.how.timeout, duration(timeoutMs)] as const]),
    ...(budgetUsd === null ? [] : [[words.how.budget, money(budgetUsd)] as const]),
    ...(quietHours === null ? [] : [[words.quiet, words.inZone(`${quietHours.from} – ${quietHours.to}`, quietHours.zone)] as const]),
    ...(jitterMs === 0 ? [] : [[words.how.jitter, duration(jitterMs)] as const]),
  ]
  return (
    <div className="flex flex-col gap-3">
      <dl className="grid grid-cols-[minmax(0,10rem)_minmax(0,1fr)] gap-x-4 gap-y-1">
        {facts.map(([name, value]) => (
          <Fragment key={name}>
            <dt className="text-muted">{name}</dt>
            <dd className="min-w-0 wrap-anywhere">{value}</dd>
          </Fragment>
        ))}
      </dl>
      {events.length > 0 && <Json value={events} />}
    </div>
  )
}
