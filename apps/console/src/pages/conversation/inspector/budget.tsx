import type { Session } from '@steward/contract/daemon'
import { Suspense, useState } from 'react'
import { late } from '../../../parts/late.ts'
import { Button } from '../../../parts/button.tsx'
import { inspector as text } from '../../../text/inspector.ts'

const BudgetForm = late(async () => (await import('./budget-form.tsx')).BudgetForm)

/** What a session may cost: a button that opens where it is written. */
export function Budget({ session }: { readonly session: Session }) {
  const [isOpen, setOpen] = useState(false)
  const button = (
    <Button size="sm" kind="quiet" className="-ml-2 self-start text-muted" onClick={() => setOpen(true)}>
      {session.budgetUsd === null ? text.setBudget : text.changeBudget}
    </Button>
  )
  if (!isOpen) return button
  return (
    <Suspense fallback={button}>
      <BudgetForm session={session} onDone={() => setOpen(false)} />
    </Suspense>
  )
}
