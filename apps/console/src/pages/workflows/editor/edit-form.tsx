import { Plus } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { ChainGraph } from '../../../executions/chain-graph.tsx'
import { problemsIn, type problemsOf } from '../../../executions/faults.ts'
import { StepRows } from '../../../executions/step-rows.tsx'
import { useOpen } from '../../../executions/use-open.ts'
import { Button } from '../../../parts/button.tsx'
import { Field, Input, TextArea } from '../../../parts/field.tsx'
import { Section } from '../../../parts/page.tsx'
import { sayUndo } from '../../../parts/toast.tsx'
import { belowLarge, useMedia } from '../../../parts/use-media.ts'
import { workflows as words } from '../../../text/workflows.ts'
import { withoutStep, withStep, withStepAgain, type Draft } from '../draft.ts'
import { InputsEditor } from './inputs-editor.tsx'
import { PermissionsEditor } from './permissions-editor.tsx'
import { StepForm } from './step-form.tsx'
import { ToolPicker } from './tool-picker.tsx'
import { useKnown } from './use-known.ts'

export interface EditFormProps {
  readonly draft: Draft
  readonly self: string | undefined
  readonly problems: ReturnType<typeof problemsOf>
  readonly onChange: (draft: Draft) => void
}
/** The form of a workflow: its steps as a table with a graph beside it that follows the cursor. */
export function EditForm({ draft, self, problems, onChange }: EditFormProps) {
  const known = useKnown()
  const [isPicking, setPicking] = useState(false)
  const [selected, setSelected] = useState<string>()
  const isSmall = useMedia(belowLarge)
  const errorsOf = (index: number) => problemsIn(problems, `steps[${index}]`)
  const { open, toggle, show } = useOpen(draft.steps.flatMap(({ key }, index) => (Object.keys(errorsOf(index)).length > 0 ? [key] : [])))
  const errorAt = (place: string) => Object.values(problemsIn(problems, place))[0]
  const selectedId = draft.steps.find(({ key }) => key === selected)?.id
  const showStep = (id: string) => {
    const found = draft.steps.find((step) => step.id === id)
    if (!found) return
    setSelected(found.key)
    show(found.key)
  }
  const now = useRef(draft)
  useEffect(() => {
    now.current = draft
  })
  const remove = (key: string, id: string) => {
    const before = draft.steps
    onChange(withoutStep(draft, key))
    // What was changed meanwhile stays; those that waited for it wait for it again.
    sayUndo(words.edit.removed(id), () => onChange(withStepAgain(now.current, before, key)))
  }
  return (
    <div className="flex min-w-0 flex-col gap-6">
      <div className="grid gap-3 sm:grid-cols-[minmax(0,1fr)_minmax(0,2fr)]">
        <Field label={words.edit.name} error={errorAt('name')}>
          {(described) => (
            <Input
              {...described}
              maxLength={200}
              autoFocus={self === undefined}
              value={draft.name}
              onChange={(event) => onChange({ ...draft, name: event.target.value })}
            />
          )}
        </Field>
        <Field label={words.edit.description} error={errorAt('description')}>
          {(described) => (
            <TextArea
              {...described}
              rows={1}
              maxLength={10_000}
              className="field-sizing-content min-h-8! py-1!"
              value={draft.description}
              onChange={(event) => onChange({ ...draft, description: event.target.value })}
            />
          )}
        </Field>
      </div>
      <Section
        title={words.edit.steps}
        actions={
          <Button size="sm" onClick={() => setPicking(true)}>
            <Plus aria-hidden size={14} />
            {words.edit.addStep}
          </Button>
        }
      >
        {errorAt('steps') !== undefined && draft.steps.length === 0 && (
          <p role="alert" className="text-bad">
            {errorAt('steps')}
          </p>
        )}
        {draft.steps.length === 0 ? (
          <p className="text-muted">{words.edit.noSteps}</p>
        ) : (
          <div className={draft.steps.length > 1 ? 'grid min-w-0 items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]' : 'min-w-0'}>
            <StepRows
              label={words.edit.steps}
              open={open}
              onToggle={toggle}
              selected={selected}
              onSelect={setSelected}
              lines={draft.steps.map((step, index) => {
                const errors = errorsOf(index)
                return {
                  step,
                  key: step.key,
                  calls: Object.keys(errors).length > 0,
                  marks: Object.keys(errors).length > 0 && <span className="text-bad">{words.edit.elsewhere}</span>,
                  detail: (
                    <StepForm
                      draft={draft}
                      step={step}
                      known={known}
                      self={self}
                      errors={errors}
                      onChange={onChange}
                      onRemove={() => remove(step.key, step.id)}
                    />
                  ),
                }
              })}
            />
            {draft.steps.length > 1 && (
              <div className="min-w-0 max-lg:order-first lg:sticky lg:top-14">
                <ChainGraph steps={draft.steps} selected={isSmall ? undefined : selectedId} onSelect={showStep} />
              </div>
            )}
          </div>
        )}
      </Section>
      <PermissionsEditor
        declared={draft.permissions}
        steps={draft.steps}
        known={known}
        error={errorAt('permissions')}
        onChange={(permissions) => onChange({ ...draft, permissions })}
      />
      <InputsEditor schema={draft.inputs} error={errorAt('inputs')} onChange={(inputs) => onChange({ ...draft, inputs })} />
      <ToolPicker
        open={isPicking}
        onClose={() => setPicking(false)}
        known={known}
        self={self}
        onPick={(target) => {
          setPicking(false)
          const key = crypto.randomUUID()
          onChange(withStep(draft, target, key))
          setSelected(key)
          show(key)
        }}
      />
    </div>
  )
}
