import type { Session } from '@steward/contract/daemon'
import { useState } from 'react'
import { useSettings } from '../../../composer/use-settings.ts'
import { Button } from '../../../parts/button.tsx'
import { Field, Input } from '../../../parts/field.tsx'
import { money } from '../../../parts/format.ts'
import { text as all } from '../../../text/index.ts'
import { readBudget } from '../../../parts/amount.ts'
import { inspector as text } from '../../../text/inspector.ts'

/** Where it is written what a session may cost. */
export function BudgetForm({ session, onDone }: { readonly session: Session; readonly onDone: () => void }) {
  const change = useSettings(session)
  const { budgetUsd } = session
  const [written, write] = useState(budgetUsd === null ? '' : String(budgetUsd))
  const usd = readBudget(written)
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        if (usd === undefined) return
        onDone()
        if (usd !== budgetUsd) change({ budgetUsd: usd }, usd === null ? text.noBudget : text.budgetSet(money(usd)))
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        onDone()
      }}
    >
      <Field label={text.budgetField} hint={text.budgetHint} error={usd === undefined ? text.badBudget : undefined}>
        {(field) => <Input {...field} autoFocus inputMode="decimal" value={written} onChange={(event) => write(event.target.value)} />}
      </Field>
      <div className="flex gap-2">
        <Button type="submit" size="sm" kind="primary" disabled={usd === undefined}>
          {all.common.save}
        </Button>
        <Button size="sm" onClick={() => onDone()}>
          {all.common.cancel}
        </Button>
      </div>
    </form>
  )
}
