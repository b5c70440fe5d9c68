import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Ellipsis } from 'lucide-react'
import { useState } from 'react'
import { IconButton } from '../../parts/button.tsx'
import { Menu } from '../../parts/menu.tsx'
import { Failed, Loading } from '../../parts/notes.tsx'
import { Page } from '../../parts/page.tsx'
import { Plain } from '../../parts/plain.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { useRead } from '../../platform/operations.ts'
import { workflows as words } from '../../text/workflows.ts'
import { DeleteDialog } from './delete-dialog.tsx'
import type { Workflow } from './draft.ts'
import { EditTab } from './editor/edit-tab.tsx'
import { RunTab } from './run-tab.tsx'
import { RunsTab } from './runs-tab.tsx'
import { VersionsTab } from './versions-tab.tsx'

const tabs = ['run', 'edit', 'versions', 'runs'] as const
type TabName = (typeof tabs)[number]
const nameOf = (tab: string | undefined): TabName => tabs.find((one) => one === tab) ?? 'run'

/** One workflow: run it, edit it, compare its versions, look at its runs. `new` is one that is not saved yet. */
export function WorkflowPage() {
  const { workflowId = '' }: { workflowId?: string } = useParams({ strict: false })
  return workflowId === 'new' ? <NewWorkflow /> : <StoredWorkflow key={workflowId} id={workflowId} />
}
function NewWorkflow() {
  const navigate = useNavigate()
  return (
    <Page title={words.newTitle} wide>
      <EditTab
        workflow={undefined}
        onSaved={({ id }) => void navigate({ to: '/workflows/$workflowId', params: { workflowId: id }, search: { tab: 'edit' }, replace: true })}
      />
    </Page>
  )
}
function StoredWorkflow({ id }: { readonly id: string }) {
  const { data: workflow, error, refetch } = useRead('workflows.get', { id })
  if (error)
    return (
      <Page title={words.title}>
        <Failed error={error} retry={() => void refetch()} />
      </Page>
    )
  if (workflow === undefined)
    return (
      <Page title={words.title} wide>
        <Loading rows={6} />
      </Page>
    )
  return <Whole workflow={workflow} />
}
function Whole({ workflow }: { readonly workflow: Workflow }) {
  const { id, name, description, version, steps } = workflow
  const search: Readonly<Record<string, string>> = useSearch({ strict: false })
  const navigate = useNavigate()
  const [isDeleting, setDeleting] = useState(false)
  const go = (to: Readonly<Record<string, string>>) => void navigate({ to: '/workflows/$workflowId', params: { workflowId: id }, search: to })
  return (
    <Page
      title={<Plain text={name} />}
      about={
        <>
          {words.facts(version, steps.length)}
          {description !== null && (
            <>
              . <Plain text={description} />
            </>
          )}
        </>
      }
      wide
      actions={
        <Menu
          trigger={
            <IconButton label={words.actions}>
              <Ellipsis aria-hidden size={16} />
            </IconButton>
          }
          items={[
            { label: words.export, onSelect: () => window.location.assign(`/v1/workflows/${id}/yaml`) },
            null,
            { label: words.delete, danger: true, onSelect: () => setDeleting(true) },
          ]}
        />
      }
    >
      <Tabs
        label={words.tabs.label}
        value={nameOf(search['tab'])}
        onChange={(tab) => go({ tab })}
        tabs={[
          {
            value: 'run',
            label: words.tabs.run,
            content: (
              <RunTab
                workflow={workflow}
                executionId={search['execution']}
                onStarted={(execution) => go({ tab: 'run', execution })}
                onAnother={() => go({ tab: 'run' })}
              />
            ),
          },
          { value: 'edit', label: words.tabs.edit, content: <EditTab workflow={workflow} onSaved={() => undefined} /> },
          {
            value: 'versions',
            label: words.tabs.versions,
            content: (
              <VersionsTab workflow={workflow} from={search['from']} to={search['to']} onCompare={(from, to) => go({ tab: 'versions', from, to })} />
            ),
          },
          {
            value: 'runs',
            label: words.tabs.runs,
            content: (
              <RunsTab
                id={id}
                executionId={search['execution']}
                onOpen={(execution) => go({ tab: 'runs', ...(execution === undefined ? {} : { execution }) })}
              />
            ),
          },
        ]}
      />
      <DeleteDialog open={isDeleting} onClose={() => setDeleting(false)} workflow={workflow} />
    </Page>
  )
}
