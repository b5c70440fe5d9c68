import { useState } from 'react'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Field, Input } from '../parts/field.tsx'
import { Failed } from '../parts/notes.tsx'
import { say } from '../parts/toast.tsx'
import type { AnswerOf } from '../platform/daemon.ts'
import { useWrite } from '../platform/operations.ts'
import { text } from '../text/index.ts'
import { executions as words } from '../text/executions.ts'

export interface CaptureDialogProps {
  readonly open: boolean
  readonly onClose: () => void
  /** What becomes a workflow: a plan, or executions in this order. */
  readonly from: { readonly planId: string } | { readonly executionIds: readonly string[] }
  readonly suggestedName: string
  readonly onSaved: (workflow: AnswerOf<'workflows.capture'>) => void
}
/** Asks for a name and saves what was planned or done as a workflow. */
export function CaptureDialog({ open, onClose, from, suggestedName, onSaved }: CaptureDialogProps) {
  const [name, setName] = useState<string>()
  const capture = useWrite('workflows.capture')
  const chosen = (name ?? suggestedName).trim()
  const save = () =>
    capture.mutate(
      { name: chosen, ...('planId' in from ? { planId: from.planId } : { executionIds: [...from.executionIds] }) },
      {
        onSuccess(workflow) {
          say(words.captured(workflow.name))
          onSaved(workflow)
        },
      },
    )
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={words.captureTitle}
      actions={
        <>
          <Button onClick={onClose}>{text.common.cancel}</Button>
          <Button kind="primary" busy={capture.isPending} disabled={chosen === ''} onClick={save}>
            {text.common.save}
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          if (chosen !== '') save()
        }}
      >
        <p className="text-muted">{words.captureAbout}</p>
        <Field label={words.captureName}>
          {(described) => <Input {...described} maxLength={200} value={name ?? suggestedName} onChange={(event) => setName(event.target.value)} />}
        </Field>
        {capture.error && <Failed error={capture.error} />}
      </form>
    </Dialog>
  )
}
