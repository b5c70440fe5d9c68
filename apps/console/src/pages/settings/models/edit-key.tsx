import { useId, useState, type FormEvent } from 'react'
import { Button } from '../../../parts/button.tsx'
import { Dialog } from '../../../parts/dialog.tsx'
import { Field, Input } from '../../../parts/field.tsx'
import { Failed } from '../../../parts/notes.tsx'
import { say } from '../../../parts/toast.tsx'
import { useWrite } from '../../../platform/operations.ts'
import { text } from '../../../text/index.ts'
import { models } from '../../../text/settings-access.ts'
import { settings } from '../../../text/settings.ts'
import type { Profile } from './types.ts'

/** Changes the name and the turn of a key. */
export function EditKey({ profile, title, onClose }: { readonly profile: Profile; readonly title: string; readonly onClose: () => void }) {
  const form = useId()
  const [name, setName] = useState(profile.name)
  const [priority, setPriority] = useState(String(profile.priority))
  const update = useWrite('auth.update')
  const save = (event: FormEvent) => {
    event.preventDefault()
    update.mutate(
      { id: profile.id, name: name.trim(), priority: Number(priority) },
      {
        onSuccess() {
          say(models.keySaved(name.trim()))
          onClose()
        },
      },
    )
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={models.editKey(title)}
      actions={
        <Button kind="primary" type="submit" form={form} busy={update.isPending}>
          {text.common.save}
        </Button>
      }
    >
      <form id={form} className="flex flex-col gap-3" onSubmit={save}>
        {update.error && <Failed error={update.error} />}
        <Field label={settings.name}>{(described) => <Input {...described} value={name} onChange={(event) => setName(event.target.value)} />}</Field>
        <Field label={models.priority} hint={models.priorityHint}>
          {(described) => (
            <Input {...described} type="number" min={0} max={1000} value={priority} onChange={(event) => setPriority(event.target.value)} />
          )}
        </Field>
      </form>
    </Dialog>
  )
}
