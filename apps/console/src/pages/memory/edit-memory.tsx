import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Time } from '../../parts/facts.tsx'
import { Failed, Loading } from '../../parts/notes.tsx'
import { Plain } from '../../parts/plain.tsx'
import { sayFault, sayUndo } from '../../parts/toast.tsx'
import { call, type AnswerOf } from '../../platform/daemon.ts'
import { useRead, useWrite } from '../../platform/operations.ts'
import { text } from '../../text/index.ts'
import { memory as words } from '../../text/memory.ts'
import { forget } from './forget.ts'
import { draftOf, fieldsOf, MemoryFields, useDraft } from './memory-form.tsx'
import { Scope } from './scopes.tsx'

export interface EditMemoryProps {
  readonly id: string
  readonly onClose: () => void
  readonly agents: ReadonlyMap<string, string>
}
/** One memory, to be read whole, changed and forgotten. */
export function EditMemory({ id, ...rest }: EditMemoryProps) {
  const memory = useRead('memory.get', { id })
  if (memory.data) return <Editor key={id} memory={memory.data} {...rest} />
  return (
    <Dialog open onClose={rest.onClose} title={words.editTitle} shape="side">
      {memory.error ? <Failed error={memory.error} retry={() => void memory.refetch()} /> : <Loading />}
    </Dialog>
  )
}
interface EditorProps extends Omit<EditMemoryProps, 'id'> {
  readonly memory: AnswerOf<'memory.get'>
}
function Editor({ memory, onClose, agents }: EditorProps) {
  const before = draftOf(memory)
  const [draft, change] = useDraft(before)
  const update = useWrite('memory.update')
  const isSame = JSON.stringify(draft) === JSON.stringify(before)
  const save = () => {
    update.mutate(
      { id: memory.id, ...fieldsOf(draft) },
      {
        onSuccess() {
          const { id, text: said, kind, tags, expiresAt } = memory
          sayUndo(words.updated, () => void call('memory.update', { id, text: said, kind, tags, expiresAt }).catch(sayFault))
          onClose()
        },
      },
    )
  }
  const { kind, ref } = memory.source
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.editTitle}
      shape="side"
      actions={
        <>
          <Button kind="danger" onClick={() => void forget(memory).then(onClose, sayFault)}>
            {words.forget}
          </Button>
          <span className="flex-1" />
          <Button kind="primary" type="submit" form="edit-memory" busy={update.isPending} disabled={isSame || draft.text.trim() === ''}>
            {text.common.save}
          </Button>
        </>
      }
    >
      <form
        id="edit-memory"
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
      >
        <MemoryFields draft={draft} change={change} />
        {update.error && <Failed error={update.error} />}
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 border-t pt-3 text-muted">
          <dt>{words.scope}</dt>
          <dd className="min-w-0 wrap-anywhere">
            <Scope of={memory} agents={agents} links />
          </dd>
          <dt>{words.source}</dt>
          <dd className="min-w-0">
            {words.sources[kind]}
            {ref !== undefined && (
              <>
                {' · '}
                <Plain text={ref} />
              </>
            )}
          </dd>
          <dt>{words.changed}</dt>
          <dd>
            <Time at={memory.updatedAt} />
          </dd>
          <dt>{words.id}</dt>
          <dd className="font-mono text-xs wrap-anywhere">{memory.id}</dd>
        </dl>
      </form>
    </Dialog>
  )
}
