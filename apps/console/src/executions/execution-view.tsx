import { useMemo, useState } from 'react'
import { Button } from '../parts/button.tsx'
import { Failed, Loading } from '../parts/notes.tsx'
import { Section } from '../parts/page.tsx'
import { useMedia, belowLarge } from '../parts/use-media.ts'
import { useRead } from '../platform/operations.ts'
import { executions as words } from '../text/executions.ts'
import { linksOf } from './chain.ts'
import { ChainGraph } from './chain-graph.tsx'
import { Errors } from './errors.tsx'
import { ExecutionFacts } from './execution-facts.tsx'
import { asOf, isFinal, momentsOf, progressOf, type Progress } from './progress.ts'
import { Replay } from './replay.tsx'
import { ResumeForm } from './resume-form.tsx'
import { StepDetail, Took } from './step-detail.tsx'
import { StepRows } from './step-rows.tsx'
import { StepState } from './step-state.tsx'
import { isOver, mostRows, useChain, useSteps } from './use-execution.ts'
import { useOpen } from './use-open.ts'
import { ValueView } from './value-view.tsx'
import { Waiting } from './waiting.tsx'

/** One execution as it goes or went: what it waits for, its steps with what they gave, its graph, which replays, and what came of it. `inPlan`: it is shown within its plan. */
export function ExecutionView({ id, inPlan = false }: { readonly id: string; readonly inPlan?: boolean }) {
  const execution = useRead('executions.get', { id })
  const { rows, isCut, isPending, error, refetch } = useSteps(id)
  const steps = useChain(execution.data, rows)
  const links = useMemo(() => linksOf(steps), [steps])
  const moments = useMemo(() => momentsOf(rows), [rows])
  const [moment, setMoment] = useState<number>()
  const [selected, setSelected] = useState<string>()
  const [isGraph, setGraph] = useState<boolean>()
  const isSmall = useMedia(belowLarge)
  const at = moment === undefined ? undefined : moments[moment]
  const over = execution.data !== undefined && isOver(execution.data)
  const progress = useMemo(() => progressOf(at === undefined ? rows : asOf(rows, at), over && at === undefined, links), [rows, at, over, links])
  const needs = [...progress].flatMap(([step, { status }]) => (status === 'failed' || status === 'denied' || status === 'unknown' ? [step] : []))
  const only = steps.length === 1 && over ? steps[0]?.id : undefined
  const { open, toggle, show } = useOpen(only === undefined ? needs : [...needs, only])
  if (execution.error) return <Failed error={execution.error} retry={() => void execution.refetch()} />
  if (execution.data === undefined) return <Loading rows={4} />
  const { status, errors, outputs } = execution.data
  const unknown = status === 'interrupted' ? rows.filter((row) => row.status === 'unknown') : []
  const stepErrors = new Set(rows.flatMap((row) => (row.error === null ? [] : [row.id])))
  // What a step says of itself stands with the step.
  const ownErrors = (errors ?? []).filter(
    ({ stepId, code }) =>
      code !== 'unknown_outcome' && (stepId === undefined ? rows.length !== 1 || !stepErrors.has('call') : !stepErrors.has(stepId)),
  )
  const withGraph = steps.length > 1 && (isGraph ?? !isSmall)
  const choose = (step: string) => {
    setSelected(step)
    show(step)
  }
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <ExecutionFacts execution={execution.data} inPlan={inPlan} />
      <Waiting executionId={id} />
      {unknown.map((row) => (
        <ResumeForm key={row.id} executionId={id} stepId={row.id} single={row.id === 'call'} />
      ))}
      <Errors errors={ownErrors} />
      <Section
        title={words.steps}
        actions={
          steps.length > 1 && (
            <Button size="sm" aria-expanded={withGraph} onClick={() => setGraph(!withGraph)}>
              {withGraph ? words.hideGraph : words.showGraph}
            </Button>
          )
        }
      >
        {error && <Failed error={error} retry={refetch} />}
        <div className={withGraph ? 'grid min-w-0 items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]' : 'min-w-0'}>
          {isPending ? (
            <Loading rows={steps.length + 1} />
          ) : rows.length === 0 ? (
            <p className="text-muted">{status === 'queued' ? words.queued : words.notBegun}</p>
          ) : (
            <StepRows
              label={words.steps}
              open={open}
              onToggle={toggle}
              selected={withGraph ? selected : undefined}
              onSelect={setSelected}
              lines={steps.map((step) => {
                const stands = progress.get(step.id)
                return { step, calls: stands?.status === 'waiting', marks: <Marks progress={stands} />, detail: <StepDetail progress={stands} /> }
              })}
            />
          )}
          {withGraph && (
            <div className="flex min-w-0 flex-col gap-2 max-lg:order-first lg:sticky lg:top-4">
              <ChainGraph steps={steps} progress={progress} selected={isSmall ? undefined : selected} onSelect={choose} />
              <Replay moments={moments} at={moment} onMove={setMoment} />
            </div>
          )}
        </div>
        {isCut && <p className="text-muted">{words.onlyFirst(mostRows)}</p>}
      </Section>
      {steps.length > 1 && over && outputs !== null && (
        <details>
          <summary className="min-h-6 text-md font-bold">{words.outputs}</summary>
          <ValueView value={outputs} label={words.outputs} />
        </details>
      )}
    </div>
  )
}
/** How a step stands, at the end of its line. */
function Marks({ progress }: { readonly progress: Progress | undefined }) {
  const { rows = [], attempts = 0, over = 0, begun = 0 } = progress ?? {}
  return (
    <>
      {rows.length > 1 && <span className="text-muted tabular-nums">{words.calls(over, begun)}</span>}
      {attempts > 1 && <span className="text-muted">{words.attempts(attempts)}</span>}
      {progress && rows.every(isFinal) && <Took row={progress} />}
      <StepState status={progress?.status ?? 'pending'} />
    </>
  )
}
