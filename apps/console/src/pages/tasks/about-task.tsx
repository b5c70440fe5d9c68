import { Plain } from '../../parts/plain.tsx'
import { useRead } from '../../platform/operations.ts'
import { tasks as words } from '../../text/tasks.ts'
import type { StoredTask } from './schedule-words.ts'

const oneLine = (text: string) => text.slice(0, 200).replaceAll(/\s+/g, ' ')
/** What a task does, in one line. */
export function Does({ target }: { readonly target: StoredTask['target'] }) {
  if (target.kind === 'workflow') return <WorkflowName id={target.workflowId} />
  return (
    <Plain text={target.kind === 'prompt' ? words.does.prompt(oneLine(target.text)) : words.does.tool(target.toolId)} className="whitespace-pre!" />
  )
}
function WorkflowName({ id }: { readonly id: string }) {
  const workflows = useRead('workflows.list', { limit: 200 })
  const name = workflows.data?.items.find((one) => one.id === id)?.name
  return <Plain text={words.does.workflow(name ?? id)} className="whitespace-pre!" />
}
