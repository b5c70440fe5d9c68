import type { Run, Session } from '@steward/contract/daemon'
import { useEffect, useState } from 'react'
import { Duration, Time } from '../../../parts/facts.tsx'
import { Plain } from '../../../parts/plain.tsx'
import { Status } from '../../../parts/status.tsx'
import { inspector as text } from '../../../text/inspector.ts'
import { Group } from './group.tsx'

/** Milliseconds that a run has taken, counted on while it is under way; null before it has begun. */
function useElapsed({ startedAt, finishedAt }: Run): number | null {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (startedAt === null || finishedAt !== null) return
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [startedAt, finishedAt])
  if (startedAt === null) return null
  return Math.max(0, (finishedAt === null ? now : Date.parse(finishedAt)) - Date.parse(startedAt))
}
function Facts({ run, model }: { readonly run: Run; readonly model: string }) {
  const elapsed = useElapsed(run)
  return (
    <>
      <p className="flex flex-wrap items-center gap-x-2">
        <Status state={run.status} />
        {elapsed === null ? <Time at={run.createdAt} /> : <Duration ms={elapsed} />}
      </p>
      <p className="text-muted">
        {[text.steps(run.steps), text.toolCalls(run.toolCalls), ...(run.resumes > 0 ? [text.resumes(run.resumes)] : [])].join(' · ')}
      </p>
      <p className="break-all">{run.finishedAt === null ? run.model : model}</p>
      {run.error !== null && (
        <p className="text-bad">
          <Plain text={run.error} />
        </p>
      )}
    </>
  )
}
/** What runs, or ran last: its state, how long, and how far. */
export function RunFacts({ run, session }: { readonly run: Run | undefined; readonly session: Session }) {
  return <Group title={text.run}>{run === undefined ? <p className="text-muted">{text.noRun}</p> : <Facts run={run} model={session.model} />}</Group>
}
