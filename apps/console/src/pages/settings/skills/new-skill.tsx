import { useId, useState, type FormEvent } from 'react'
import { Button } from '../../../parts/button.tsx'
import { Dialog } from '../../../parts/dialog.tsx'
import { Field, Input, TextArea } from '../../../parts/field.tsx'
import { Failed } from '../../../parts/notes.tsx'
import { sayFault, sayUndo } from '../../../parts/toast.tsx'
import { call } from '../../../platform/daemon.ts'
import { useWrite } from '../../../platform/operations.ts'
import { skills } from '../../../text/settings-agents.ts'
import { settings } from '../../../text/settings.ts'

/** Makes a skill. */
export function NewSkill({ example, onClose }: { readonly example: boolean; readonly onClose: () => void }) {
  const form = useId()
  const [name, setName] = useState<string>(example ? skills.exampleName : '')
  const [description, setDescription] = useState<string>(example ? skills.exampleDescription : '')
  const [tags, setTags] = useState('')
  const [body, setBody] = useState<string>(example ? skills.exampleBody : '')
  const create = useWrite('skills.create', ['skills.tags'])
  const save = (event: FormEvent) => {
    event.preventDefault()
    const list = tags
      .split(',')
      .map((tag) => tag.trim())
      .filter(Boolean)
    create.mutate(
      { name: name.trim(), description, body, tags: list },
      {
        onSuccess(made) {
          sayUndo(skills.created(made.name), () => void call('skills.delete', { name: made.name }).catch(sayFault))
          onClose()
        },
      },
    )
  }
  return (
    <Dialog
      open
      shape="side"
      onClose={onClose}
      title={skills.create}
      actions={
        <Button kind="primary" type="submit" form={form} busy={create.isPending} disabled={name.trim() === '' || description.trim() === ''}>
          {skills.create}
        </Button>
      }
    >
      <form id={form} className="flex flex-col gap-3" onSubmit={save} noValidate>
        {create.error && <Failed error={create.error} />}
        <Field label={settings.name} hint={skills.nameHint}>
          {(described) => <Input {...described} spellCheck={false} value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Field label={skills.description} hint={skills.descriptionHint}>
          {(described) => <TextArea {...described} value={description} onChange={(event) => setDescription(event.target.value)} />}
        </Field>
        <Field label={skills.tags} hint={skills.tagsHint}>
          {(described) => <Input {...described} value={tags} onChange={(event) => setTags(event.target.value)} />}
        </Field>
        <Field label={skills.body}>
          {(described) => <TextArea {...described} className="min-h-48 font-mono" value={body} onChange={(event) => setBody(event.target.value)} />}
        </Field>
      </form>
    </Dialog>
  )
}
