import { Check, Circle, CircleDot, TriangleAlert, X } from 'lucide-react'
import type { ReactNode } from 'react'

const looks = {
  good: [Check, 'text-good'],
  busy: [CircleDot, 'text-good'],
  warn: [TriangleAlert, 'text-warn'],
  bad: [X, 'text-bad'],
  none: [Circle, 'text-muted'],
} as const
export type Tone = keyof typeof looks

/** How a thing does, in a word with a shape and a colour. */
export function Mark({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  const [Icon, colour] = looks[tone]
  return (
    <span className={`inline-flex items-center gap-1 whitespace-nowrap ${colour}`}>
      <Icon aria-hidden size={12} className="shrink-0" />
      {children}
    </span>
  )
}
