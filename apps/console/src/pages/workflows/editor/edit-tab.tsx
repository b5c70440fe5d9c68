import { useEffect, useState } from 'react'
import { useKeys } from '../../../frame/keys.ts'
import { Button } from '../../../parts/button.tsx'
import { Failed } from '../../../parts/notes.tsx'
import { say, sayUndo } from '../../../parts/toast.tsx'
import { useWrite } from '../../../platform/operations.ts'
import { workflows as words } from '../../../text/workflows.ts'
import { problemsOf } from '../../../executions/faults.ts'
import { sentOf, type Draft, type Workflow } from '../draft.ts'
import { useDraft } from '../use-draft.ts'
import { EditForm } from './edit-form.tsx'
import { YamlView } from './yaml-view.tsx'

const views = ['form', 'yaml'] as const
/** Where a workflow is written: by form and graph, or as YAML. What is not saved stays in this browser. */
export function EditTab({ workflow, onSaved }: { readonly workflow: Workflow | undefined; readonly onSaved: (workflow: Workflow) => void }) {
  const { draft, change, isChanged, isBehind, clear } = useDraft(workflow)
  const [view, setView] = useState<(typeof views)[number]>('form')
  // Fields hold half written texts of their own: they begin anew with what is shown.
  const [round, setRound] = useState(0)
  const save = useWrite('workflows.save', ['workflows.get', 'workflows.list', 'workflows.versions'])
  useWarning(isChanged, draft.name)
  const store = () =>
    save.mutate(
      { ...(workflow === undefined ? {} : { id: workflow.id }), ...sentOf(draft) },
      {
        onSuccess(saved) {
          clear()
          say(words.edit.saved(saved.name, saved.version))
          onSaved(saved)
        },
      },
    )
  const edit = (next: Draft) => {
    change(next)
    if (save.error) save.reset()
  }
  useKeys({ 'mod+s': () => isChanged && store() })
  const discard = () => {
    clear()
    save.reset()
    setRound(round + 1)
    sayUndo(words.edit.discarded, () => {
      change(draft)
      setRound(round + 2)
    })
  }
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <div className="sticky top-0 z-10 flex min-h-10 flex-wrap items-center gap-2 border-b bg-ground py-1">
        {workflow !== undefined && (
          <div role="group" aria-label={words.edit.view} className="flex gap-1">
            {views.map((one) => (
              <button
                key={one}
                type="button"
                aria-pressed={view === one}
                onClick={() => setView(one)}
                className="h-8 rounded-sm px-2 text-muted hover:bg-accent-soft aria-pressed:bg-accent-soft aria-pressed:text-ink"
              >
                {words.edit[one]}
              </button>
            ))}
          </div>
        )}
        <span role="status" className="min-w-0 flex-1 text-warn">
          {isChanged && (isBehind ? words.edit.newer(workflow?.version ?? 0) : words.edit.kept)}
        </span>
        {isChanged && <Button onClick={discard}>{words.edit.discard}</Button>}
        <Button kind="primary" busy={save.isPending} disabled={!isChanged} onClick={store}>
          {workflow === undefined ? words.edit.saveFirst : words.edit.save}
        </Button>
      </div>
      {save.error && <Failed error={save.error} />}
      {view === 'yaml' && workflow !== undefined ? (
        <YamlView key={workflow.version} workflow={workflow} isChanged={isChanged} />
      ) : (
        <EditForm key={`${round} ${workflow?.version ?? 0}`} draft={draft} self={workflow?.id} problems={problemsOf(save.error)} onChange={edit} />
      )}
    </div>
  )
}
/** Says, when the page is left, that there are changes and where they are. */
function useWarning(isChanged: boolean, name: string): void {
  useEffect(() => {
    if (!isChanged) return
    const address = location.pathname
    // The effect also ends when the changes are saved, or change: then the address is the same.
    return () => {
      queueMicrotask(() => location.pathname !== address && say(words.edit.left(name)))
    }
  }, [isChanged, name])
}
