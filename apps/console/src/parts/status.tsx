import { Ban, Bell, Check, CircleDashed, CircleDot, CircleSlash, Clock, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { text } from '../text/index.ts'

/** Every state that something of the daemon can be in, each with a shape and a colour of its own. */
const looks = {
  idle: [<CircleSlash key="i" size={12} className="opacity-0" />, 'text-muted'],
  queued: [<Clock key="i" size={12} />, 'text-muted'],
  running: [<CircleDot key="i" size={12} className="animate-pulse" />, 'text-good'],
  waiting: [<Bell key="i" size={12} />, 'text-warn'],
  completed: [<Check key="i" size={12} />, 'text-good'],
  failed: [<X key="i" size={12} />, 'text-bad'],
  denied: [<Ban key="i" size={12} />, 'text-bad'],
  cancelled: [<CircleSlash key="i" size={12} />, 'text-muted'],
  interrupted: [<CircleDashed key="i" size={12} />, 'text-warn'],
} as const satisfies Record<string, readonly [ReactNode, string]>
export type State = keyof typeof looks

export interface StatusProps {
  readonly state: State
  /** The word is for those who do not see the shape. */
  readonly dot?: boolean
  /** A closer word for it. */
  readonly word?: string
}
/** The state of something, where the thing is: a shape and a word. */
export function Status({ state, dot = false, word = text.states[state] }: StatusProps) {
  const [icon, colour] = looks[state]
  return (
    <span className={`inline-flex items-center gap-1 ${colour}`} title={dot ? word : undefined}>
      {state === 'idle' ? <span aria-hidden className="size-2 rounded-full border border-line-strong" /> : <span aria-hidden>{icon}</span>}
      <span className={dot ? 'sr-only' : ''}>{word}</span>
    </span>
  )
}
