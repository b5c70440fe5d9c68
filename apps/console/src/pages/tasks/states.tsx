import { Ban, CalendarX, Check, CircleDashed, CircleDot, CircleSlash, Clock, Pause, RotateCw, X, type LucideIcon } from 'lucide-react'
import type { ItemOf } from '../../platform/operations.ts'
import { tasks as words } from '../../text/tasks.ts'
import type { StoredTask } from './schedule-words.ts'

export type Fire = ItemOf<'tasks.runs'>
const ofTask = {
  active: [Clock, 'text-good'],
  paused: [Pause, 'text-warn'],
  ended: [Check, 'text-muted'],
} as const satisfies Record<StoredTask['status'], readonly [LucideIcon, string]>
const ofFire = {
  queued: [Clock, 'text-muted'],
  starting: [CircleDot, 'text-good'],
  running: [CircleDot, 'text-good'],
  interrupted: [CircleDashed, 'text-warn'],
  retrying: [RotateCw, 'text-warn'],
  completed: [Check, 'text-good'],
  failed: [X, 'text-bad'],
  cancelled: [CircleSlash, 'text-muted'],
  skipped: [Ban, 'text-muted'],
  missed: [CalendarX, 'text-warn'],
} as const satisfies Record<Fire['status'], readonly [LucideIcon, string]>

function Shown({ look: [Icon, colour], word }: { readonly look: readonly [LucideIcon, string]; readonly word: string }) {
  return (
    <span className={`inline-flex items-center gap-1 ${colour}`}>
      <Icon aria-hidden size={12} className="shrink-0" />
      {word}
    </span>
  )
}
/** Whether a task fires: a shape and a word. */
export const TaskState = ({ status }: { readonly status: StoredTask['status'] }) => <Shown look={ofTask[status]} word={words.states[status]} />
/** What has become of a fire: a shape and a word. */
export const FireState = ({ status }: { readonly status: Fire['status'] }) => <Shown look={ofFire[status]} word={words.fire[status]} />
