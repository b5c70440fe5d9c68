import { X } from 'lucide-react'
import { useState } from 'react'
import { Button, IconButton } from '../../../parts/button.tsx'
import { Field, Input } from '../../../parts/field.tsx'
import { Section } from '../../../parts/page.tsx'
import { workflows as words } from '../../../text/workflows.ts'
import type { DraftStep } from '../draft.ts'
import { lacking, neededBy, spare } from '../permissions.ts'
import { examples } from '../../../text/common.ts'
import type { Known } from './use-known.ts'

export interface PermissionsEditorProps {
  readonly declared: readonly string[]
  readonly steps: readonly DraftStep[]
  readonly known: Known
  readonly error: string | undefined
  readonly onChange: (permissions: readonly string[]) => void
}
/** What the workflow declares, what its steps need besides, and what they do not need. */
export function PermissionsEditor({ declared, steps, known, error, onChange }: PermissionsEditorProps) {
  const [written, setWritten] = useState('')
  const needed = neededBy(steps, { tool: (id) => known.tool(id)?.permissions, workflow: (id) => known.workflow(id)?.permissions })
  const missing = lacking(declared, needed)
  const unused = new Set(spare(declared, needed))
  const add = () => {
    const wanted = written.trim()
    if (wanted !== '' && !declared.includes(wanted)) onChange([...declared, wanted])
    setWritten('')
  }
  return (
    <Section title={words.edit.permissions}>
      <p className="text-muted">{words.edit.permissionsAbout}</p>
      {declared.length === 0 && missing.length === 0 && <p className="text-muted">{words.edit.noPermissions}</p>}
      <ul className="flex flex-wrap gap-2">
        {declared.map((permission) => (
          <li key={permission} className="inline-flex items-center gap-1 rounded-sm border pl-2">
            <span className="font-mono text-xs">{permission}</span>
            {unused.has(permission) && <span className="text-xs text-muted">{words.edit.spare}</span>}
            <IconButton
              size="sm"
              label={words.edit.removePermission(permission)}
              onClick={() => onChange(declared.filter((one) => one !== permission))}
            >
              <X aria-hidden size={13} />
            </IconButton>
          </li>
        ))}
      </ul>
      {missing.length > 0 && (
        <p role="status" className="flex flex-wrap items-center gap-2 text-warn">
          {words.edit.lacking(missing.join(', '))}
          <Button size="sm" onClick={() => onChange([...declared, ...missing])}>
            {words.edit.addAll}
          </Button>
        </p>
      )}
      <form
        className="flex items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault()
          event.stopPropagation()
          add()
        }}
      >
        <Field label={words.edit.addPermission} error={error}>
          {(described) => (
            <Input
              {...described}
              maxLength={90}
              placeholder={examples.permission}
              className="w-52"
              value={written}
              onChange={(event) => setWritten(event.target.value)}
            />
          )}
        </Field>
        <Button type="submit" disabled={written.trim() === ''}>
          {words.edit.add}
        </Button>
      </form>
    </Section>
  )
}
