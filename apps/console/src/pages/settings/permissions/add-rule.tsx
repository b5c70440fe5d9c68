import { useId, useState, type FormEvent } from 'react'
import { Button } from '../../../parts/button.tsx'
import { Dialog } from '../../../parts/dialog.tsx'
import { Field, Input, Select } from '../../../parts/field.tsx'
import { Failed } from '../../../parts/notes.tsx'
import { say } from '../../../parts/toast.tsx'
import { useRead, useWrite } from '../../../platform/operations.ts'
import { permissions } from '../../../text/settings-access.ts'
import { ruleInWords, type Rule } from './rule-words.ts'

const actions = ['allow', 'ask', 'deny'] as const
const levels = ['global', 'workspace', 'session'] as const

/** Adds a rule; below the fields it stands in words. */
export function AddRule({ example, onClose }: { readonly example: boolean; readonly onClose: () => void }) {
  const form = useId()
  const list = useRead('tools.list', {})
  const [action, setAction] = useState<Rule['action']>('allow')
  const [tool, setTool] = useState('shell.run')
  const [pattern, setPattern] = useState(example ? 'git status *' : '')
  const [level, setLevel] = useState<Rule['level']>('global')
  const [place, setPlace] = useState('')
  const [until, setUntil] = useState('')
  const add = useWrite('permissions.add')
  const expiresAt = until === '' ? null : new Date(until).toISOString()
  const save = (event: FormEvent) => {
    event.preventDefault()
    add.mutate(
      {
        action,
        tool: tool.trim(),
        level,
        ...(pattern.trim() === '' ? {} : { pattern: pattern.trim() }),
        ...(level === 'workspace' ? { workspace: place.trim() } : {}),
        ...(level === 'session' ? { sessionId: place.trim() } : {}),
        ...(expiresAt === null ? {} : { expiresAt }),
      },
      {
        onSuccess() {
          say(permissions.added)
          onClose()
        },
      },
    )
  }
  const named = ['*', ...(list.data?.apps ?? []).flatMap(({ id, tools }) => [`${id}.*`, ...tools.map((one) => one.id)])]
  return (
    <Dialog
      open
      onClose={onClose}
      title={permissions.add}
      actions={
        <Button kind="primary" type="submit" form={form} busy={add.isPending}>
          {permissions.add}
        </Button>
      }
    >
      <form id={form} className="flex flex-col gap-3" onSubmit={save} noValidate>
        {add.error && <Failed error={add.error} />}
        <Field label={permissions.action}>
          {(described) => (
            <Select
              {...described}
              value={action}
              onChange={setAction}
              options={actions.map((value) => ({ value, label: permissions.actions[value] }))}
            />
          )}
        </Field>
        <Field label={permissions.tool} hint={permissions.toolHint}>
          {(described) => (
            <Input
              {...described}
              list={`${form}-tools`}
              value={tool}
              spellCheck={false}
              className="font-mono"
              onChange={(event) => setTool(event.target.value)}
            />
          )}
        </Field>
        <datalist id={`${form}-tools`}>
          {named.map((id) => (
            <option key={id} value={id} />
          ))}
        </datalist>
        <Field label={permissions.pattern} hint={permissions.patternHint}>
          {(described) => (
            <Input {...described} value={pattern} spellCheck={false} className="font-mono" onChange={(event) => setPattern(event.target.value)} />
          )}
        </Field>
        <Field label={permissions.where}>
          {(described) => (
            <Select {...described} value={level} onChange={setLevel} options={levels.map((value) => ({ value, label: permissions.levels[value] }))} />
          )}
        </Field>
        {level !== 'global' && (
          <Field label={permissions[level]} {...(level === 'session' ? { hint: permissions.sessionHint } : {})}>
            {(described) => (
              <Input {...described} value={place} spellCheck={false} className="font-mono" onChange={(event) => setPlace(event.target.value)} />
            )}
          </Field>
        )}
        <Field label={permissions.expires} hint={permissions.expiresHint}>
          {(described) => <Input {...described} type="datetime-local" value={until} onChange={(event) => setUntil(event.target.value)} />}
        </Field>
        <p role="status" className="rounded-sm bg-panel px-3 py-2 break-words">
          <span className="sr-only">{permissions.means} </span>
          {ruleInWords({ tool: tool.trim(), pattern: pattern.trim(), action, level, workspace: place.trim() || null, expiresAt })}
        </p>
      </form>
    </Dialog>
  )
}
