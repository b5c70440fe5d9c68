import { useState } from 'react'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Field, Input } from '../../parts/field.tsx'
import { Failed } from '../../parts/notes.tsx'
import { useWrite } from '../../platform/operations.ts'
import { text } from '../../text/index.ts'
import { tasks as words } from '../../text/tasks.ts'
import { changesOf, draftOf, emptyDraft, inputOf, quietOf, scheduleOf, type Draft } from './draft.ts'
import { errorsOf } from './form-parts.ts'
import { MoreFields } from './more-fields.tsx'
import { usePreview } from './preview.tsx'
import { ScheduleFields } from './schedule-fields.tsx'
import type { StoredTask } from './schedule-words.ts'
import { TargetFields } from './target-fields.tsx'
import { TriggerFields } from './trigger-fields.tsx'

export interface TaskFormProps {
  /** What is edited; undefined: a new task. */
  readonly task?: StoredTask
  readonly onClose: () => void
  /** Told of the task as it is now. */
  readonly onDone: (task: StoredTask) => void
}
/** A task, made or changed, with the next five times as one writes. */
export function TaskForm({ task, onClose, onDone }: TaskFormProps) {
  const [draft, setDraft] = useState<Draft>(() => (task ? draftOf(task) : emptyDraft()))
  const create = useWrite('tasks.create')
  const update = useWrite('tasks.update')
  const { error, isPending } = task ? update : create
  const errors = errorsOf(error)
  const preview = usePreview(scheduleOf(draft), quietOf(draft))
  const change = (patch: Partial<Draft>) => setDraft((before) => ({ ...before, ...patch }))
  const submit = () => {
    if (!task) return create.mutate(inputOf(draft), { onSuccess: onDone })
    const changes = changesOf(task, draft)
    if (Object.keys(changes).length === 0) return onClose()
    update.mutate({ id: task.id, ...changes }, { onSuccess: (changed) => changed.kind === 'stored' && onDone(changed) })
  }
  const fields = { draft, change, errors }
  return (
    <Dialog
      open
      onClose={onClose}
      title={task ? words.editTitle : words.newTitle}
      shape="side"
      actions={
        <Button kind="primary" type="submit" form="task-form" busy={isPending}>
          {task ? text.common.save : words.create}
        </Button>
      }
    >
      <form
        id="task-form"
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <Field label={words.name} error={errors['name']}>
          {(described) => (
            <Input {...described} required autoFocus maxLength={200} value={draft.name} onChange={(event) => change({ name: event.target.value })} />
          )}
        </Field>
        <TargetFields {...fields} />
        <ScheduleFields {...fields} preview={preview} />
        <TriggerFields {...fields} />
        <MoreFields {...fields} errors={{ ...errors, ...preview.errors }} />
        {error && <Failed error={error} />}
      </form>
    </Dialog>
  )
}
