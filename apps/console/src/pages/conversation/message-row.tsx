import { Attachments } from '../../attachments/attachments.tsx'
import type { Message } from '@steward/contract/daemon'
import { ChevronDown, ChevronRight, CircleDashed } from 'lucide-react'
import { memo, type KeyboardEvent } from 'react'
import { Time } from '../../parts/facts.tsx'
import { Markdown } from '../../parts/markdown.tsx'
import { Plain } from '../../parts/plain.tsx'
import { conversation as words } from '../../text/conversation.ts'
import { MessageMenu } from './message-menu.tsx'
import { Reasoning } from './reasoning.tsx'
import { ToolCall } from './tool-call.tsx'
import { useMessageActions } from './use-message-actions.ts'
import { useWatched } from './use-conversation.ts'
import { useKept } from './use-kept.ts'

export interface MessageRowProps {
  readonly id: string
  /** It goes on where the row above ended: the same run speaks. */
  readonly isContinued: boolean
  /** The address points at it. */
  readonly isMarked: boolean
}
/** One message. Draws again when it changes, and only then. With focus on it, single letters do what its menu does. */
export const MessageRow = memo(function MessageRow({ id, isContinued, isMarked }: MessageRowProps) {
  const message = useWatched(id, (store) => store.message(id))
  return message === undefined ? null : <Row message={message} isContinued={isContinued} isMarked={isMarked} />
})
function Row({ message, isContinued, isMarked }: { readonly message: Message; readonly isContinued: boolean; readonly isMarked: boolean }) {
  const actions = useMessageActions(message)
  const pressed = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.metaKey || event.ctrlKey || event.altKey) return
    const action = actions.find(({ keys, isPossible }) => keys === event.key && isPossible)
    if (!action) return
    event.preventDefault()
    action.run()
  }
  const Body = message.role === 'assistant' ? Answer : message.synthetic ? Note : Said
  return (
    <article
      id={message.id}
      data-marked={isMarked ? '' : undefined}
      tabIndex={-1}
      aria-label={`${whoSays(message)}, ${new Date(message.createdAt).toLocaleString()}`}
      onKeyDown={pressed}
      className={`group relative min-w-0 rounded-sm px-3 ${isContinued ? 'py-1' : 'pt-3 pb-1'} ${isMarked ? 'bg-accent-soft outline-2 outline-accent' : ''}`}
    >
      {!isContinued && !message.synthetic && <Head message={message} />}
      <div className={`absolute right-1 ${isContinued ? 'top-1' : 'top-3'}`}>
        <MessageMenu actions={actions} />
      </div>
      <Body message={message} />
    </article>
  )
}
const whoSays = ({ role, synthetic }: Message) => (role === 'assistant' ? words.assistant : synthetic ? words.steward : words.you)

function Head({ message }: { readonly message: Message }) {
  const { origin } = message
  const from =
    origin?.channel ?? (origin?.door === undefined || ['http', 'ws', 'websocket', 'ipc', 'console'].includes(origin.door) ? undefined : origin.door)
  return (
    <header className="mb-1 flex min-h-6 flex-wrap items-center gap-x-2 pr-10 text-xs text-muted">
      <strong className="text-sm font-bold text-ink">
        {message.role === 'user' && !message.synthetic && from !== undefined ? words.from(from) : whoSays(message)}
      </strong>
      {message.model !== null && <Plain text={message.model} />}
      <Time at={message.createdAt} />
    </header>
  )
}
interface BodyProps {
  readonly message: Message
}
/** What a person has written. */
const Said = ({ message }: BodyProps) => (
  <div className="flex max-w-[76ch] min-w-0 flex-col gap-2 rounded-sm border bg-panel px-3 py-2 text-md">
    <div dir="auto">
      <Plain text={message.text} />
    </div>
    <Attachments items={message.attachments} />
  </div>
)
/** What Steward itself told the model: one line until it is opened. */
function Note({ message: { id, text } }: BodyProps) {
  const [isOpen, setOpen] = useKept(id, false)
  const Chevron = isOpen ? ChevronDown : ChevronRight
  return (
    <>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="flex min-h-7 items-center gap-2 rounded-sm px-1 text-xs text-muted hover:bg-accent-soft"
      >
        <Chevron aria-hidden size={13} />
        {words.note}
      </button>
      {isOpen && (
        <div className="ml-2 max-w-[76ch] border-l pl-3 text-muted">
          <Plain text={text} />
        </div>
      )}
    </>
  )
}
/** What the model said, thought and did. */
function Answer({ message: { id, text, reasoning, status, toolCalls } }: BodyProps) {
  const isStreaming = status === 'streaming'
  return (
    <div className="flex min-w-0 flex-col gap-2 pr-8">
      {reasoning !== null && reasoning !== '' && <Reasoning messageId={id} text={reasoning} isNow={isStreaming && text === ''} />}
      {text !== '' && (
        <div className={isStreaming ? 'streaming' : undefined}>
          <Markdown text={text} streaming={isStreaming} />
        </div>
      )}
      {toolCalls.map((call) => (
        <ToolCall key={call.id} call={call} />
      ))}
      {status === 'interrupted' && (
        <p className="flex items-center gap-1 text-xs text-warn" title={words.interruptedAbout}>
          <CircleDashed aria-hidden size={12} />
          {words.interrupted}
        </p>
      )}
    </div>
  )
}
