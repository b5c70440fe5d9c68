import { Link } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { ApprovalCard } from '../../decisions/approval-card.tsx'
import { Button } from '../../parts/button.tsx'
import { Failed } from '../../parts/notes.tsx'
import { Json } from '../../parts/json.tsx'
import { Plain } from '../../parts/plain.tsx'
import { startOf } from '../../parts/schema/defaults.ts'
import { SchemaForm } from '../../parts/schema-form.tsx'
import { Status } from '../../parts/status.tsx'
import type { AnswerOf, InputOf } from '../../platform/daemon.ts'
import { useRead, useWrite } from '../../platform/operations.ts'
import { tools as words } from '../../text/tools.ts'
import type { Tool } from './tool.ts'

type Inputs = NonNullable<InputOf<'executions.start'>['inputs']>

/** Tries a tool: its inputs as a form, first what would happen where it does more than read, then the run with its approval and its result in place. */
export function TryTool({ tool }: { readonly tool: Tool }) {
  const [inputs, setInputs] = useState<Record<string, unknown>>(() => (startOf(tool.inputsSchema as never) ?? {}) as Record<string, unknown>)
  const start = useWrite('executions.start')
  const foresee = useWrite('executions.start')
  const wanted = { toolId: tool.id, inputs: inputs as Inputs }
  const run = (event: FormEvent) => {
    event.preventDefault()
    foresee.reset()
    start.mutate({ ...wanted, waitMs: 0 })
  }
  const id = start.data?.id ?? null
  const isForeseen = foresee.data !== undefined
  return (
    <form className="flex flex-col gap-3" onSubmit={run} noValidate>
      <SchemaForm schema={tool.inputsSchema as never} value={inputs} onChange={(next) => setInputs(next as Record<string, unknown>)} />
      <div className="flex flex-wrap gap-2">
        {tool.risk !== 'read' && (
          <Button kind={isForeseen ? 'plain' : 'primary'} busy={foresee.isPending} onClick={() => foresee.mutate({ ...wanted, dryRun: true })}>
            {words.dryRun}
          </Button>
        )}
        <Button kind={tool.risk === 'read' || isForeseen ? 'primary' : 'plain'} type="submit" busy={start.isPending}>
          {words.run}
        </Button>
      </div>
      {(start.error ?? foresee.error) && <Failed error={start.error ?? foresee.error} />}
      {foresee.data?.dryRun && <Foreseen steps={foresee.data.dryRun} />}
      {id !== null && <Run key={id} id={id} />}
    </form>
  )
}
function Foreseen({ steps }: { readonly steps: NonNullable<AnswerOf<'executions.start'>['dryRun']> }) {
  return (
    <div role="status" className="flex flex-col gap-2 rounded-sm border px-3 py-2">
      {steps.map(({ stepId, decision, reason, preview }) => (
        <div key={stepId} className="flex flex-col gap-1">
          <p className="font-bold">{words.would[decision]}</p>
          <p className="text-muted">
            <Plain text={reason} />
          </p>
          {preview !== null && <Json value={preview} />}
        </div>
      ))}
    </div>
  )
}
/** How an execution goes, as it goes. */
function Run({ id }: { readonly id: string }) {
  const read = useRead('executions.get', { id })
  const cancel = useWrite('executions.cancel')
  if (read.error) return <Failed error={read.error} retry={() => void read.refetch()} />
  if (!read.data)
    return (
      <p role="status" className="text-muted">
        {words.running}
      </p>
    )
  const { status, outputs, errors, approvalId } = read.data
  const isOn = ['queued', 'running', 'waiting'].includes(status)
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-center gap-3">
        <span role="status">
          <Status state={status} />
        </span>
        {isOn && (
          <Button size="sm" busy={cancel.isPending} onClick={() => cancel.mutate({ id })}>
            {words.cancel}
          </Button>
        )}
        <Link to="/history/$executionId" params={{ executionId: id }} className="text-accent underline">
          {words.history}
        </Link>
      </div>
      {status === 'waiting' && approvalId !== null && <Waiting id={approvalId} />}
      {errors?.map(({ code, message }, index) => (
        <div key={index} role="alert" className="rounded-sm border border-bad bg-bad-soft px-3 py-2 break-words">
          <span className="font-mono">{code}</span> <Plain text={message} />
        </div>
      ))}
      {status === 'completed' && (outputs === null ? <p className="text-muted">{words.noResult}</p> : <Json value={outputs} />)}
    </div>
  )
}
function Waiting({ id }: { readonly id: string }) {
  const read = useRead('approvals.get', { id })
  return read.data ? <ApprovalCard approval={read.data} /> : null
}
