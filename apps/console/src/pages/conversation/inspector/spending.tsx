import type { Session } from '@steward/contract/daemon'
import { useContextSize } from '../../../composer/use-context-size.ts'
import { Money } from '../../../parts/facts.tsx'
import { count, money } from '../../../parts/format.ts'
import { Meter } from '../../../parts/meter.tsx'
import type { AnswerOf } from '../../../platform/daemon.ts'
import { inspector as text } from '../../../text/inspector.ts'
import { Budget } from './budget.tsx'
import { Fact, Group } from './group.tsx'
import { Spark } from './spark.tsx'

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
