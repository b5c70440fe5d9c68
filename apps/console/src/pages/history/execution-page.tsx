import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { CaptureDialog } from '../../executions/capture-dialog.tsx'
import { ExecutionView } from '../../executions/execution-view.tsx'
import { isRedacted, objectOf } from '../../executions/json-text.ts'
import { isOver, type Execution } from '../../executions/use-execution.ts'
import { Button } from '../../parts/button.tsx'
import { Page } from '../../parts/page.tsx'
import { Plain } from '../../parts/plain.tsx'
import { sayFault } from '../../parts/toast.tsx'
import { useRead, useWrite } from '../../platform/operations.ts'
import { executions as words } from '../../text/executions.ts'

/** One execution of the history: how it went, and what can be made of it. */
export function ExecutionPage() {
  const { executionId = '' }: { executionId?: string } = useParams({ strict: false })
  const { data: execution } = useRead('executions.get', { id: executionId })
  const { planId = null, workflowId = null, toolId = null } = execution ?? {}
  const plan = useRead('plans.get', { id: planId ?? '' }, { enabled: planId !== null })
  const workflow = useRead('workflows.get', { id: workflowId ?? '' }, { enabled: workflowId !== null })
  const title = workflow.data?.name ?? plan.data?.text ?? toolId ?? words.title
  return (
    <Page
      title={<Plain text={title} />}
      about={executionId}
      wide
      actions={execution && <Actions key={executionId} execution={execution} name={title} request={plan.data} />}
    >
      <ExecutionView key={executionId} id={executionId} />
    </Page>
  )
}
interface ActionsProps {
  readonly execution: Execution
  readonly name: string
  readonly request: { readonly text: string; readonly workspace: string } | undefined
}
/** Run again with the same inputs, or plan again; save as a workflow. */
function Actions({ execution, name, request }: ActionsProps) {
  const { id, planId, toolId, workflowId, inputs, workspace, status } = execution
  const [isSaving, setSaving] = useState(false)
  const start = useWrite('executions.start')
  const navigate = useNavigate()
  const redacted = isRedacted(inputs)
  const again = () =>
    start.mutate(
      {
        ...(workflowId !== null ? { workflowId } : { toolId: toolId ?? '' }),
        inputs: objectOf(inputs) ?? {},
        workspace: { path: workspace },
        waitMs: 0,
      },
      {
        onSuccess: ({ id: next }) => next !== null && void navigate({ to: '/history/$executionId', params: { executionId: next } }),
        onError: sayFault,
      },
    )
  return (
    <>
      {planId !== null ? (
        request && (
          <Button
            title={words.runAgainPlan}
            onClick={() => void navigate({ to: '/plan', search: { text: request.text, folder: request.workspace } })}
          >
            {words.planAgain}
          </Button>
        )
      ) : (
        <>
          {redacted && <p className="max-w-[40ch] text-muted">{words.runAgainRedacted}</p>}
          <Button disabled={redacted || !isOver(execution)} busy={start.isPending} onClick={again}>
            {words.runAgain}
          </Button>
        </>
      )}
      {status === 'completed' && <Button onClick={() => setSaving(true)}>{words.capture}</Button>}
      <CaptureDialog
        open={isSaving}
        onClose={() => setSaving(false)}
        from={{ executionIds: [id] }}
        suggestedName={name.slice(0, 80)}
        onSaved={(saved) => void navigate({ to: '/workflows/$workflowId', params: { workflowId: saved.id }, search: { tab: 'edit' } })}
      />
    </>
  )
}
