import { ChainGraph } from '../../executions/chain-graph.tsx'
import { ExecutionView } from '../../executions/execution-view.tsx'
import type { Inputs } from '../../executions/inputs-form.tsx'
import { objectOf } from '../../executions/json-text.ts'
import { StartForm } from '../../executions/start-form.tsx'
import { Button } from '../../parts/button.tsx'
import { workflows as words } from '../../text/workflows.ts'
import type { Workflow } from './draft.ts'

/** What the schema gives to begin with. */
function defaultsOf(schema: unknown): Inputs {
  const properties = objectOf(objectOf(schema)?.['properties']) ?? {}
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, inner]) => {
      const given = objectOf(inner)?.['default']
      return given === undefined ? [] : [[name, given]]
    }),
  )
}
export interface RunTabProps {
  readonly workflow: Workflow
  readonly executionId: string | undefined
  readonly onStarted: (executionId: string) => void
  readonly onAnother: () => void
}
/** Starts the workflow, and shows how the run goes, on its steps and on its graph. */
export function RunTab({ workflow, executionId, onStarted, onAnother }: RunTabProps) {
  if (executionId !== undefined)
    return (
      <div className="flex flex-col gap-4">
        <div>
          <Button onClick={onAnother}>{words.run.another}</Button>
        </div>
        <ExecutionView key={executionId} id={executionId} />
      </div>
    )
  return (
    <div className="grid min-w-0 items-start gap-6 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <StartForm
        key={workflow.version}
        target={{ workflowId: workflow.id }}
        schema={workflow.inputs}
        initial={defaultsOf(workflow.inputs)}
        onStarted={onStarted}
      />
      {workflow.steps.length > 1 && <ChainGraph steps={workflow.steps} />}
    </div>
  )
}
