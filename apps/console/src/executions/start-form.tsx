import { useState } from 'react'
import { Button } from '../parts/button.tsx'
import { Field, Input } from '../parts/field.tsx'
import { Failed } from '../parts/notes.tsx'
import { useWrite } from '../platform/operations.ts'
import { executions as words } from '../text/executions.ts'
import { problemsOf } from './faults.ts'
import { Decision, ForeseenDetail, summaryOf, type Foreseen } from './foreseen.tsx'
import { InputsForm, type Inputs } from './inputs-form.tsx'
import { RunForm } from './run-form.tsx'
import { StepRows } from './step-rows.tsx'
import { useOpen } from './use-open.ts'

export interface StartFormProps {
  readonly target: { readonly toolId: string } | { readonly workflowId: string }
  /** JSON Schema of what it is given; null: anything. */
  readonly schema: unknown
  readonly initial?: Inputs
  /** Called with the execution that has been started. */
  readonly onStarted: (executionId: string) => void
}
/** Starts a tool or a workflow: its inputs as a form, a look at what would happen, and the run itself. Ctrl or ⌘ and Enter runs. */
export function StartForm({ target, schema, initial = {}, onStarted }: StartFormProps) {
  const [inputs, setInputs] = useState<Inputs>(initial)
  const [folder, setFolder] = useState('')
  const start = useWrite('executions.start')
  const look = useWrite('executions.start')
  const sent = { ...target, inputs, ...(folder.trim() === '' ? {} : { workspace: { path: folder.trim() } }) }
  const run = () => start.mutate({ ...sent, waitMs: 0 }, { onSuccess: ({ id }) => id !== null && onStarted(id) })
  const error = start.error ?? look.error
  const errors = Object.fromEntries(problemsOf(error).map(({ path, message }) => [path, message]))
  return (
    <RunForm onRun={run} className="gap-4">
      <InputsForm
        schema={schema}
        value={inputs}
        onChange={(next) => {
          setInputs(next)
          look.reset()
          start.reset()
        }}
        errors={errors}
      />
      <details>
        <summary className="min-h-6 text-muted">{words.start.where}</summary>
        <Field label={words.start.folder} hint={words.start.folderHint} className="mt-2 max-w-[46ch]">
          {(described) => <Input {...described} value={folder} maxLength={4096} onChange={(event) => setFolder(event.target.value)} />}
        </Field>
      </details>
      {error && <Failed error={error} />}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" kind="primary" busy={start.isPending}>
          {words.start.run}
        </Button>
        <Button busy={look.isPending} onClick={() => look.mutate({ ...sent, dryRun: true })}>
          {words.start.dryRun}
        </Button>
      </div>
      {look.data?.dryRun && <WouldHappen foreseen={look.data.dryRun} />}
    </RunForm>
  )
}
/** What a dry run has found, call by call. */
function WouldHappen({ foreseen }: { readonly foreseen: readonly Foreseen[] }) {
  const { open, toggle } = useOpen(foreseen.flatMap(({ stepId, preview }) => (preview === null ? [] : [stepId])))
  return (
    <section aria-label={words.start.foreseen} className="flex min-w-0 flex-col gap-2">
      <p role="status">
        {words.start.foreseenAbout} {summaryOf(foreseen)}
      </p>
      <StepRows
        label={words.start.foreseen}
        open={open}
        onToggle={toggle}
        lines={foreseen.map((one) => ({
          step: { id: one.stepId, toolId: one.toolId, inputs: one.inputs as Inputs | null },
          marks: <Decision decision={one.decision} />,
          detail: <ForeseenDetail foreseen={one} />,
        }))}
      />
    </section>
  )
}
