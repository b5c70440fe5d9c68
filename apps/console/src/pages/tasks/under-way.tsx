import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { Button } from '../../parts/button.tsx'
import { Duration, Money } from '../../parts/facts.tsx'
import { Field, Input } from '../../parts/field.tsx'
import { Section } from '../../parts/page.tsx'
import { Plain } from '../../parts/plain.tsx'
import { say, sayFault } from '../../parts/toast.tsx'
import type { AnswerOf } from '../../platform/daemon.ts'
import { useRead, useWrite } from '../../platform/operations.ts'
import { tasks as words } from '../../text/tasks.ts'
import type { StoredTask } from './schedule-words.ts'
import { FireState } from './states.tsx'

type Progress = AnswerOf<'tasks.progress'>['fires'][number]
const lookMs = 2_000

/** What a task is doing at this moment. Nothing where it rests. */
export function UnderWay({ task: { id } }: { readonly task: StoredTask }) {
  const progress = useRead('tasks.progress', { id })
  const cancel = useWrite('tasks.cancel', ['tasks.progress', 'tasks.runs'])
  const fires = progress.data?.fires ?? []
  const isBusy = fires.length > 0
  const { refetch } = progress
  // Steps and costs go on between the events that are told.
  useEffect(() => {
    if (!isBusy) return
    const timer = setInterval(() => document.visibilityState === 'visible' && void refetch(), lookMs)
    return () => clearInterval(timer)
  }, [isBusy, refetch])
  if (!isBusy) return null
  const stop = (fireId?: string) =>
    cancel.mutate(
      { id, ...(fireId === undefined ? {} : { fireId }) },
      { onSuccess: ({ cancelled }) => say(words.cancelled(cancelled)), onError: sayFault },
    )
  return (
    <Section
      title={words.underWay}
      actions={
        fires.length > 1 && (
          <Button size="sm" onClick={() => stop()}>
            {words.cancelAll}
          </Button>
        )
      }
    >
      <ul className="flex flex-col">
        {fires.map((fire) => (
          <li key={fire.id} className="flex flex-col gap-2 border-b py-2">
            <Doing fire={fire} onCancel={() => stop(fire.id)} />
            {fire.sessionId !== null && fire.status === 'running' && <Steer id={id} fireId={fire.id} />}
          </li>
        ))}
      </ul>
    </Section>
  )
}
function Doing({ fire, onCancel }: { readonly fire: Progress; readonly onCancel: () => void }) {
  const { status, startedAt, attempt, steps, tools, costUsd, sessionId, executionId } = fire
  return (
    <div className="flex min-h-8 flex-wrap items-center gap-x-4 gap-y-1">
      <FireState status={status} />
      {startedAt !== null && <Duration ms={Math.max(0, Date.now() - Date.parse(startedAt))} />}
      {attempt > 1 && <span className="text-muted">{words.tries(attempt)}</span>}
      {steps > 0 && <span className="text-muted">{words.steps(steps)}</span>}
      {tools.length > 0 && <Plain text={words.working(tools.join(', '))} className="text-muted" />}
      {costUsd > 0 && <Money usd={costUsd} />}
      <FireLinks sessionId={sessionId} executionId={executionId} />
      <span className="flex-1" />
      <Button size="sm" onClick={onCancel}>
        {words.cancel}
      </Button>
    </div>
  )
}
/** To what a fire has started. */
export function FireLinks({ sessionId, executionId }: { readonly sessionId: string | null; readonly executionId: string | null }) {
  const look = 'text-accent underline'
  if (sessionId !== null)
    return (
      <Link to="/sessions/$sessionId" params={{ sessionId }} className={look}>
        {words.openSession}
      </Link>
    )
  if (executionId === null) return null
  return (
    <Link to="/history/$executionId" params={{ executionId }} className={look}>
      {words.openExecution}
    </Link>
  )
}
function Steer({ id, fireId }: { readonly id: string; readonly fireId: string }) {
  const [text, setText] = useState('')
  const steer = useWrite('tasks.steer')
  return (
    <form
      className="flex items-start gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        steer.mutate(
          { id, fireId, text },
          {
            onSuccess() {
              setText('')
              say(words.steered)
            },
            onError: sayFault,
          },
        )
      }}
    >
      <Field label={words.steerLabel} hiddenLabel className="flex-1">
        {(described) => <Input {...described} placeholder={words.steerHint} value={text} onChange={(event) => setText(event.target.value)} />}
      </Field>
      <Button type="submit" busy={steer.isPending} disabled={text.trim() === ''}>
        {words.steer}
      </Button>
    </form>
  )
}
