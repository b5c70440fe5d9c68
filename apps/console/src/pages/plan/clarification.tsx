import { useState } from 'react'
import { Button } from '../../parts/button.tsx'
import { Field, TextArea } from '../../parts/field.tsx'
import { Plain } from '../../parts/plain.tsx'
import type { AnswerOf } from '../../platform/daemon.ts'
import { plan as words } from '../../text/plan.ts'

export interface ClarificationProps {
  readonly answer: AnswerOf<'plans.create'>
  readonly busy: boolean
  readonly onAnswer: (said: string) => void
}
/** A request that became no plan: what the planner asks, to be answered in place. */
export function Clarification({ answer: { clarification = '', confidence, planner }, busy, onAnswer }: ClarificationProps) {
  const [said, setSaid] = useState('')
  const isEmpty = said.trim() === ''
  const send = () => {
    if (!isEmpty && !busy) onAnswer(said.trim())
  }
  return (
    <section aria-label={words.clarify.title} className="flex flex-col gap-3 rounded-sm border border-warn p-3">
      <header className="flex flex-wrap items-baseline gap-x-3">
        <h2 className="text-md font-bold">{words.clarify.title}</h2>
        <span className="text-muted">
          {words.by(planner)}, {words.confidence(confidence)}
        </span>
      </header>
      <p role="status" className="max-w-[72ch] text-md break-words whitespace-pre-wrap">
        <Plain text={clarification} />
      </p>
      <form
        className="flex flex-col gap-2"
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        <Field label={words.clarify.answer} hint={planner === 'builtin' ? words.clarify.hintBuiltin : words.clarify.hint}>
          {(described) => (
            <TextArea
              {...described}
              rows={1}
              maxLength={10_000}
              value={said}
              onChange={(event) => setSaid(event.target.value)}
              onKeyDown={(event) => {
                if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
                event.preventDefault()
                send()
              }}
            />
          )}
        </Field>
        <div>
          <Button type="submit" kind="primary" busy={busy} disabled={isEmpty}>
            {words.clarify.send}
          </Button>
        </div>
      </form>
    </section>
  )
}
