import { use, useEffect, useState } from 'react'
import { ago, duration, money } from './format.ts'
import { RowContext } from './row-context.ts'

/** A time as people say it, the exact one on focus or hover. */
export function Time({ at }: { readonly at: string }) {
  const [, again] = useState(0)
  const [isExact, setIsExact] = useState(false)
  const inRow = use(RowContext)
  useEffect(() => {
    const timer = setInterval(() => again((count) => count + 1), 30_000)
    return () => clearInterval(timer)
  }, [])
  const exact = new Date(at).toLocaleString()
  return (
    <time
      dateTime={at}
      title={exact}
      tabIndex={inRow ? undefined : 0}
      onFocus={() => setIsExact(true)}
      onBlur={() => setIsExact(false)}
      className="whitespace-nowrap text-muted"
    >
      {isExact ? exact : ago(at, Date.now())}
    </time>
  )
}
/** An amount of money; `usd` in US dollars. */
export const Money = ({ usd }: { readonly usd: number }) => <span className="whitespace-nowrap tabular-nums">{money(usd)}</span>
/** How long something took; milliseconds. */
export const Duration = ({ ms }: { readonly ms: number }) => <span className="whitespace-nowrap text-muted tabular-nums">{duration(ms)}</span>
