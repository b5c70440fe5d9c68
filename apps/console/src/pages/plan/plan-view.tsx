import { X } from 'lucide-react'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { CaptureDialog } from '../../executions/capture-dialog.tsx'
import { ExecutionView } from '../../executions/execution-view.tsx'
import { Button, IconButton } from '../../parts/button.tsx'
import { Failed, Loading } from '../../parts/notes.tsx'
import { Plain } from '../../parts/plain.tsx'
import type { AnswerOf } from '../../platform/daemon.ts'
import { useRead } from '../../platform/operations.ts'
import { executions as shared } from '../../text/executions.ts'
import { plan as words } from '../../text/plan.ts'
import { nameFor } from './edits.ts'
import { PlanDraft } from './plan-draft.tsx'

type Plan = AnswerOf<'plans.get'>
export interface PlanViewProps {
  readonly planId: string
  readonly executionId: string | undefined
  readonly busy: boolean
  readonly onRun: (executionId: string) => void
  readonly onPlanAgain: (plan: Plan) => void
  /** From a run with changes to the plan as it is. */
  readonly onBack: () => void
  readonly onClose: () => void
}
/** A stored plan: before it is run its steps, to be looked through and changed; after that how it went. */
export function PlanView({ planId, executionId, busy, onRun, onPlanAgain, onBack, onClose }: PlanViewProps) {
  const { data: plan, error, refetch } = useRead('plans.get', { id: planId })
  const [isSaving, setSaving] = useState(false)
  const navigate = useNavigate()
  const left = useMinutesLeft(plan?.expiresAt)
  const heading = useRef<HTMLHeadingElement>(null)
  const isRead = plan !== undefined
  useEffect(() => {
    heading.current?.focus()
  }, [isRead])
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (plan === undefined) return <Loading rows={4} />
  const shown = executionId ?? plan.executionId ?? undefined
  return (
    <section aria-label={words.title} className="flex min-w-0 flex-col gap-4 border-t pt-4">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <div className="min-w-0 basis-full sm:flex-1 sm:basis-0">
          <h2 ref={heading} tabIndex={-1} className="text-md font-bold break-words">
            <Plain text={plan.text} />
          </h2>
          <p className="text-muted">
            {words.by(plan.planner)}, {words.confidence(plan.confidence)}
            {shown === undefined && left > 0 && `. ${words.validFor(left)}`}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          {shown !== undefined && shown !== plan.executionId && <Button onClick={onBack}>{words.back}</Button>}
          {shown !== undefined && (
            <Button busy={busy} onClick={() => onPlanAgain(plan)}>
              {words.again}
            </Button>
          )}
          <Button onClick={() => setSaving(true)}>{words.save}</Button>
          <IconButton label={words.close} onClick={onClose}>
            <X aria-hidden size={16} />
          </IconButton>
        </div>
      </header>
      {shown !== undefined ? (
        <ExecutionView id={shown} inPlan />
      ) : left <= 0 ? (
        <div role="alert" className="flex flex-wrap items-center gap-3 rounded-sm border border-warn bg-warn-soft px-3 py-2">
          <span className="min-w-0 flex-1">{words.expired}</span>
          <Button kind="primary" busy={busy} onClick={() => onPlanAgain(plan)}>
            {words.again}
          </Button>
        </div>
      ) : (
        <PlanDraft plan={plan} onRun={onRun} onPlanAgain={() => onPlanAgain(plan)} />
      )}
      <CaptureDialog
        open={isSaving}
        onClose={() => setSaving(false)}
        from={{ planId }}
        suggestedName={nameFor(plan.text) || shared.plan}
        onSaved={({ id }) => void navigate({ to: '/workflows/$workflowId', params: { workflowId: id }, search: { tab: 'edit' } })}
      />
    </section>
  )
}
/** Whole minutes until a time, at least 1 as long as it has not come; 0 from then on. */
function useMinutesLeft(at: string | undefined): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  if (at === undefined) return 0
  const ms = Date.parse(at) - now
  return ms <= 0 ? 0 : Math.max(1, Math.floor(ms / 60_000))
}
