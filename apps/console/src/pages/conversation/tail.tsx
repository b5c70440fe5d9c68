import { ChevronDown, ChevronRight, CircleCheck, CircleDot, Circle } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from '../../parts/button.tsx'
import { Plain } from '../../parts/plain.tsx'
import { Status } from '../../parts/status.tsx'
import { useWrite } from '../../platform/operations.ts'
import { sayFault } from '../../parts/toast.tsx'
import { conversation as words } from '../../text/conversation.ts'
import type { Todos, Work } from './state.ts'
import { useWatched } from './use-conversation.ts'
import { useKept } from './use-kept.ts'

/** What stands below the last message: what is to be done, and how the work stands. */
export function Tail() {
  const work = useWatched('work', (store) => store.work())
  const todos = useWatched('todos', (store) => store.todos())
  const isUnderWay = work !== null && (work.status === 'running' || work.status === 'waiting' || work.status === 'interrupted')
  return (
    <div className="flex flex-col gap-2 px-3 pt-2 pb-4">
      {todos.length > 0 && (isUnderWay || todos.some(({ status }) => status !== 'completed')) && <TodoList todos={todos} />}
      <div role="status" className="min-h-6">
        {work !== null && <WorkLine work={work} />}
      </div>
    </div>
  )
}
const shapes = { pending: Circle, in_progress: CircleDot, completed: CircleCheck } as const
const colours = { pending: 'text-muted', in_progress: 'text-accent', completed: 'text-good' } as const

function TodoList({ todos }: { readonly todos: Todos }) {
  const [isOpen, setOpen] = useKept('todos', true)
  const Chevron = isOpen ? ChevronDown : ChevronRight
  return (
    <section className="rounded-sm border bg-panel px-2 py-1">
      <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)} className="flex min-h-6 items-center gap-1 text-xs text-muted">
        <Chevron aria-hidden size={13} />
        {words.todos(todos.filter(({ status }) => status === 'completed').length, todos.length)}
      </button>
      {isOpen && (
        <ul className="flex flex-col gap-0.5 px-1 py-1">
          {todos.map(({ id, content, status }) => {
            const Shape = shapes[status]
            return (
              <li key={id} className={`flex items-start gap-2 ${status === 'completed' ? 'text-muted' : ''}`}>
                <Shape aria-hidden size={13} className={`mt-0.5 shrink-0 ${colours[status]}`} />
                <span className="sr-only">{words.todo[status]}:</span>
                <Plain text={content} className={status === 'in_progress' ? 'font-bold' : ''} />
              </li>
            )
          })}
        </ul>
      )}
    </section>
  )
}
/** Ended as it should: nothing is to be said. */
const isQuiet = ({ status, stop }: Work) => status === 'completed' && (stop === null || stop === 'answered' || stop === 'completed')

function WorkLine({ work }: { readonly work: Work }) {
  const { status, stop, error, trouble, runId } = work
  const resume = useWrite('runs.resume')
  if (isQuiet(work)) return null
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <Status state={status} dot />
      <span className={status === 'failed' ? 'text-bad' : 'text-muted'}>{sentenceOf(status, stop)}</span>
      {status === 'failed' && error !== null && <Plain text={error} />}
      {trouble !== null && (
        <span className="text-warn">
          <Plain text={trouble.message} /> <Retry at={trouble.retryAt} />
        </span>
      )}
      {status === 'interrupted' && (
        <>
          <span className="text-muted">{words.work.interruptedAbout}</span>
          <Button size="sm" busy={resume.isPending} onClick={() => resume.mutate({ id: runId }, { onError: sayFault })}>
            {words.work.resume}
          </Button>
        </>
      )}
    </div>
  )
}
function sentenceOf(status: Work['status'], stop: string | null): string {
  if (status === 'running') return words.work.working
  if (status === 'completed') return stop === null ? '' : (words.work.stopped[stop] ?? words.work.stoppedBy(stop))
  return words.work[status]
}
function Retry({ at }: { readonly at: number | null }) {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500)
    return () => clearInterval(timer)
  }, [])
  if (at === null) return null
  const seconds = Math.ceil((at - now) / 1_000)
  return seconds > 0 ? words.work.retryIn(seconds) : words.work.retryNow
}
