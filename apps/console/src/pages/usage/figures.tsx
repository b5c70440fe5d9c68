import { count, money } from '../../parts/format.ts'
import { usage as words } from '../../text/usage.ts'
import { cacheShare, tokensOf, type Figures } from './sums.ts'

const percent = (share: number | undefined) => (share === undefined ? '—' : `${Math.round(share * 100)} %`)
/** The sums of all that is shown. */
export function TotalFigures({ sum, days }: { readonly sum: Figures; readonly days: number | undefined }) {
  const figures: readonly (readonly [string, string, string | undefined])[] = [
    [words.cost, money(sum.costUsd), days === undefined || days < 2 ? undefined : `${money(sum.costUsd / days)} ${words.perDay}`],
    [words.tokens, count(tokensOf(sum)), `${words.input} ${count(sum.inputTokens)} · ${words.output} ${count(sum.outputTokens)}`],
    [words.cacheShare, percent(cacheShare(sum)), `${words.cacheRead} ${count(sum.cacheReadTokens)}`],
    [words.turns, sum.turns.toLocaleString('en-US'), `${words.tools} ${sum.tools.toLocaleString('en-US')}`],
  ]
  return (
    <dl aria-label={words.totals} className="grid grid-cols-2 gap-x-6 gap-y-3 border-y py-3 lg:grid-cols-4">
      {figures.map(([name, value, more]) => (
        <div key={name} className="flex min-w-0 flex-col">
          <dt className="text-xs text-muted">{name}</dt>
          <dd className="text-lg font-bold">{value}</dd>
          {more !== undefined && <dd className="truncate text-xs text-muted">{more}</dd>}
        </div>
      ))}
    </dl>
  )
}
