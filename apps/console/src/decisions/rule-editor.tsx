import { useState, type FormEvent } from 'react'
import { Button } from '../parts/button.tsx'
import { Field, Input, Select } from '../parts/field.tsx'
import { common } from '../text/common.ts'
import { decisions as words } from '../text/decisions.ts'
import { isToolName, lasting, type RuleDraft, type Until } from './rule.ts'

export interface RuleEditorProps {
  readonly suggested: RuleDraft
  readonly levels: readonly RuleDraft['level'][]
  readonly busy: boolean
  readonly onWrite: (draft: RuleDraft) => void
  readonly onCancel: () => void
}
const ends = Object.keys(lasting) as Until[]

/** The rule that "Always" would write, which a person may change before it is written. */
export function RuleEditor({ suggested, levels, busy, onWrite, onCancel }: RuleEditorProps) {
  const [draft, setDraft] = useState(suggested)
  const change = (part: Partial<RuleDraft>) => setDraft((before) => ({ ...before, ...part }))
  const isSound = isToolName(draft.tool)
  const write = (event: FormEvent) => {
    event.preventDefault()
    if (isSound && !busy) onWrite({ ...draft, pattern: draft.pattern.trim() })
  }
  return (
    <form onSubmit={write} aria-label={words.ruleTitle} className="flex flex-col gap-3 border-t pt-3">
      <p className="font-bold">{words.ruleTitle}</p>
      <div className="grid gap-3 sm:grid-cols-[1fr_2fr]">
        <Field label={words.ruleTool} {...(isSound ? {} : { error: words.ruleToolError })}>
          {(described) => (
            <Input
              {...described}
              autoFocus
              className="font-mono"
              value={draft.tool}
              onChange={(event) => change({ tool: event.target.value.trim() })}
            />
          )}
        </Field>
        <Field
          label={words.rulePattern}
          hint={draft.pattern.trim() === '' ? <span className="text-warn">{words.ruleEverything(draft.tool)}</span> : words.rulePatternHint}
        >
          {(described) => (
            <Input {...described} className="font-mono" value={draft.pattern} onChange={(event) => change({ pattern: event.target.value })} />
          )}
        </Field>
        <Field label={words.ruleLevel}>
          {(described) => (
            <Select
              {...described}
              value={draft.level}
              options={levels.map((value) => ({ value, label: words.levels[value] }))}
              onChange={(level) => change({ level })}
            />
          )}
        </Field>
        <Field label={words.ruleUntil}>
          {(described) => (
            <Select
              {...described}
              value={draft.until}
              options={ends.map((value) => ({ value, label: words.until[value] }))}
              onChange={(until) => change({ until })}
            />
          )}
        </Field>
      </div>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onCancel}>{common.cancel}</Button>
        <Button type="submit" kind="primary" busy={busy} disabled={!isSound}>
          {words.writeRule}
        </Button>
      </div>
    </form>
  )
}
