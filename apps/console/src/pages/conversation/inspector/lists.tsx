import { CircleCheck, CircleDashed, CircleDot, Undo2, X } from 'lucide-react'
import { fileAddress } from '../../../attachments/attachments.tsx'
import { IconButton } from '../../../parts/button.tsx'
import { bytes } from '../../../parts/format.ts'
import { Time } from '../../../parts/facts.tsx'
import { Plain } from '../../../parts/plain.tsx'
import { sayFault, sayUndo } from '../../../parts/toast.tsx'
import { call, type AnswerOf } from '../../../platform/daemon.ts'
import { useList, type ItemOf } from '../../../platform/operations.ts'
import { inspector as text } from '../../../text/inspector.ts'
import { Group } from './group.tsx'

type Overview = AnswerOf<'sessions.overview'>
const marks = {
  pending: <CircleDashed size={13} className="text-muted" />,
  in_progress: <CircleDot size={13} className="text-accent" />,
  completed: <CircleCheck size={13} className="text-good" />,
} as const

/** What the agent has set itself to do. */
export function Todos({ todos }: { readonly todos: Overview['todos'] }) {
  if (todos.length === 0) return null
  return (
    <Group title={text.todos}>
      <ul className="flex flex-col gap-1">
        {todos.map(({ id, content, status }) => (
          <li key={id} className="flex gap-2">
            <span aria-hidden className="pt-0.5">
              {marks[status]}
            </span>
            <span className={`min-w-0 flex-1 ${status === 'completed' ? 'text-muted' : ''}`}>
              <Plain text={content} />
              <span className="sr-only"> ({text.todoStates[status]})</span>
            </span>
          </li>
        ))}
      </ul>
    </Group>
  )
}
/** The states of the workspace to which one can go back. */
export function Checkpoints({
  checkpoints,
  onRestore,
}: {
  readonly checkpoints: Overview['checkpoints']
  readonly onRestore: (messageId: string) => void
}) {
  if (checkpoints.length === 0) return null
  return (
    <Group title={text.checkpoints}>
      <ul>
        {checkpoints.map(({ messageId, text: words, at }) => (
          <li key={messageId} className="flex min-h-8 items-center gap-2">
            <span className="line-clamp-1 min-w-0 flex-1 break-all">
              <span className="text-muted">{text.before} </span>
              <Plain text={words} />
            </span>
            <Time at={at} />
            <IconButton size="sm" label={text.restore(words.slice(0, 60))} onClick={() => onRestore(messageId)}>
              <Undo2 aria-hidden size={14} />
            </IconButton>
          </li>
        ))}
      </ul>
    </Group>
  )
}
/** The files that were uploaded into a session. */
export function SessionFiles({ sessionId }: { readonly sessionId: string }) {
  const { items } = useList('files.list', { sessionId, limit: 50 })
  if (items.length === 0) return null
  return (
    <Group title={text.files}>
      <ul>
        {items.map(({ id, name, size }) => (
          <li key={id} className="flex min-h-7 items-center gap-2">
            <a
              href={fileAddress(id)}
              download={name}
              className="min-w-0 flex-1 truncate underline decoration-line-strong underline-offset-2 hover:text-accent"
            >
              <bdi>{name}</bdi>
            </a>
            <span className="shrink-0 text-xs text-muted">{bytes(size)}</span>
          </li>
        ))}
      </ul>
    </Group>
  )
}
function removeRule({ id, tool, pattern, action, sessionId, expiresAt }: ItemOf<'permissions.list'>): void {
  const again = () =>
    call('permissions.add', {
      tool,
      action,
      level: 'session',
      ...(pattern === null ? {} : { pattern }),
      ...(sessionId === null ? {} : { sessionId }),
      ...(expiresAt === null ? {} : { expiresAt }),
    })
  call('permissions.remove', { id }).then(() => sayUndo(text.ruleRemoved, () => void again().catch(sayFault)), sayFault)
}
/** What was allowed or denied for this session alone. */
export function Rules({ sessionId }: { readonly sessionId: string }) {
  const rules = useList('permissions.list', { sessionId, limit: 200 }).items.filter(({ level }) => level === 'session')
  if (rules.length === 0) return null
  return (
    <Group title={text.rules}>
      <ul>
        {rules.map((rule) => (
          <li key={rule.id} className="flex min-h-8 items-center gap-2">
            <span className="text-xs text-muted">{text.actionsOfRules[rule.action]}</span>
            <span className="min-w-0 flex-1 font-mono text-xs break-all">
              <Plain text={rule.pattern === null ? rule.tool : `${rule.tool} ${rule.pattern}`} />
            </span>
            <IconButton size="sm" label={text.removeRule(rule.tool)} onClick={() => removeRule(rule)}>
              <X aria-hidden size={13} />
            </IconButton>
          </li>
        ))}
      </ul>
    </Group>
  )
}
