import { ArrowDown, ArrowUp, Trash } from 'lucide-react'
import { useState } from 'react'
import { InputsForm } from '../../../executions/inputs-form.tsx'
import { Labelled } from '../../../executions/step-detail.tsx'
import { Button, IconButton } from '../../../parts/button.tsx'
import { Field, Input } from '../../../parts/field.tsx'
import { Plain } from '../../../parts/plain.tsx'
import { executions as shared } from '../../../text/executions.ts'
import { workflows as words } from '../../../text/workflows.ts'
import { changeStep, moveStep, renameStep, type Draft, type DraftStep } from '../draft.ts'
import { offersFor } from '../offers.ts'
import { Completion } from './completion.tsx'
import { StepOrder } from './step-order.tsx'
import { ToolPicker } from './tool-picker.tsx'
import type { Known } from './use-known.ts'

export interface StepFormProps {
  readonly draft: Draft
  readonly step: DraftStep
  readonly known: Known
  readonly self: string | undefined
  /** What is wrong, by the path within the step. */
  readonly errors: Readonly<Record<string, string>>
  readonly onChange: (draft: Draft) => void
  readonly onRemove: () => void
}
const within = (errors: Readonly<Record<string, string>>, place: string) =>
  Object.fromEntries(
    Object.entries(errors).flatMap(([path, message]) =>
      path === place || path.startsWith(`${place}.`) || path.startsWith(`${place}[`) ? [[path.slice(place.length).replace(/^\./, ''), message]] : [],
    ),
  )

/** All that a step is: what it does, with which inputs, when, and what its failure means. */
export function StepForm({ draft, step, known, self, errors, onChange, onRemove }: StepFormProps) {
  const [isPicking, setPicking] = useState(false)
  const { key, id, toolId, workflowId } = step
  const at = draft.steps.findIndex((one) => one.key === key)
  const tool = toolId === undefined ? undefined : known.tool(toolId)
  const workflow = workflowId === undefined ? undefined : known.workflow(workflowId)
  const change = (changed: Partial<DraftStep>) => onChange(changeStep(draft, key, changed))
  const targetError = errors['toolId'] ?? errors['workflowId'] ?? errors['']
  return (
    <Completion offers={offersFor(draft, step, known.tool)}>
      <div className="flex min-w-0 flex-col gap-4">
        <div className="flex flex-wrap items-start gap-3">
          <Field label={words.edit.id} hint={words.edit.idHint} error={errors['id']} className="w-44">
            {(described) => (
              <Input {...described} maxLength={64} value={id} onChange={(event) => onChange(renameStep(draft, key, event.target.value))} />
            )}
          </Field>
          <Field
            label={words.edit.does}
            error={targetError}
            className="min-w-0 flex-1"
            hint={<Plain text={(tool?.description ?? workflow?.description ?? '').split('\n')[0] ?? ''} />}
          >
            {(described) => (
              <Button
                {...described}
                className="self-start"
                onClick={() => setPicking(true)}
                aria-label={`${words.edit.does}: ${toolId ?? workflow?.name ?? workflowId ?? ''}. ${words.edit.change}`}
              >
                {toolId ?? workflow?.name ?? workflowId ?? words.edit.choose}
              </Button>
            )}
          </Field>
          <div className="flex gap-1 self-start pt-5">
            <IconButton label={words.edit.up(id)} disabled={at === 0} onClick={() => onChange(moveStep(draft, key, -1))}>
              <ArrowUp aria-hidden size={16} />
            </IconButton>
            <IconButton label={words.edit.down(id)} disabled={at === draft.steps.length - 1} onClick={() => onChange(moveStep(draft, key, 1))}>
              <ArrowDown aria-hidden size={16} />
            </IconButton>
            <IconButton label={words.edit.remove(id)} kind="danger" onClick={onRemove}>
              <Trash aria-hidden size={16} />
            </IconButton>
          </div>
        </div>
        <Labelled label={shared.inputs}>
          <InputsForm
            key={toolId ?? workflowId}
            schema={tool?.inputsSchema ?? workflow?.inputs ?? null}
            value={step.inputs}
            onChange={(inputs) => change({ inputs })}
            errors={within(errors, 'inputs')}
            templates
          />
          <p className="text-xs text-muted">{words.edit.templates}</p>
        </Labelled>
        <details
          open={
            step.dependsOn !== undefined ||
            step.if !== undefined ||
            step.forEach !== undefined ||
            step.onError !== undefined ||
            Object.keys(errors).some((path) => !/^(id|toolId|workflowId|inputs)/.test(path) && path !== '')
          }
        >
          <summary className="min-h-6 font-bold">{words.edit.when}</summary>
          <div className="pt-2">
            <StepOrder step={step} steps={draft.steps} errors={errors} onChange={change} />
          </div>
        </details>
      </div>
      <ToolPicker
        open={isPicking}
        onClose={() => setPicking(false)}
        known={known}
        self={self}
        onPick={(target) => {
          setPicking(false)
          change({ toolId: undefined, workflowId: undefined, ...target })
        }}
      />
    </Completion>
  )
}
