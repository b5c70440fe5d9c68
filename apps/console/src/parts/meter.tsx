import { parts as words } from '../text/parts.ts'

export interface MeterProps {
  readonly label: string
  readonly value: number
  /** All there is; what is at or under zero has no bar. */
  readonly max: number
  readonly format?: (value: number) => string
}
const tones = { calm: 'bg-accent', near: 'bg-warn', full: 'bg-bad' } as const
const wordColours = { calm: 'text-muted', near: 'text-warn', full: 'text-bad' } as const

/** How much of something is used: a bar and the same in words. From four fifths on it says that little is left. */
export function Meter({ label, value, max, format = (number) => number.toLocaleString('en-US') }: MeterProps) {
  const share = max > 0 ? value / max : 0
  const tone = share >= 1 ? 'full' : share >= 0.8 ? 'near' : 'calm'
  const said = words.ofMax(format(value), format(max)) + { calm: '', near: `, ${words.nearlyFull}`, full: `, ${words.full}` }[tone]
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <div className="flex justify-between gap-3 text-xs">
        <span className="truncate">{label}</span>
        <span className={`shrink-0 ${wordColours[tone]}`}>{said}</span>
      </div>
      <div
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={Math.max(max, 0)}
        aria-valuenow={Math.min(Math.max(value, 0), Math.max(max, 0))}
        aria-valuetext={said}
        className="h-1.5 overflow-hidden rounded-full border border-line-strong bg-raised"
      >
        <div className={`h-full ${tones[tone]}`} style={{ width: `${Math.min(Math.max(share, 0), 1) * 100}%` }} />
      </div>
    </div>
  )
}
