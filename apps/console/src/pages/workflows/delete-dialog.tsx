import { useNavigate } from '@tanstack/react-router'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Failed } from '../../parts/notes.tsx'
import { say } from '../../parts/toast.tsx'
import { forget } from '../../platform/kept.ts'
import { useWrite } from '../../platform/operations.ts'
import { text } from '../../text/index.ts'
import { workflows as words } from '../../text/workflows.ts'
import type { Workflow } from './draft.ts'
import { draftKey } from './use-draft.ts'

/** Asks before a workflow is deleted: its id and versions are lost for good. */
export function DeleteDialog({
  open,
  onClose,
  workflow: { id, name },
}: {
  readonly open: boolean
  readonly onClose: () => void
  readonly workflow: Workflow
}) {
  const remove = useWrite('workflows.delete', ['workflows.list'])
  const navigate = useNavigate()
  const go = () =>
    remove.mutate(
      { id },
      {
        onSuccess() {
          forget(draftKey(id), localStorage)
          say(words.deleted(name))
          void navigate({ to: '/workflows' })
        },
      },
    )
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={words.deleteTitle(name)}
      actions={
        <>
          <Button onClick={onClose}>{text.common.cancel}</Button>
          <Button kind="danger" busy={remove.isPending} onClick={go}>
            {words.deleteIt}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <p>{words.deleteAbout}</p>
        {remove.error && <Failed error={remove.error} />}
      </div>
    </Dialog>
  )
}
