import { Field, Input, Select, TextArea } from '../../parts/field.tsx'
import { Loading } from '../../parts/notes.tsx'
import { SchemaForm } from '../../parts/schema-form.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { useRead } from '../../platform/operations.ts'
import { tasks as words } from '../../text/tasks.ts'
import type { FieldsProps } from './form-parts.ts'

/** What the task does: a prompt for an agent, a workflow, or one tool. */
export function TargetFields(props: FieldsProps) {
  const { draft, change, errors } = props
  return (
    <div className="flex flex-col gap-4">
      <Tabs
        label={words.kind}
        value={draft.kind}
        onChange={(kind) => change({ kind, inputs: {} })}
        tabs={[
          { value: 'prompt', label: words.target.prompt, content: <PromptFields {...props} /> },
          { value: 'workflow', label: words.target.workflow, content: <WorkflowFields {...props} /> },
          { value: 'tool', label: words.target.tool, content: <ToolFields {...props} /> },
        ]}
      />
      <Field label={words.folder} hint={words.folderHint} error={errors['target.workspace.path'] ?? errors['target.workspace']}>
        {(described) => <Input {...described} value={draft.folder} onChange={(event) => change({ folder: event.target.value })} />}
      </Field>
    </div>
  )
}
function PromptFields({ draft, change, errors }: FieldsProps) {
  const agents = useRead('agents.list', { limit: 200 })
  return (
    <div className="flex flex-col gap-4">
      <Field label={words.prompt} hint={words.promptHint} error={errors['target.text']}>
        {(described) => (
          <TextArea
            {...described}
            required
            rows={4}
            maxLength={100_000}
            value={draft.text}
            onChange={(event) => change({ text: event.target.value })}
          />
        )}
      </Field>
      <Field label={words.byAgent} error={errors['target.agentId']}>
        {(described) => (
          <Select
            {...described}
            value={draft.agentId}
            onChange={(agentId) => change({ agentId })}
            options={[{ value: '', label: words.defaultAgent }, ...(agents.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))]}
          />
        )}
      </Field>
    </div>
  )
}
function WorkflowFields({ draft, change, errors }: FieldsProps) {
  const workflows = useRead('workflows.list', { limit: 200 })
  const items = workflows.data?.items ?? []
  const isKnown = items.some(({ id }) => id === draft.workflowId)
  const workflow = useRead('workflows.get', { id: draft.workflowId }, { enabled: draft.workflowId !== '' })
  if (workflows.isPending) return <Loading />
  if (items.length === 0 && draft.workflowId === '') return <p className="text-muted">{words.noWorkflows}</p>
  return (
    <div className="flex flex-col gap-4">
      <Field label={words.target.workflow} error={errors['target.workflowId']}>
        {(described) => (
          <Select
            {...described}
            required
            value={draft.workflowId}
            onChange={(workflowId) => change({ workflowId, inputs: {} })}
            options={[
              { value: '', label: words.chooseWorkflow, disabled: true },
              ...items.map(({ id, name }) => ({ value: id, label: name })),
              ...(isKnown || draft.workflowId === '' ? [] : [{ value: draft.workflowId, label: draft.workflowId }]),
            ]}
          />
        )}
      </Field>
      {draft.workflowId !== '' && workflow.data && <Inputs schema={workflow.data.inputs} draft={draft} change={change} errors={errors} />}
    </div>
  )
}
function ToolFields({ draft, change, errors }: FieldsProps) {
  const tools = useRead('tools.list', {})
  const apps = tools.data?.apps ?? []
  const tool = apps.flatMap((app) => app.tools).find(({ id }) => id === draft.toolId)
  if (tools.isPending) return <Loading />
  return (
    <div className="flex flex-col gap-4">
      <Field label={words.target.tool} hint={tool?.description.split('\n')[0]} error={errors['target.toolId']}>
        {(described) => (
          <Select
            {...described}
            required
            value={draft.toolId}
            onChange={(toolId) => change({ toolId, inputs: {} })}
            options={[
              { value: '', label: words.chooseTool, disabled: true },
              ...apps.flatMap((app) => app.tools.filter(({ inSession }) => !inSession).map(({ id }) => ({ value: id, label: id }))),
              ...(tool === undefined && draft.toolId !== '' ? [{ value: draft.toolId, label: draft.toolId }] : []),
            ]}
          />
        )}
      </Field>
      {tool !== undefined && <Inputs schema={tool.inputsSchema} draft={draft} change={change} errors={errors} />}
    </div>
  )
}
function Inputs({ schema, draft, change, errors }: FieldsProps & { readonly schema: unknown }) {
  if (typeof schema !== 'object' || schema === null) return <p className="text-muted">{words.noInputs}</p>
  const below = Object.fromEntries(
    Object.entries(errors).flatMap(([path, error]) => (path.startsWith('target.inputs.') ? [[path.slice('target.inputs.'.length), error]] : [])),
  )
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-2 font-bold">{words.inputs}</legend>
      <SchemaForm
        schema={schema as Readonly<Record<string, unknown>>}
        value={draft.inputs}
        onChange={(inputs) => change({ inputs: inputs as Record<string, unknown> })}
        errors={below}
        templates
      />
    </fieldset>
  )
}
