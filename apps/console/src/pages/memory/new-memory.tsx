import { useState } from 'react'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Field, Select } from '../../parts/field.tsx'
import { Failed } from '../../parts/notes.tsx'
import { say } from '../../parts/toast.tsx'
import { useWrite } from '../../platform/operations.ts'
import { text } from '../../text/index.ts'
import { memory as words } from '../../text/memory.ts'
import { emptyDraft, fieldsOf, MemoryFields, useDraft } from './memory-form.tsx'
import { scopeInput } from './scopes.tsx'

export interface NewMemoryProps {
  readonly onClose: () => void
  readonly agents: ReadonlyMap<string, string>
  /** The scope that is looked at. */
  readonly scope: string
}
/** Remembers something new. */
export function NewMemory({ onClose, agents, scope: looked }: NewMemoryProps) {
  const [draft, change] = useDraft(emptyDraft)
  const [scope, setScope] = useState(looked === '' ? 'global' : looked)
  const save = useWrite('memory.save')
  const submit = () => {
    const { expiresAt, ...fields } = fieldsOf(draft)
    save.mutate(
      { ...fields, ...scopeInput(scope), ...(expiresAt === null ? {} : { expiresAt }) },
      {
        onSuccess({ createdAt, updatedAt }) {
          say(createdAt === updatedAt ? words.saved : words.merged)
          onClose()
        },
      },
    )
  }
  const scopes = [
    { value: 'global', label: words.global },
    ...[...agents].map(([value, name]) => ({ value, label: words.agent(name) })),
    ...(scope.startsWith('ses_') ? [{ value: scope, label: words.ofSession(scope) }] : []),
  ]
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.addTitle}
      shape="side"
      actions={
        <Button kind="primary" type="submit" form="new-memory" busy={save.isPending} disabled={draft.text.trim() === ''}>
          {text.common.save}
        </Button>
      }
    >
      <form
        id="new-memory"
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <MemoryFields draft={draft} change={change} />
        <Field label={words.scope}>{(described) => <Select {...described} value={scope} onChange={setScope} options={scopes} />}</Field>
        {save.error && <Failed error={save.error} />}
      </form>
    </Dialog>
  )
}
