import { CircleHelp } from 'lucide-react'
import { useRef, useState, type FormEvent, type KeyboardEvent, type ReactNode } from 'react'
import { Button } from '../parts/button.tsx'
import { say, sayFault } from '../parts/toast.tsx'
import { call } from '../platform/daemon.ts'
import { decisions as words } from '../text/decisions.ts'
import { answersOf, isAnswered, nothing, toggled, type Choice, type Question } from './answer.ts'
import { Plain } from '../parts/plain.tsx'
import { QuestionItem } from './question-item.tsx'
import { isWriting, useArmed } from './use-armed.ts'

export interface QuestionCardProps {
  readonly question: Question
  /** Called when a person here has answered it, before the daemon's news of it have come. */
  readonly onSettled?: () => void
  /** Opens the session that asks, by Enter on the card. */
  readonly onOpen?: () => void
  /** Where the question comes from, in the card's head. */
  readonly from?: ReactNode
}
const spoken = (answer: unknown): string => (Array.isArray(answer) ? answer.join(', ') : String(answer ?? '')) || words.noAnswer

/** What was answered to a question that is over. */
function Over({ question }: { readonly question: Question }) {
  if (question.status === 'cancelled') return <p className="text-muted">{words.questionOver}</p>
  return (
    <dl className="flex flex-col gap-1">
      {question.items.map(({ id, question: asked }) => (
        <div key={id}>
          <dt className="text-muted">
            <Plain text={asked} />
          </dt>
          <dd>
            <Plain text={spoken(question.answers?.[id])} />
          </dd>
        </div>
      ))}
    </dl>
  )
}
/** A question of an agent: options, several of them, or a text. With focus inside, digits choose; Enter sends, Shift and Enter begin a line. */
export function QuestionCard({ question, onSettled, onOpen, from }: QuestionCardProps) {
  const root = useRef<HTMLElement>(null)
  const [choices, setChoices] = useState<Readonly<Record<string, Choice>>>({})
  const [at, setAt] = useState(0)
  const [isSent, setSent] = useState(false)
  const { armed, ...focus } = useArmed()
  const isWaiting = question.status === 'waiting'
  const change = (id: string, choice: Choice) => setChoices((before) => ({ ...before, [id]: choice }))
  const isReady = Object.values(choices).some(isAnswered)
  const send = async () => {
    if (isSent || !isReady) return
    setSent(true)
    try {
      const { settled } = await call('questions.answer', { id: question.id, answer: answersOf(question.items, choices) })
      if (!settled) say(words.lateQuestion)
      onSettled?.()
    } catch (error) {
      setSent(false)
      sayFault(error)
    }
  }
  const choose = (digit: number) => {
    const item = question.items[at]
    const option = item?.options?.[digit - 1]
    if (!item || !option) return
    change(item.id, toggled(item, choices[item.id] ?? nothing, option.label))
    if (item.multiSelect !== true) setAt(Math.min(at + 1, question.items.length - 1))
  }
  const keys = (event: KeyboardEvent) => {
    if (!isWaiting || isSent || event.repeat || event.altKey) return
    const isSend = event.key === 'Enter' && !event.shiftKey && !(event.target instanceof HTMLButtonElement)
    const isDigit = armed && /^[1-9]$/.test(event.key) && !event.metaKey && !event.ctrlKey && !isWriting(event.target)
    if (!isSend && !isDigit) return
    if (isSend && !isReady && event.target !== root.current) return
    event.preventDefault()
    if (isDigit) choose(Number(event.key))
    else if (isReady) void send()
    else onOpen?.()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void send()
  }
  return (
    <article
      ref={root}
      tabIndex={0}
      aria-label={words.question}
      data-question={question.id}
      onKeyDown={keys}
      {...focus}
      className="flex min-w-0 flex-col gap-2 rounded-sm border border-warn bg-ground p-3"
    >
      <header className="flex flex-wrap items-center gap-2">
        <CircleHelp aria-hidden size={14} className="text-warn" />
        <h3 className="font-bold">{words.question}</h3>
        <div className="min-w-0 flex-1">{from}</div>
      </header>
      {isWaiting ? (
        <form onSubmit={submit} className="flex flex-col gap-4">
          {question.items.map((item, index) => (
            <QuestionItem
              key={item.id}
              item={item}
              choice={choices[item.id] ?? nothing}
              onChange={(choice) => change(item.id, choice)}
              onFocus={() => setAt(index)}
            />
          ))}
          <div className="flex justify-end max-sm:*:h-11! max-sm:*:flex-1">
            <Button type="submit" kind="primary" busy={isSent} disabled={!isReady}>
              {words.answer}{' '}
              <kbd aria-hidden className="text-xs opacity-70 max-sm:hidden">
                ⏎
              </kbd>
            </Button>
          </div>
        </form>
      ) : (
        <Over question={question} />
      )}
    </article>
  )
}
