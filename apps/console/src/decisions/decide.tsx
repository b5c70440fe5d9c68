import { useState, type FormEvent, type MouseEvent, type ReactNode } from 'react'
import { Button } from '../parts/button.tsx'
import { Field, Input } from '../parts/field.tsx'
import { decisions as words } from '../text/decisions.ts'
import { Plain } from '../parts/plain.tsx'
import type { RuleDraft } from './rule.ts'

/** The letter that does the same as a button. */
const Key = ({ children }: { readonly children: ReactNode }) => (
  <kbd aria-hidden className="text-xs opacity-70 max-sm:hidden">
    {children}
  </kbd>
)
/** A second click of a double one would be for what stands there next. */
const once = (deed: () => void) => (event: MouseEvent) => event.detail > 1 || deed()

export interface ChoicesProps {
  /** The rule of "This session" and "Always…"; null where no single rule can stand for the call. */
  readonly rule: RuleDraft | null
  readonly whyNoRule: string | null
  readonly inSession: boolean
  readonly sent: 'approve' | 'reject' | null
  /** The keys are heard now. */
  readonly armed: boolean
  readonly onAllow: (scope: 'once' | 'session') => void
  readonly onAlways: () => void
  readonly onDeny: () => void
}
/** What a person can say to a call. */
export function Choices({ rule, whyNoRule, inSession, sent, armed, onAllow, onAlways, onDeny }: ChoicesProps) {
  const isBusy = sent !== null
  return (
    <div className="flex flex-1 flex-wrap items-center justify-end gap-2">
      <p className="min-w-0 flex-1 basis-60 text-xs text-muted">
        {rule === null ? (
          whyNoRule
        ) : (
          <>
            {words.wouldAllow}{' '}
            <span className="font-mono break-all">
              <Plain text={words.ruleSays(rule.tool, rule.pattern === '' ? null : rule.pattern)} />
            </span>
          </>
        )}
      </p>
      <div className="flex flex-wrap justify-end gap-2 max-sm:w-full max-sm:*:h-11! max-sm:*:flex-1">
        <Button kind="danger" disabled={isBusy} aria-keyshortcuts={armed ? 'D' : undefined} onClick={once(onDeny)}>
          {words.deny} <Key>D</Key>
        </Button>
        {rule !== null && (
          <>
            <Button disabled={isBusy} onClick={once(onAlways)}>
              {words.always}
            </Button>
            {inSession && (
              <Button disabled={isBusy} onClick={once(() => onAllow('session'))}>
                {words.session}
              </Button>
            )}
          </>
        )}
        <Button
          kind="primary"
          busy={sent === 'approve'}
          disabled={isBusy}
          aria-keyshortcuts={armed ? 'A' : undefined}
          onClick={once(() => onAllow('once'))}
        >
          {words.allow} <Key>A</Key>
        </Button>
      </div>
    </div>
  )
}
/** Asks for the reason of a denial, which the agent is told. */
export function DenyForm({
  busy,
  onDeny,
  onBack,
}: {
  readonly busy: boolean
  readonly onDeny: (reason: string | undefined) => void
  readonly onBack: () => void
}) {
  const [reason, setReason] = useState('')
  const deny = (event: FormEvent) => {
    event.preventDefault()
    if (!busy) onDeny(reason.trim() === '' ? undefined : reason.trim())
  }
  return (
    <form onSubmit={deny} className="flex flex-1 flex-wrap items-end justify-end gap-2">
      <Field label={words.reason} className="flex-1 basis-60">
        {(described) => <Input {...described} autoFocus maxLength={10_000} value={reason} onChange={(event) => setReason(event.target.value)} />}
      </Field>
      <div className="flex gap-2 max-sm:w-full max-sm:*:h-11! max-sm:*:flex-1">
        <Button onClick={onBack}>{words.back}</Button>
        <Button type="submit" kind="danger" busy={busy}>
          {words.denyNow}
        </Button>
      </div>
    </form>
  )
}
