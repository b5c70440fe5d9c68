import { useEffect, useState } from 'react'
import { Loading } from '../../parts/notes.tsx'
import { useRead } from '../../platform/operations.ts'
import { tasks as words } from '../../text/tasks.ts'
import { errorsOf, type Errors } from './form-parts.ts'
import { timeIn, zoneHere, type Schedule, type StoredTask } from './schedule-words.ts'

const settleMs = 250
/** A value once it has stayed the same for a moment. */
function useSettled<T>(value: T): T {
  const said = JSON.stringify(value)
  const [settled, setSettled] = useState(said)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(said), settleMs)
    return () => clearTimeout(timer)
  }, [said])
  return JSON.parse(settled) as T
}
export interface Preview {
  readonly fires: readonly string[] | undefined
  readonly errors: Errors
  /** A refusal that names no place. */
  readonly error: string | undefined
}
/** When a schedule that is being written would fire, asked once the writing rests. */
export function usePreview(schedule: Schedule | null, quietHours: StoredTask['quietHours']): Preview {
  const settled = useSettled({ schedule, quietHours })
  const preview = useRead(
    'tasks.preview',
    {
      ...(settled.schedule === null ? {} : { schedule: settled.schedule }),
      ...(settled.quietHours === null ? {} : { quietHours: settled.quietHours }),
      count: 5,
    },
    { enabled: settled.schedule !== null },
  )
  const errors = errorsOf(preview.error)
  return {
    fires: schedule === null ? undefined : preview.data?.fires,
    errors: schedule === null ? {} : errors,
    error: schedule !== null && preview.error && Object.keys(errors).length === 0 ? preview.error.message : undefined,
  }
}
/** The next times, by the task's clock and by that of this device where it shows another. */
export function FireTimes({ fires, zone }: { readonly fires: readonly string[] | undefined; readonly zone: string | undefined }) {
  if (fires === undefined) return <Loading rows={5} />
  if (fires.length === 0) return <p className="text-muted">{words.previewNone}</p>
  const here = zoneHere()
  const seconds = fires.some((at) => new Date(at).getSeconds() !== 0)
  return (
    <ol aria-label={words.preview} className="flex flex-col gap-1">
      {fires.map((at) => {
        const there = timeIn(at, zone ?? here, seconds)
        const local = timeIn(at, here, seconds)
        return (
          <li key={at}>
            <time dateTime={at}>{there}</time>
            {there !== local && <span className="text-muted"> · {words.previewHere(local)}</span>}
          </li>
        )
      })}
    </ol>
  )
}
