import { Link } from '@tanstack/react-router'
import { Code } from '../../parts/code.tsx'
import { Json } from '../../parts/json.tsx'
import { Plain } from '../../parts/plain.tsx'
import { useRead } from '../../platform/operations.ts'
import { tasks as words } from '../../text/tasks.ts'
import type { StoredTask } from './schedule-words.ts'

/** What a task does, whole. */
export function TargetSection({ target }: { readonly target: StoredTask['target'] }) {
  const folder = target.workspace?.path
  return (
    <div className="flex flex-col gap-2">
      {target.kind === 'prompt' ? (
        <Prompt text={target.text} agentId={target.agentId} />
      ) : (
        <>
          {target.kind === 'workflow' ? <Workflow id={target.workflowId} /> : <Plain text={words.does.tool(target.toolId)} />}
          {Object.keys(target.inputs).length === 0 ? <p className="text-muted">{words.noInputs}</p> : <Json value={target.inputs} />}
        </>
      )}
      {folder !== undefined && (
        <p className="text-muted">
          {words.folder}: <Plain text={folder} className="font-mono text-xs" />
        </p>
      )}
    </div>
  )
}
function Prompt({ text, agentId }: { readonly text: string; readonly agentId: string | undefined }) {
  const agents = useRead('agents.list', { limit: 200 })
  const name = agents.data?.items.find(({ id }) => id === agentId)?.name
  return (
    <>
      <Code text={text} label={words.prompt} maxLines={12} />
      <p className="text-muted">
        {words.byAgent}: {agentId === undefined ? words.defaultAgent : <Plain text={name ?? agentId} />}
      </p>
    </>
  )
}
function Workflow({ id }: { readonly id: string }) {
  const workflow = useRead('workflows.get', { id })
  return (
    <Link to="/workflows/$workflowId" params={{ workflowId: id }} className="self-start text-accent underline">
      <Plain text={workflow.data?.name ?? id} />
    </Link>
  )
}
