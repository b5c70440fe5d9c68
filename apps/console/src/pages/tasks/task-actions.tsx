import { Ellipsis, Pause, Pencil, Play } from 'lucide-react'
import { useState } from 'react'
import { Button, IconButton } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Menu } from '../../parts/menu.tsx'
import { say, sayFault, sayUndo } from '../../parts/toast.tsx'
import { call } from '../../platform/daemon.ts'
import { useRead, useWrite } from '../../platform/operations.ts'
import { text } from '../../text/index.ts'
import { tasks as words } from '../../text/tasks.ts'
import { RunWith } from './run-with.tsx'
import type { StoredTask } from './schedule-words.ts'

export interface TaskActionsProps {
  readonly task: StoredTask
  readonly onEdit: () => void
  readonly onDeleted: () => void
}
/** What can be done to a task. A pause can be undone, but for what waits; a deletion cannot, so both ask where something would be lost. */
export function TaskActions({ task: { id, status }, onEdit, onDeleted }: TaskActionsProps) {
  const [asks, setAsks] = useState<'pause' | 'delete' | 'run'>()
  const run = useWrite('tasks.runNow')
  const pause = useWrite('tasks.pause')
  const resume = useWrite('tasks.resume')
  const remove = useWrite('tasks.delete')
  const progress = useRead('tasks.progress', { id })
  const waiting = (progress.data?.fires ?? []).filter((fire) => fire.status === 'queued' || fire.status === 'retrying').length
  const close = () => setAsks(undefined)
  const doPause = () =>
    pause.mutate(
      { id },
      {
        onSuccess() {
          close()
          sayUndo(words.paused, () => void call('tasks.resume', { id }).catch(sayFault))
        },
        onError: sayFault,
      },
    )
  const doResume = () =>
    resume.mutate({ id }, { onSuccess: () => sayUndo(words.resumed, () => void call('tasks.pause', { id }).catch(sayFault)), onError: sayFault })
  const doRemove = () =>
    remove.mutate(
      { id },
      {
        onSuccess() {
          say(words.deleted)
          onDeleted()
        },
        onError: sayFault,
      },
    )
  return (
    <>
      <Button kind="primary" busy={run.isPending} onClick={() => run.mutate({ id }, { onSuccess: () => say(words.started), onError: sayFault })}>
        <Play aria-hidden size={14} />
        {words.runNow}
      </Button>
      {status === 'active' && (
        <Button busy={pause.isPending} onClick={() => (waiting > 0 ? setAsks('pause') : doPause())}>
          <Pause aria-hidden size={14} />
          {words.pause}
        </Button>
      )}
      {status === 'paused' && (
        <Button busy={resume.isPending} onClick={doResume}>
          <Play aria-hidden size={14} />
          {words.resume}
        </Button>
      )}
      <Button onClick={onEdit}>
        <Pencil aria-hidden size={14} />
        {words.edit}
      </Button>
      <Menu
        trigger={
          <IconButton label={text.frame.more}>
            <Ellipsis size={16} />
          </IconButton>
        }
        items={[
          { label: words.runWith, onSelect: () => setAsks('run') },
          null,
          { label: text.common.delete, danger: true, onSelect: () => setAsks('delete') },
        ]}
      />
      <Dialog
        open={asks === 'pause' || asks === 'delete'}
        onClose={close}
        title={asks === 'pause' ? words.pauseTitle : words.deleteTitle}
        actions={
          <>
            <Button onClick={close}>{text.common.cancel}</Button>
            <Button kind="danger" busy={pause.isPending || remove.isPending} onClick={asks === 'pause' ? doPause : doRemove}>
              {asks === 'pause' ? words.pause : text.common.delete}
            </Button>
          </>
        }
      >
        <p>{asks === 'pause' ? words.pauseAsk(waiting) : words.deleteAsk}</p>
      </Dialog>
      {asks === 'run' && <RunWith id={id} onClose={close} />}
    </>
  )
}
