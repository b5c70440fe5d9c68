import { useState } from 'react'
import { Button } from '../parts/button.tsx'
import { Field, TextArea } from '../parts/field.tsx'
import { Failed } from '../parts/notes.tsx'
import { useWrite } from '../platform/operations.ts'
import { executions as words } from '../text/executions.ts'
import { jsonOf } from './json-text.ts'

const outcomes = ['done', 'again', 'failed'] as const
type ResumeOutcome = (typeof outcomes)[number]
const about = { done: words.resume.doneAbout, again: words.resume.againAbout, failed: words.resume.failedAbout } satisfies Record<
  ResumeOutcome,
  string
>

/** A person's word on a step whose outcome nobody knows: was it done? `single`: it is the execution's only call. */
export function ResumeForm({ executionId, stepId, single }: { readonly executionId: string; readonly stepId: string; readonly single: boolean }) {
  const [outcome, setOutcome] = useState<ResumeOutcome>('done')
  const [outputs, setOutputs] = useState('')
  const resume = useWrite('executions.resume')
  const given = outputs.trim() === '' ? undefined : jsonOf(outputs)
  const isWrong = outcome === 'done' && given !== undefined && !given.ok
  const go = () => resume.mutate({ id: executionId, outcome, stepId, ...(outcome === 'done' && given?.ok === true ? { outputs: given.value } : {}) })
  return (
    <form
      className="flex flex-col gap-3 rounded-sm border border-warn p-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (!isWrong) go()
      }}
    >
      <fieldset className="flex flex-col gap-2">
        <legend className="text-md font-bold">{words.resume.title}</legend>
        <p className="max-w-[72ch] text-muted">{words.resume.about(single ? words.resume.theCall : stepId)}</p>
        {outcomes.map((one) => (
          <label key={one} className="flex min-h-6 gap-2">
            <input
              type="radio"
              name={`outcome-${stepId}`}
              className="mt-0.5 size-4 shrink-0 accent-(--accent)"
              checked={outcome === one}
              onChange={() => setOutcome(one)}
            />
            <span className="shrink-0 font-bold">{words.resume[one]}</span>
            <span className="text-muted">{about[one]}</span>
          </label>
        ))}
      </fieldset>
      {outcome === 'done' && (
        <Field label={words.resume.outputs} error={isWrong ? words.resume.notJson : undefined}>
          {(described) => <TextArea {...described} className="font-mono" value={outputs} onChange={(event) => setOutputs(event.target.value)} />}
        </Field>
      )}
      {resume.error && <Failed error={resume.error} />}
      <div>
        <Button type="submit" kind="primary" busy={resume.isPending} disabled={isWrong}>
          {words.resume.go}
        </Button>
      </div>
    </form>
  )
}
