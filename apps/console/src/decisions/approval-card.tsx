import { Bell } from 'lucide-react'
import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Time } from '../parts/facts.tsx'
import { narrow, useMedia } from '../parts/use-media.ts'
import { decisions as words } from '../text/decisions.ts'
import { Choices, DenyForm } from './decide.tsx'
import { deedOf, type Approval } from './deed.ts'
import { DeedView } from './deed-view.tsx'
import { Plain } from '../parts/plain.tsx'
import { RuleEditor } from './rule-editor.tsx'
import { suggestedRule } from './rule.ts'
import { outcomeOf, usePlace, useSettle } from './settle.ts'
import { isWriting, useArmed } from './use-armed.ts'

export interface ApprovalCardProps {
  readonly approval: Approval
  /** Called when a person here has settled it, before the daemon's news of it have come. */
  readonly onSettled?: () => void
  /** Opens what the call belongs to, by Enter on the card. */
  readonly onOpen?: () => void
  /** Where the call comes from, in the card's head. */
  readonly from?: ReactNode
}
/**
 * One waiting call: the whole deed, and the person's word on it. With focus inside, A allows and D denies. On a phone it is one line that
 * opens a sheet; nothing can be allowed before the deed is in view.
 */
export function ApprovalCard({ approval, onSettled, onOpen, from }: ApprovalCardProps) {
  const root = useRef<HTMLElement>(null)
  const [mode, setMode] = useState<'choose' | 'deny' | 'rule'>('choose')
  const [isSheet, setSheet] = useState(false)
  const isPhone = useMedia(narrow)
  const place = usePlace(approval)
  const { sent, settle, allowAlways, me, mayWriteRules } = useSettle(approval, onSettled)
  const { armed, ...focus } = useArmed()
  const deed = deedOf(approval)
  const suggested = suggestedRule(approval)
  const rule = mayWriteRules ? suggested : null
  const isWaiting = approval.status === 'waiting'
  const choose = () => {
    setMode('choose')
    root.current?.focus()
  }
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && mode !== 'choose') {
      event.preventDefault()
      event.stopPropagation()
      return choose()
    }
    const isFree =
      isWaiting && mode === 'choose' && armed && !event.repeat && !event.metaKey && !event.ctrlKey && !event.altKey && !isWriting(event.target)
    const deeds: Readonly<Record<string, (() => void) | false | undefined>> = {
      a: () => void settle({ decision: 'approve' }),
      d: () => setMode('deny'),
      Enter: event.target === root.current && onOpen,
    }
    const chosen = isFree && (!isPhone || isSheet) && deeds[event.key]
    if (!chosen) return
    event.preventDefault()
    chosen()
  }
  const view = <DeedView approval={approval} deed={deed} folder={place.workspace} />
  const editor = mode === 'rule' && rule !== null && (
    <RuleEditor
      suggested={rule}
      levels={[...(place.sessionId === null ? [] : (['session'] as const)), ...(place.workspace === null ? [] : (['workspace'] as const)), 'global']}
      busy={sent !== null}
      onWrite={(draft) => void allowAlways(draft, rule, place)}
      onCancel={choose}
    />
  )
  const decide =
    mode === 'deny' ? (
      <DenyForm
        busy={sent !== null}
        onDeny={(reason) => void settle({ decision: 'reject', ...(reason === undefined ? {} : { reason }) })}
        onBack={choose}
      />
    ) : mode === 'choose' ? (
      <Choices
        rule={rule}
        whyNoRule={suggested === null ? words.noRule : words.mayNotWriteRules}
        inSession={place.sessionId !== null}
        sent={sent}
        armed={armed}
        onAllow={(scope) => void settle({ decision: 'approve', scope })}
        onAlways={() => setMode('rule')}
        onDeny={() => setMode('deny')}
      />
    ) : null
  const name = words.asks(approval.toolId)
  return (
    <article
      ref={root}
      tabIndex={0}
      aria-label={name}
      data-approval={approval.id}
      onKeyDown={keys}
      {...focus}
      className="flex min-w-0 flex-col gap-2 rounded-sm border border-warn bg-ground p-3"
    >
      <header className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Bell aria-hidden size={14} className="text-warn" />
        <h3 className="font-bold">
          <Plain text={name} />
        </h3>
        <div className="min-w-0 flex-1">{from}</div>
        {isWaiting && (
          <span className="text-xs text-muted">
            {words.expires} <Time at={approval.expiresAt} />
          </span>
        )}
      </header>
      {!isWaiting && (
        <p className="text-muted">
          {outcomeOf(approval, me)}
          {approval.note !== null && (
            <>
              {': '}
              <Plain text={approval.note} />
            </>
          )}
        </p>
      )}
      {isPhone && isWaiting ? (
        <>
          <p className="line-clamp-2 text-muted">
            <Plain text={approval.reason} />
          </p>
          <Button kind="primary" className="h-11!" onClick={() => setSheet(true)}>
            {words.review}
          </Button>
          <Dialog open={isSheet} onClose={() => setSheet(false)} title={name} actions={decide ?? undefined}>
            {view}
            {editor}
          </Dialog>
        </>
      ) : (
        <>
          {view}
          {isWaiting && editor}
          {isWaiting && decide}
        </>
      )}
    </article>
  )
}
