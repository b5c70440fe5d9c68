import { Bell, Check, CircleDashed, X } from 'lucide-react'
import type { AnswerOf } from '../platform/daemon.ts'
import { Code } from '../parts/code.tsx'
import { Diff } from '../parts/diff.tsx'
import { Json } from '../parts/json.tsx'
import { Plain } from '../parts/plain.tsx'
import { executions as words } from '../text/executions.ts'

/** What a dry run says of one call. */
export type Foreseen = NonNullable<AnswerOf<'executions.start'>['dryRun']>[number]
const looks = {
  allow: [Check, 'text-good'],
  ask: [Bell, 'text-warn'],
  deny: [X, 'text-bad'],
  unknown: [CircleDashed, 'text-muted'],
} as const

/** How a call would be judged: a shape and words. */
export function Decision({ decision }: { readonly decision: Foreseen['decision'] }) {
  const [Icon, colour] = looks[decision]
  return (
    <span className={`inline-flex items-center gap-1 ${colour}`}>
      <Icon aria-hidden size={12} />
      {words.decisions[decision]}
    </span>
  )
}
/** Why a call would be judged so, and what it would do. */
export function ForeseenDetail({ foreseen: { decision, reason, preview } }: { readonly foreseen: Foreseen }) {
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <p className="flex flex-wrap gap-x-2">
        <Decision decision={decision} />
        <span className="min-w-0 break-words text-muted">
          <Plain text={reason} />
        </span>
      </p>
      <Preview preview={preview} />
    </div>
  )
}
/** What a tool says it would do: a difference of files, a sentence, or data. */
function Preview({ preview }: { readonly preview: unknown }) {
  if (typeof preview !== 'object' || preview === null) return null
  const { diff, summary, ...rest } = preview as { diff?: unknown; summary?: unknown }
  return (
    <>
      {typeof summary === 'string' &&
        (summary.includes('\n') ? (
          <Code text={summary} label={words.wouldDo} />
        ) : (
          <p className="break-words">
            <Plain text={summary} />
          </p>
        ))}
      {typeof diff === 'string' && <Diff text={diff} />}
      {Object.keys(rest).length > 0 && <Json value={rest} />}
    </>
  )
}
/** A dry run in a sentence. */
export function summaryOf(all: readonly Pick<Foreseen, 'decision'>[]): string {
  const count = (decision: Foreseen['decision']) => all.filter((one) => one.decision === decision).length
  return words.summary(all.length, count('allow'), count('ask'), count('deny'), count('unknown'))
}
