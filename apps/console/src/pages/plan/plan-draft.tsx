import { Fault } from '@steward/contract'
import { useState } from 'react'
import { ForeseenDetail, Decision, summaryOf } from '../../executions/foreseen.tsx'
import { problemsIn, problemsOf } from '../../executions/faults.ts'
import { InputsForm } from '../../executions/inputs-form.tsx'
import { RunForm } from '../../executions/run-form.tsx'
import { Labelled } from '../../executions/step-detail.tsx'
import { StepRows } from '../../executions/step-rows.tsx'
import { useOpen } from '../../executions/use-open.ts'
import { Button } from '../../parts/button.tsx'
import { Failed } from '../../parts/notes.tsx'
import type { AnswerOf } from '../../platform/daemon.ts'
import { useKept } from '../../platform/kept.ts'
import { useRead } from '../../platform/operations.ts'
import { executions as shared } from '../../text/executions.ts'
import { plan as words } from '../../text/plan.ts'
import { editedSteps, meaningOf, nameFor, realEdits, type Edits } from './edits.ts'
import { useForeseen } from './use-foreseen.ts'
import { useRunPlan } from './use-run-plan.ts'

type Plan = AnswerOf<'plans.get'>
/** A plan that has not run: its steps with what each would do and how it would be judged, their inputs to change, and the run. */
export function PlanDraft({
  plan,
  onRun,
  onPlanAgain,
}: {
  readonly plan: Plan
  readonly onRun: (executionId: string) => void
  readonly onPlanAgain: () => void
}) {
  const [edits = {}, setEdits] = useKept<Edits>(`plan.${plan.id}`)
  const [form, setForm] = useState(0)
  const tools = useRead('tools.list', {})
  const real = realEdits(plan.steps, edits)
  const meaning = meaningOf(plan.steps, real)
  const { foreseen, isPending, error } = useForeseen(plan, real)
  const { run, isRunning, error: runError } = useRunPlan(plan, meaning, onRun)
  const { open, toggle } = useOpen(plan.steps.length === 1 ? plan.steps.map(({ id }) => id) : [])
  const facts = new Map(tools.data?.apps.flatMap((app) => app.tools.map((tool) => [tool.id, tool] as const)))
  const problems = problemsOf(runError)
  const problemsOfStep = (index: number) => problemsIn(problems, meaning.kind === 'tool' ? '' : `steps[${index}].inputs`)
  const hasChanges = meaning.kind !== 'plan'
  const stale = error instanceof Fault && (error.code === 'conflict' || error.code === 'not_found')
  return (
    <RunForm onRun={run} className="gap-3">
      <StepRows
        label={words.steps}
        open={open}
        onToggle={toggle}
        lines={editedSteps(plan.steps, real).map((step, index) => {
          const judged = foreseen.get(step.id)
          const tool = facts.get(step.toolId)
          return {
            step,
            calls: judged?.decision === 'ask',
            marks: (
              <>
                {real[step.id] !== undefined && <span className="text-warn">{words.changed}</span>}
                {judged ? <Decision decision={judged.decision} /> : <span className="text-muted">{isPending ? words.judging : ''}</span>}
              </>
            ),
            detail: (
              <>
                {tool && <p className="text-muted">{tool.description.split('\n')[0]}</p>}
                {judged && <ForeseenDetail foreseen={judged} />}
                <Labelled label={shared.inputs}>
                  <InputsForm
                    key={form}
                    schema={tool?.inputsSchema ?? null}
                    value={step.inputs}
                    onChange={(inputs) => setEdits({ ...edits, [step.id]: inputs })}
                    errors={problemsOfStep(index)}
                    templates
                  />
                </Labelled>
              </>
            ),
          }
        })}
      />
      {stale ? (
        <div role="alert" className="flex flex-wrap items-center gap-3 rounded-sm border border-warn bg-warn-soft px-3 py-2">
          <span className="min-w-0 flex-1 break-words">{error.message}</span>
          <Button kind="primary" onClick={onPlanAgain}>
            {words.again}
          </Button>
        </div>
      ) : (
        <>
          {error && <Failed error={error} />}
          {runError && <Failed error={runError} />}
          {hasChanges && (
            <p role="note" className="max-w-[72ch]">
              {meaningWords(plan, meaning)}
            </p>
          )}
          <div className="flex flex-wrap items-center gap-3">
            <Button type="submit" kind="primary" busy={isRunning} disabled={meaning.kind === 'redacted'}>
              {meaning.kind === 'tool' || meaning.kind === 'workflow' ? words.runEdited[meaning.kind] : words.run}
            </Button>
            {hasChanges && (
              <Button
                onClick={() => {
                  setEdits(undefined)
                  setForm(form + 1)
                }}
              >
                {words.takeBack}
              </Button>
            )}
            <span role="status" className="text-muted">
              {isPending ? words.judging : foreseen.size > 0 && summaryOf([...foreseen.values()])}
            </span>
          </div>
        </>
      )}
    </RunForm>
  )
}
function meaningWords(plan: Plan, meaning: ReturnType<typeof meaningOf>): string {
  if (meaning.kind === 'tool') return words.meaning.tool
  if (meaning.kind === 'workflow') return words.meaning.workflow(nameFor(plan.text))
  return meaning.kind === 'redacted' ? words.meaning.redacted(meaning.steps.join(', ')) : ''
}
