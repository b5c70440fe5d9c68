import type { Session } from '@steward/contract/daemon'
import { useState } from 'react'
import { useSettings } from '../../../composer/use-settings.ts'
import { useContextSize } from '../../../composer/use-context-size.ts'
import { Button } from '../../../parts/button.tsx'
import { Money } from '../../../parts/facts.tsx'
import { Field, Input } from '../../../parts/field.tsx'
import { count, money } from '../../../parts/format.ts'
import { Meter } from '../../../parts/meter.tsx'
import type { AnswerOf } from '../../../platform/daemon.ts'
import { text as all } from '../../../text/index.ts'
import { inspector as text } from '../../../text/inspector.ts'
import { Fact, Group } from './group.tsx'
import { Spark } from './spark.tsx'

/** An amount as people write it: null for none, undefined for what is no amount. */
function readBudget(written: string): number | null | undefined {
  const plain = written.trim().replace(/^\$/, '')
  if (plain === '') return null
  const usd = Number(plain)
  return usd >= 0 && usd <= 100_000 ? usd : undefined
}
function Budget({ session }: { readonly session: Session }) {
  const change = useSettings(session)
  const [written, write] = useState<string | null>(null)
  const { budgetUsd } = session
  const usd = readBudget(written ?? '')
  if (written === null)
    return (
      <Button size="sm" kind="quiet" className="-ml-2 self-start text-muted" onClick={() => write(budgetUsd === null ? '' : String(budgetUsd))}>
        {budgetUsd === null ? text.setBudget : text.changeBudget}
      </Button>
    )
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        if (usd === undefined) return
        write(null)
        if (usd !== budgetUsd) change({ budgetUsd: usd }, usd === null ? text.noBudget : text.budgetSet(money(usd)))
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        write(null)
      }}
    >
      <Field label={text.budgetField} hint={text.budgetHint} error={usd === undefined ? text.badBudget : undefined}>
        {(field) => <Input {...field} autoFocus inputMode="decimal" value={written} onChange={(event) => write(event.target.value)} />}
      </Field>
      <div className="flex gap-2">
        <Button type="submit" size="sm" kind="primary" disabled={usd === undefined}>
          {all.common.save}
        </Button>
        <Button size="sm" onClick={() => write(null)}>
          {all.common.cancel}
        </Button>
      </div>
    </form>
  )
}
export interface SpendingProps {
  readonly session: Session
  readonly steps: AnswerOf<'sessions.overview'>['steps']
}
const kinds = Object.keys(text.kinds) as (keyof typeof text.kinds)[]

/** How much the model reads, what the session has cost, and what it may cost. */
export function Spending({ session, steps }: SpendingProps) {
  const { used, max } = useContextSize(session)
  const { usage, budgetUsd } = session
  const costs = steps.slice(-40).map(({ costUsd }) => costUsd)
  return (
    <Group title={text.cost}>
      {used > 0 && max > 0 && <Meter label={text.context} value={used} max={max} format={count} />}
      {used > 0 && max === 0 && (
        <dl>
          <Fact name={text.context}>{count(used)}</Fact>
        </dl>
      )}
      {budgetUsd === null ? (
        <dl>
          <Fact name={text.cost}>
            <Money usd={usage.costUsd} />
          </Fact>
        </dl>
      ) : (
        <Meter label={text.budget} value={usage.costUsd} max={budgetUsd} format={money} />
      )}
      <Budget session={session} />
      {costs.length > 1 && (
        <div>
          <p className="text-xs text-muted">{text.costPerStep}</p>
          <Spark costs={costs} />
        </div>
      )}
      <dl>
        {kinds
          .filter((kind) => usage[kind] > 0)
          .map((kind) => (
            <Fact key={kind} name={text.kinds[kind]}>
              {count(usage[kind])}
            </Fact>
          ))}
      </dl>
    </Group>
  )
}
