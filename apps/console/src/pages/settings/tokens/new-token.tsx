import { useId, useState, type FormEvent } from 'react'
import { Button } from '../../../parts/button.tsx'
import { CopyLine } from '../../../parts/copy-line.tsx'
import { Dialog } from '../../../parts/dialog.tsx'
import { Field, Input, Select, TextArea } from '../../../parts/field.tsx'
import { Failed } from '../../../parts/notes.tsx'
import { useWrite } from '../../../platform/operations.ts'
import { tokens } from '../../../text/settings-access.ts'
import { settings } from '../../../text/settings.ts'

const presets = { read: '*:read', chat: '*:read\nsessions:write\napprovals:write', all: '*' } as const
type Preset = keyof typeof presets
const days = { none: null, day: 1, month: 30, year: 365 } as const
type Expiry = keyof typeof days

/** Makes a token and shows it, this once. */
export function NewToken({ onClose }: { readonly onClose: () => void }) {
  const form = useId()
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<string>(presets.read)
  const [expiry, setExpiry] = useState<Expiry>('none')
  const create = useWrite('tokens.create')
  const make = (event: FormEvent) => {
    event.preventDefault()
    const list = scopes.split(/[\s,]+/).filter(Boolean)
    const length = days[expiry]
    create.mutate({
      name: name.trim(),
      scopes: list,
      ...(length === null ? {} : { expiresAt: new Date(Date.now() + length * 86_400_000).toISOString() }),
    })
  }
  const preset = (Object.keys(presets) as Preset[]).find((one) => presets[one] === scopes)
  if (create.data)
    return (
      <Dialog
        open
        onClose={onClose}
        title={tokens.made}
        actions={
          <Button kind="primary" onClick={onClose}>
            {tokens.done}
          </Button>
        }
      >
        <p className="mb-2 max-w-[60ch]">{tokens.onceAbout}</p>
        <CopyLine label={tokens.secret} value={create.data.secret} />
      </Dialog>
    )
  return (
    <Dialog
      open
      onClose={onClose}
      title={tokens.create}
      actions={
        <Button kind="primary" type="submit" form={form} busy={create.isPending} disabled={name.trim() === ''}>
          {tokens.create}
        </Button>
      }
    >
      <form id={form} className="flex flex-col gap-3" onSubmit={make} noValidate>
        {create.error && <Failed error={create.error} />}
        <Field label={settings.name} hint={tokens.nameHint}>
          {(described) => <Input {...described} value={name} maxLength={100} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Field label={tokens.preset}>
          {(described) => (
            <Select
              {...described}
              value={preset ?? ''}
              onChange={(one) => one !== '' && setScopes(presets[one])}
              options={[
                ...(preset === undefined ? [{ value: '' as const, label: '…' }] : []),
                ...(Object.keys(presets) as Preset[]).map((value) => ({ value, label: tokens.presets[value] })),
              ]}
            />
          )}
        </Field>
        <Field label={tokens.scopes} hint={tokens.scopesHint}>
          {(described) => (
            <TextArea {...described} className="font-mono" spellCheck={false} value={scopes} onChange={(event) => setScopes(event.target.value)} />
          )}
        </Field>
        <Field label={tokens.expires}>
          {(described) => (
            <Select
              {...described}
              value={expiry}
              onChange={setExpiry}
              options={(Object.keys(days) as Expiry[]).map((value) => ({ value, label: tokens.expiry[value] }))}
            />
          )}
        </Field>
      </form>
    </Dialog>
  )
}
