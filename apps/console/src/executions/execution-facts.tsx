import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Button } from '../parts/button.tsx'
import { Time } from '../parts/facts.tsx'
import { Status } from '../parts/status.tsx'
import { sayFault } from '../parts/toast.tsx'
import { useWrite } from '../platform/operations.ts'
import { executions as words } from '../text/executions.ts'
import { Took } from './step-detail.tsx'
import { isOver, type Execution } from './use-execution.ts'

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className="flex min-w-0 gap-1.5">
      <dt className="shrink-0 text-muted">{label}</dt>
      <dd className="min-w-0 break-all">{children}</dd>
    </div>
  )
}
/** How an execution stands and where it comes from, in one line that wraps; and how to stop it. `inPlan`: its plan is around it. */
export function ExecutionFacts({ execution, inPlan }: { readonly execution: Execution; readonly inPlan: boolean }) {
  const { id, planId, workflowId, workflowVersion, toolId, caller, workspace, createdAt, resumes, status } = execution
  const cancel = useWrite('executions.cancel', ['executions.get', 'executions.steps'])
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <span role="status" className="flex-1 sm:flex-none">
        <Status state={status} />
      </span>
      <dl className="order-last flex min-w-0 basis-full flex-wrap gap-x-4 gap-y-1 sm:order-none sm:flex-1 sm:basis-0">
        {workflowId !== null ? (
          <Fact label={words.workflow}>
            <Link to="/workflows/$workflowId" params={{ workflowId }} className="text-accent underline">
              {workflowVersion === null ? workflowId : words.facts.version(workflowVersion)}
            </Link>
          </Fact>
        ) : planId !== null ? (
          !inPlan && (
            <Fact label={words.facts.what}>
              <Link to="/plan" search={{ plan: planId }} className="text-accent underline">
                {words.aPlan}
              </Link>
            </Fact>
          )
        ) : (
          <Fact label={words.facts.what}>{toolId}</Fact>
        )}
        <Fact label={words.facts.caller}>{caller}</Fact>
        <Fact label={words.facts.created}>
          <Time at={createdAt} />
        </Fact>
        {execution.startedAt !== null && execution.finishedAt !== null && (
          <Fact label={words.facts.took}>
            <Took row={execution} />
          </Fact>
        )}
        <Fact label={words.facts.workspace}>{workspace}</Fact>
        {resumes > 0 && <Fact label={words.facts.resumes}>{words.facts.times(resumes)}</Fact>}
      </dl>
      {!isOver(execution) && (
        <Button busy={cancel.isPending} onClick={() => cancel.mutate({ id }, { onError: sayFault })}>
          {cancel.isPending ? words.cancelling : words.cancel}
        </Button>
      )}
    </div>
  )
}
