import { Check, Input, Select, TextArea } from '../../../parts/field.tsx'
import { general } from '../../../text/settings.ts'
import type { Kind } from './kinds.ts'

export interface SettingControlProps {
  readonly id: string
  readonly describedBy: string
  readonly wrong: boolean
  readonly kind: Kind
  /** What stands in a control that is written into. */
  readonly draft: string
  readonly value: unknown
  readonly disabled: boolean
  readonly onDraft: (draft: string) => void
  /** What was written is meant. */
  readonly onLeave: () => void
  /** One of a few was chosen. */
  readonly onChoose: (value: unknown) => void
}
/** The control of a setting: a check, a picker or a field, as its kind says. */
export function SettingControl({ id, describedBy, wrong, kind, draft, value, disabled, onDraft, onLeave, onChoose }: SettingControlProps) {
  const described = { id, 'aria-describedby': describedBy, 'aria-invalid': wrong || undefined, disabled }
  if (kind.is === 'yes-no') return <Check {...described} label={general.on} checked={value === true} onChange={onChoose} />
  if (kind.is === 'choice')
    return <Select {...described} value={draft} options={kind.options.map((one) => ({ value: one, label: one }))} onChange={onChoose} />
  if (kind.is === 'lines' || kind.is === 'json')
    return (
      <TextArea
        {...described}
        rows={1}
        className="field-sizing-content min-h-8! font-mono"
        spellCheck={false}
        value={draft}
        onBlur={onLeave}
        onChange={(event) => onDraft(event.target.value)}
      />
    )
  return (
    <Input
      {...described}
      spellCheck={false}
      inputMode={kind.is === 'number' ? 'decimal' : 'text'}
      placeholder={kind.nullable ? general.empty : undefined}
      value={draft}
      onBlur={onLeave}
      onChange={(event) => onDraft(event.target.value)}
      onKeyDown={(event) => event.key === 'Enter' && onLeave()}
    />
  )
}
