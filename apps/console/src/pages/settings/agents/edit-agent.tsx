import { useId, useState, type FormEvent } from 'react'
import { Button } from '../../../parts/button.tsx'
import { Dialog } from '../../../parts/dialog.tsx'
import { Check, Field, Input, Select, TextArea } from '../../../parts/field.tsx'
import { Failed } from '../../../parts/notes.tsx'
import { say, sayFault, sayUndo } from '../../../parts/toast.tsx'
import { call } from '../../../platform/daemon.ts'
import { useRead, useWrite } from '../../../platform/operations.ts'
import { agents } from '../../../text/settings-agents.ts'
import { text } from '../../../text/index.ts'
import { settings } from '../../../text/settings.ts'
import { fieldsOf, limitNames, modes, sentOf, type Agent, type Draft } from './agent-fields.ts'

/** Makes an agent or changes one. */
export function EditAgent({ agent, onClose }: { readonly agent?: Agent; readonly onClose: () => void }) {
  const form = useId()
  const [draft, setDraft] = useState<Draft>(() => fieldsOf(agent))
  const models = useRead('models.list', { limit: 200, available: true })
  const create = useWrite('agents.create')
  const update = useWrite('agents.update')
  const set = (more: Partial<Draft>) => setDraft((before) => ({ ...before, ...more }))
  const save = (event: FormEvent) => {
    event.preventDefault()
    const fields = sentOf(draft)
    if (!agent)
      return create.mutate(fields, {
        onSuccess() {
          say(agents.created(fields.name))
          onClose()
        },
      })
    update.mutate(
      { id: agent.id, ...fields },
      {
        onSuccess() {
          sayUndo(agents.saved(fields.name), () => void call('agents.update', { id: agent.id, ...sentOf(fieldsOf(agent)) }).catch(sayFault))
          onClose()
        },
      },
    )
  }
  const ids = [...new Set([...(models.data?.items ?? []).map(({ id }) => id), draft.model, draft.fallbackModel])].filter((id) => id !== '')
  const chosen = (none: string) => [{ value: '', label: none }, ...ids.map((id) => ({ value: id, label: id }))]
  return (
    <Dialog
      open
      shape="side"
      onClose={onClose}
      title={agent ? agents.edit(agent.name) : agents.create}
      actions={
        <Button kind="primary" type="submit" form={form} busy={create.isPending || update.isPending} disabled={draft.name.trim() === ''}>
          {text.common.save}
        </Button>
      }
    >
      <form id={form} className="flex flex-col gap-3" onSubmit={save} noValidate>
        {(create.error ?? update.error) && <Failed error={create.error ?? update.error} />}
        <Field label={settings.name}>
          {(described) => <Input {...described} value={draft.name} onChange={(event) => set({ name: event.target.value })} />}
        </Field>
        <Field label={agents.description}>
          {(described) => <Input {...described} value={draft.description} onChange={(event) => set({ description: event.target.value })} />}
        </Field>
        <Field label={agents.instructions} hint={agents.instructionsHint}>
          {(described) => (
            <TextArea
              {...described}
              className="min-h-40"
              value={draft.instructions}
              onChange={(event) => set({ instructions: event.target.value })}
            />
          )}
        </Field>
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label={agents.model}>
            {(described) => <Select {...described} value={draft.model} onChange={(model) => set({ model })} options={chosen(agents.ofSettings)} />}
          </Field>
          <Field label={agents.fallback} hint={agents.fallbackHint}>
            {(described) => (
              <Select {...described} value={draft.fallbackModel} onChange={(fallbackModel) => set({ fallbackModel })} options={chosen(agents.none)} />
            )}
          </Field>
        </div>
        <Field label={agents.mode}>
          {(described) => (
            <Select
              {...described}
              value={draft.mode}
              onChange={(mode) => set({ mode })}
              options={modes.map((value) => ({ value, label: agents.modes[value] }))}
            />
          )}
        </Field>
        <Field label={agents.tools} hint={agents.toolsHint}>
          {(described) => (
            <TextArea
              {...described}
              className="font-mono"
              spellCheck={false}
              value={draft.tools}
              onChange={(event) => set({ tools: event.target.value })}
            />
          )}
        </Field>
        <Check label={agents.allSkills} checked={draft.allSkills} onChange={(allSkills) => set({ allSkills })} />
        {!draft.allSkills && (
          <Field label={agents.skills} hint={agents.skillsHint}>
            {(described) => (
              <TextArea
                {...described}
                className="font-mono"
                spellCheck={false}
                value={draft.skills}
                onChange={(event) => set({ skills: event.target.value })}
              />
            )}
          </Field>
        )}
        <fieldset className="flex flex-col gap-2">
          <legend className="font-bold">{agents.limits}</legend>
          <p className="text-xs text-muted">{agents.limitsHint}</p>
          <div className="grid grid-cols-2 gap-3">
            {limitNames.map((name) => (
              <Field key={name} label={agents.limit[name]}>
                {(described) => (
                  <Input
                    {...described}
                    inputMode="decimal"
                    value={draft.limits[name] ?? ''}
                    onChange={(event) => set({ limits: { ...draft.limits, [name]: event.target.value } })}
                  />
                )}
              </Field>
            ))}
            <Field label={agents.budget}>
              {(described) => (
                <Input {...described} inputMode="decimal" value={draft.budgetUsd} onChange={(event) => set({ budgetUsd: event.target.value })} />
              )}
            </Field>
          </div>
        </fieldset>
        <p className="text-muted">
          {agents.runtime}: {agents.runtimeNative}
        </p>
      </form>
    </Dialog>
  )
}
