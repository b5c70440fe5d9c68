import { useId, useState, type FormEvent } from 'react'
import { Button } from '../../../parts/button.tsx'
import { Dialog } from '../../../parts/dialog.tsx'
import { Check, Field, Input, Select, TextArea } from '../../../parts/field.tsx'
import { Failed } from '../../../parts/notes.tsx'
import { say, sayFault, sayUndo } from '../../../parts/toast.tsx'
import { call } from '../../../platform/daemon.ts'
import { useRead, useWrite } from '../../../platform/operations.ts'
import { hooks } from '../../../text/settings-agents.ts'
import { text } from '../../../text/index.ts'
import { settings } from '../../../text/settings.ts'
import { examples } from '../../../text/common.ts'
import { actionOf, targetOf, type Action, type Hook } from './hook-fields.ts'

const kinds = ['webhook', 'command', 'task'] as const

/** Makes a hook or changes one. */
export function EditHook({ hook, example = false, onClose }: { readonly hook?: Hook; readonly example?: boolean; readonly onClose: () => void }) {
  const form = useId()
  const [name, setName] = useState(hook?.name ?? (example ? hooks.exampleName : ''))
  const [events, setEvents] = useState(hook?.on.events.join('\n') ?? (example ? 'approval.asked\nquestion.asked' : ''))
  const [kind, setKind] = useState<Action['kind']>(hook?.action.kind ?? 'webhook')
  const [target, setTarget] = useState(hook ? targetOf(hook.action) : '')
  const [active, setActive] = useState(hook?.active ?? true)
  const tasks = useRead('tasks.list', { kind: 'stored', limit: 200 }, { enabled: kind === 'task' })
  const create = useWrite('hooks.create')
  const update = useWrite('hooks.update')
  const save = (event: FormEvent) => {
    event.preventDefault()
    const on = { ...hook?.on, events: events.split(/[\s,]+/).filter(Boolean) }
    const fields = { name: name.trim(), on, active, action: actionOf(kind, target.trim(), hook?.action) }
    const done = (undo?: () => void) => {
      if (undo) sayUndo(hooks.saved(fields.name), undo)
      else say(hooks.saved(fields.name))
      onClose()
    }
    if (!hook) return create.mutate(fields, { onSuccess: () => done() })
    const { id, name: was, on: listened, action, active: wasOn } = hook
    const back = () => void call('hooks.update', { id, name: was, on: listened, action, active: wasOn }).catch(sayFault)
    update.mutate({ id, ...fields }, { onSuccess: () => done(back) })
  }
  const error = create.error ?? update.error
  const choose = (next: Action['kind']) => {
    setKind(next)
    setTarget(next === hook?.action.kind ? targetOf(hook.action) : '')
  }
  const found = (tasks.data?.items ?? []).map((task) => ({
    value: task.id,
    label: 'name' in task && typeof task.name === 'string' ? task.name : task.id,
  }))
  return (
    <Dialog
      open
      onClose={onClose}
      title={hook ? hooks.edit(hook.name) : hooks.create}
      actions={
        <Button
          kind="primary"
          type="submit"
          form={form}
          busy={create.isPending || update.isPending}
          disabled={name.trim() === '' || target.trim() === ''}
        >
          {text.common.save}
        </Button>
      }
    >
      <form id={form} className="flex flex-col gap-3" onSubmit={save} noValidate>
        {error && <Failed error={error} />}
        <Field label={settings.name}>{(described) => <Input {...described} value={name} onChange={(event) => setName(event.target.value)} />}</Field>
        <Field label={hooks.on} hint={hooks.onHint}>
          {(described) => (
            <TextArea {...described} className="font-mono" spellCheck={false} value={events} onChange={(event) => setEvents(event.target.value)} />
          )}
        </Field>
        <Field label={hooks.action}>
          {(described) => (
            <Select {...described} value={kind} onChange={choose} options={kinds.map((value) => ({ value, label: hooks.actions[value] }))} />
          )}
        </Field>
        {kind === 'task' ? (
          <Field label={hooks.task} {...(tasks.data && found.length === 0 ? { hint: hooks.taskNone } : {})}>
            {(described) => <Select {...described} value={target} onChange={setTarget} options={[{ value: '', label: '…' }, ...found]} />}
          </Field>
        ) : (
          <Field label={kind === 'webhook' ? hooks.url : hooks.command} {...(kind === 'command' ? { hint: hooks.commandHint } : {})}>
            {(described) => (
              <Input
                {...described}
                spellCheck={false}
                className="font-mono"
                placeholder={kind === 'webhook' ? examples.address : ''}
                value={target}
                onChange={(event) => setTarget(event.target.value)}
              />
            )}
          </Field>
        )}
        <Check label={hooks.active} checked={active} onChange={setActive} />
      </form>
    </Dialog>
  )
}
